"""The words we know. To teach the parser a word, add it to the row where it belongs.

Everything here is lower case. A word that is in no table is taken for a noun or a noun modifier:
the vocabulary of things is open, the vocabulary of grammar is closed.
"""

from __future__ import annotations

from types import MappingProxyType

from grounding_ros.language.tables import Table, rows

MAX_CHARACTERS = 500
"""Longer than any sensible instruction; what is longer is not parsed."""
MAX_RAW_CHARACTERS = 10_000
"""Before odd spaces and invisible characters are removed; what is longer is not even read."""

CONTRACTIONS = MappingProxyType(
    {
        "where's": "where is", "which's": "which is", "what's": "what is", "i'd": "i would",
        "i'm": "i am", "let's": "let us", "it's": "it is", "there's": "there is",
        "don't": "do not", "isn't": "is not", "aren't": "are not", "wasn't": "was not",
        "weren't": "were not", "can't": "can not", "cannot": "can not", "doesn't": "does not",
        "didn't": "did not", "hasn't": "has not", "haven't": "have not", "gimme": "give me",
        "wanna": "want to", "pls": "please", "plz": "please",
    }
)  # fmt: skip
"""Words that stand for several."""
WITHOUT_APOSTROPHE = MappingProxyType(
    {
        row.replace("'", ""): row
        for row in rows(
            "that's, who's, what's, where's, there's, isn't, aren't, wasn't, weren't, don't, "
            "can't, doesn't, didn't, hasn't, haven't, i'm"
        )
    }
)
RUN_TOGETHER = MappingProxyType(
    {
        row.replace(" ", ""): row
        for row in rows("in front, in between, on top, at least, at most, next to, in side of")
    }
)
"""Words that people write as one."""
WRITTEN_APART = rows("upside down, face down, face up, inside out")
"""Properties of two words, read as one: "upside-down"."""
SOUNDS = rows("uh, uhm, um, umm, erm, er, hm, hmm, ehm")
"""They mean nothing, wherever they are."""
SLIPS = MappingProxyType(
    {
        "teh": "the", "hte": "the", "adn": "and", "wiht": "with", "wtih": "with", "rihgt": "right",
        "sandwhich": "sandwich", "sandwitch": "sandwich", "scissers": "scissors",
        "bottel": "bottle", "bannana": "banana", "umberella": "umbrella", "girafe": "giraffe",
    }
)  # fmt: skip
"""Frequent slips, where no rule would find the one word that is meant."""

# ---- the grammar's own words -----------------------------------------------------------------

DEFINITE = rows("the, this, that, these, those, my, our, your, his, her, its, their, it's")
POSSESSIVES = rows("my, our, your, his, her, its, their, it's")
INDEFINITE = rows("a, an, another")
PRONOUNS = rows(
    "it, him, her, them, himself, herself, itself, themselves, each other, one another, me, us, "
    "you, they, he, she, i, we"
)
"""They stand for what was named before, or for who speaks."""

QUANTIFIERS: Table[tuple[str | int, str]] = Table.of(
    {"all": ("all", "exactly"), "all of": ("all", "exactly"), "every": ("all", "exactly"),
     "each": ("all", "exactly"), "each of": ("all", "exactly"), "every one of": ("all", "exactly"),
     "each one of": ("all", "exactly"), "every single": ("all", "exactly"),
     "each and every": ("all", "exactly"), "any": ("any", "exactly"), "any of": ("any", "exactly"),
     "any one of": ("any", "exactly"), "some": ("any", "exactly"), "some of": ("any", "exactly"),
     "either": ("any", "exactly"), "either of": ("any", "exactly"), "one of": ("any", "exactly"),
     "whichever": ("any", "exactly"), "both": (2, "exactly"), "both of": (2, "exactly"),
     "a couple of": (2, "exactly"), "a couple": (2, "exactly"), "a dozen": (12, "exactly"),
     "half a dozen": (6, "exactly"), "none of": (0, "exactly"), "no": (0, "exactly"),
     "several": (2, "at_least"), "several of": (2, "at_least"), "a few": (2, "at_least"),
     "a few of": (2, "at_least"), "few": (2, "at_least"), "many": (2, "at_least"),
     "many of": (2, "at_least"), "multiple": (2, "at_least"), "numerous": (2, "at_least"),
     "more than one": (2, "at_least"), "a single": (1, "exactly"), "lots of": (2, "at_least"),
     "a lot of": (2, "at_least"), "not a single": (0, "exactly"), "not any": (0, "exactly"),
     "neither of": (0, "exactly")}
)  # fmt: skip
"""Words to number and bound."""

BOUNDS: Table[tuple[str, int]] = Table.of(
    {"at least": ("at_least", 0), "no less than": ("at_least", 0),
     "no fewer than": ("at_least", 0), "a minimum of": ("at_least", 0), "minimum": ("at_least", 0),
     "at most": ("at_most", 0), "no more than": ("at_most", 0), "up to": ("at_most", 0),
     "a maximum of": ("at_most", 0), "not more than": ("at_most", 0), 
     "more than": ("at_least", 1), "over": ("at_least", 1), "fewer than": ("at_most", -1),
     "less than": ("at_most", -1), "exactly": ("exactly", 0), "only": ("exactly", 0),
     "just": ("exactly", 0), "precisely": ("exactly", 0)}
)  # fmt: skip
"""Words before a number to its bound, and what is added to the number."""

ORDINALS = MappingProxyType(
    {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
     "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "1st": 1,
     "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "6th": 6, "7th": 7, "8th": 8, "9th": 9, "10th": 10,
     "last": -1, "penultimate": -2}
)  # fmt: skip

FROM_LAST = Table.of(
    {"second last": -2, "second to last": -2, "second from last": -2, "next to last": -2,
     "last but one": -2, "third last": -3, "third to last": -3, "third from last": -3}
)  # fmt: skip
"""Places counted from the end."""
SINGULAR_DETERMINERS = rows("a, an, another, every, each, every single, either")
"""After these the noun is singular, whatever it ends in."""

NUMBERS = MappingProxyType(
    {"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
     "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
     "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20}
)  # fmt: skip

OTHER_CLOSED_WORDS = rows(
    # Relations and places
    "left, right, behind, beyond, above, below, beneath, under, underneath, over, on, onto, upon,"
    "atop, in, inside, into, within, outside, out, off, near, nearby, next, beside, besides, by,"
    "between, among, amongst, amid, around, about, across, along, against, at, from, to, towards,"
    "toward, through, via, up, down, front, back, rear, top, bottom, middle, center, centre,"
    "close, far, away, opposite, adjacent, touching, facing, foreground, background,"
    "upper, lower, here, there, where, of, for, with, without, like, as, than, per, containing,"
    "wearing, holding, together, apart, lefthand, righthand,"
    # Comparisons and order
    "larger, bigger, smaller, taller, shorter, longer, wider, closer, nearer, farther, further,"
    "older, thicker, thinner, higher, heavier, darker, brighter, more, less, most, least, very,"
    "first, second, third, fourth, fifth, sixth, last, other, others, another,"
    "only, remaining, rest,"
    "few, several, many, much, enough,"
    # Negation and the like
    "no, not, never, none, neither, nor, except, excluding, zero, but,"
    # Pronouns
    "i, me, you, he, him, his, she, her, hers, it, its, we, us, they, them, their, who, whom,"
    "whose, which, what, something, anything, everything, nothing, someone, anyone, everyone,"
    "mine, yours,"
    # Verbs of grammar
    "is, are, was, were, be, been, being, am, do, does, did, has, have, had, having, will, would,"
    "could, should, shall, may, might, must, there, put, how, why, when, while, because, if, then,"
    "also, too, not, so, just, onto, nobody, anybody, somebody, during, until, past, after,"
    "that's, who's, what's, there's, here's, since, whether, whichever, whoever, amidst, w/, w/o,"
    "alongside, whatever"
)
"""Words of the grammar. They are never taken for a thing."""

NOT_SUPERLATIVES = rows("chest, nest, vest, west, test, guest, forest, harvest, crest, rest, pest")
"""They end in -est and are things."""

# ---- attributes ------------------------------------------------------------------------------

COLOURS = rows(
    "red, green, blue, yellow, orange, purple, violet, pink, brown, black, white, gray, grey, "
    "beige, tan, cyan, magenta, turquoise, teal, navy, maroon, olive, gold, golden, silver, "
    "cream, ivory, lime, crimson, scarlet, indigo, khaki, transparent, clear, colorful, "
    "colourful, multicolored, reddish, greenish, bluish, yellowish, brownish"
)
SHADES = rows("dark, light, bright, pale, deep, faint, shiny, matte, glossy")
FILLERS = rows("colored, coloured, color, colour")
"""After a colour they add nothing: "the tan coloured cat"."""
SIZES = rows(
    "big, large, huge, giant, small, little, tiny, mini, medium, tall, short, long, wide, narrow, "
    "thick, thin, flat, high, low, deep, shallow, fat, slim"
)
SHAPES = rows(
    "round, square, rectangular, circular, cylindrical, spherical, conical, triangular, "
    "hexagonal, octagonal, oval, cubic, cubical, curved, straight, pointed"
)
MATERIALS = rows(
    "wooden, wood, metal, metallic, plastic, glass, paper, cardboard, ceramic, leather, rubber, "
    "steel, aluminum, aluminium, porcelain, stone, fabric, cloth"
)
PATTERNS = rows("striped, dotted, spotted, checkered, checked, plaid, floral, plain, patterned")
STATES = rows(
    "visible, hidden, alone, asleep, awake, bald, blond, blonde, blurry, furry, hairy, fluffy, "
    "young, mature, elderly, antique, modern, fancy, rusty, messy, tidy, raw, peeled, vacant, "
    "occupied, unoccupied, shiny, available, present, edible, cooked, sliced, chubby, rotten, "
    "lit, upside-down, face-down, face-up, inside-out, crumpled, loose, thick, curly, wavy, "
    "sharp, smooth, rough, ajar, off-white, tilted, empty, full, open, opened, closed, broken, "
    "upright, standing, lying, fallen, new, old, clean, dirty, wet, dry, ripe, fresh, hot, cold, "
    "soft, hard, heavy, half"
)
ADJECTIVES = COLOURS | SHADES | SIZES | SHAPES | MATERIALS | PATTERNS | STATES

# ---- other languages -------------------------------------------------------------------------

NOT_ENGLISH = rows(
    # French, Spanish, Italian, Portuguese
    "le, la, les, du, des, et, une, moi, dans, sur, avec, rouge, bleu, bleue, vert, verte, jaune,"
    "noir, noire, blanc, blanche, tasse, prends, donne, montre, trouve, combien, el, los, las,"
    "una, y, por, dame, coge, toma, busca, encuentra, rojo, roja, azul, verde, amarillo,"
    "amarilla, taza, donde, il, lo, gli, prendi, trova, dammi, rosso, rossa, giallo, tazza, pega,"
    "pegue, vermelho, vermelha, caneca,"
    # German, Dutch
    "der, das, dem, den, ein, eine, einen, und, bitte, gib, mir, nimm, zeig, finde, suche, rote,"
    "roten, rotes, blaue, blauen, blaues, gelbe, gelben, weisse, schwarze, het, een, pak, rode,"
    "blauwe, geef, zoek, waar"
)
"""Small words and colours by which other languages written in our letters are recognised."""
