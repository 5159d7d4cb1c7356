"""The words we know. To teach the parser a word, add it to the row where it belongs.

Everything here is lower case. A word that is in no table is taken for a noun or a noun modifier:
the vocabulary of things is open, the vocabulary of grammar is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def _rows(text: str) -> frozenset[str]:
    return frozenset(row.strip() for row in text.split(","))


MAX_CHARACTERS = 500
"""Longer than any sensible instruction; what is longer is not parsed."""
MAX_RAW_CHARACTERS = 10_000
"""Before odd spaces and invisible characters are removed; what is longer is not even read."""

# ---- what to do: a phrase at the beginning of the sentence, by the terminal of the grammar ---

COMMANDS = MappingProxyType(
    {
        "FIND": _rows(
            "find, find me, locate, look for, look at, search for, show, show me, point at, point "
            "to, point out, detect, identify, highlight, segment, spot, select, choose, mark,"
            "where is, where are, which is, which one is, which ones are, take a look at"
        ),
        "PICK": _rows(
            "pick, pick up, pick out, grab, grab me, grasp, get, get me, take, lift, lift up,"
            "fetch, fetch me, bring, bring me, give me, hand me, hand over, pass me, pass,"
            "collect, retrieve, reach for, get hold of, i want, i need, i would like,"
            "can i have, could i have, may i have, let me have, can i get, could i get"
        ),
        "COUNT": _rows(
            "how many, count, count up, number of, the number of, what is the number of, how many "
            "of"
        ),
    }
)

OTHER_COMMANDS = _rows(
    "put, place, move, push, pull, drop, throw, stack, unstack, pour, rotate, turn, flip, slide,"
    "insert, hang, drive, navigate, follow, wipe, wash, press, sort, arrange, separate, release,"
    "swap, remove, describe, walk, point, touch"
)
"""What we cannot do, so that "push boxes" is not taken for some kind of boxes."""

THERE = _rows(
    "are there, there are, are visible, can be seen, can you see, do you see, do you count, can "
    "you count, you see, you can see, are in view, are"
)
"""How a "how many" ends."""

# ---- what is said to a robot and means nothing -----------------------------------------------

COURTESY_BEFORE = _rows(
    "please, hey, hi, hello, ok, okay, robot, dear, now, so, well, excuse me, good morning,"
    "kindly, could you, can you, would you, will you, could you maybe, would you mind to, i want "
    "you to, i need you to, i would like you to, i want to, i need to, i would like to, i hope to,"
    "you should, you need to, you must, let us, help me, help me to, help me and, try to, go, go "
    "and, go ahead and, just, quickly, carefully, tell me, your task is to, and, then, be so kind "
    "and, be a dear and, next"
)

COURTESY_AFTER = _rows(
    "please, thanks, thank you, thank you very much, thanks a lot, for me, to me, now, right now,"
    "right away, quickly, carefully, robot, will you, would you, could you, ok, okay, in the "
    "image, in the picture, in the photo, in the scene, in this image, in this picture, in the "
    "camera image, in view"
)
"""Also the words that mean "anywhere in the picture"."""

CONTRACTIONS = MappingProxyType(
    {
        "where's": "where is", "which's": "which is", "what's": "what is", "i'd": "i would",
        "i'm": "i am", "let's": "let us", "it's": "it is", "that's": "that is",
        "there's": "there is", "don't": "do not", "isn't": "is not", "aren't": "are not",
        "can't": "can not", "cannot": "can not", "doesn't": "does not", "gimme": "give me",
        "wanna": "want to", "pls": "please", "plz": "please",
    }
)  # fmt: skip

# ---- the grammar's own words -----------------------------------------------------------------

DEFINITE = _rows("the, this, that, these, those, my, our, your")
INDEFINITE = _rows("a, an")

QUANTIFIERS: Mapping[str, str | int] = MappingProxyType(
    {"all": "all", "every": "all", "each": "all", "every single": "all", "any": "any",
     "some": "any", "either": "any", "both": 2, "a couple of": 2}
)  # fmt: skip

SINGULAR_DETERMINERS = _rows("a, an, every, each, every single, either")
"""After these the noun is singular, whatever it ends in."""

NUMBERS = MappingProxyType(
    {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
     "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
     "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20}
)  # fmt: skip

OTHER_CLOSED_WORDS = _rows(
    # Relations and places
    "left, right, behind, beyond, above, below, beneath, under, underneath, over, on, onto, upon,"
    "atop, in, inside, into, within, outside, out, off, near, nearby, next, beside, besides, by,"
    "between, among, amongst, amid, around, about, across, along, against, at, from, to, towards,"
    "toward, through, via, up, down, front, back, rear, top, bottom, middle, center, centre, side,"
    "corner, edge, close, far, away, opposite, adjacent, touching, facing, foreground, background,"
    "upper, lower, here, there, where, of, for, with, without, like, as, than, per, containing,"
    "wearing, holding, together, apart, lefthand, righthand,"
    # Comparisons and order
    "larger, bigger, smaller, taller, shorter, longer, wider, closer, nearer, farther, further,"
    "older, thicker, thinner, higher, heavier, darker, brighter, more, less, most, least, very,"
    "first, second, third, fourth, fifth, sixth, last, other, others, another, same, different,"
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
    "also, too, not, so, just"
)
"""Words with a meaning that the grammar does not have yet. They are never taken for a thing."""

NOT_SUPERLATIVES = _rows("chest, nest, vest, west, test, guest, forest, harvest, crest, rest, pest")
"""They end in -est and are things."""

# ---- attributes ------------------------------------------------------------------------------

COLOURS = _rows(
    "red, green, blue, yellow, orange, purple, violet, pink, brown, black, white, gray, grey,"
    "beige, tan, cyan, magenta, turquoise, teal, navy, maroon, olive, gold, golden, silver, cream,"
    "ivory, lime, crimson, scarlet, indigo, khaki, transparent, clear, colorful, colourful,"
    "multicolored, reddish, greenish, bluish, yellowish, brownish"
)
SHADES = _rows("dark, light, bright, pale, deep, faint, shiny, matte, glossy")
FILLERS = _rows("colored, coloured, color, colour")
"""After a colour they add nothing: "the tan coloured cat"."""
SIZES = _rows(
    "big, large, huge, giant, small, little, tiny, mini, medium, tall, short, long, wide, narrow,"
    "thick, thin, flat, high, low, deep, shallow, fat, slim"
)
SHAPES = _rows(
    "round, square, rectangular, circular, cylindrical, spherical, conical, triangular, hexagonal,"
    "octagonal, oval, cubic, cubical, curved, straight, pointed"
)
MATERIALS = _rows(
    "wooden, wood, metal, metallic, plastic, glass, paper, cardboard, ceramic, leather, rubber,"
    "steel, aluminum, aluminium, porcelain, stone, fabric, cloth"
)
PATTERNS = _rows("striped, dotted, spotted, checkered, checked, plaid, floral, plain, patterned")
STATES = _rows(
    "empty, full, open, opened, closed, broken, upright, standing, lying, fallen, new, old, clean,"
    "dirty, wet, dry, ripe, fresh, hot, cold, soft, hard, heavy, half"
)
ADJECTIVES = COLOURS | SHADES | SIZES | SHAPES | MATERIALS | PATTERNS | STATES

# ---- things ----------------------------------------------------------------------------------

ANYTHING = _rows("object, objects, thing, things, one, ones, item, items, stuff, entity")
"""Heads that name no kind; they become "object"."""

ALSO_NOUNS = _rows(
    "orange, violet, olive, lime, glass, paper, gold, silver, cream, cloth, stone, wood"
)
"""Adjectives that can be the thing itself: "the orange"."""

NO_PARTICIPLES = _rows(
    "ring, earring, string, spring, painting, drawing, building, icing, clothing, wing, king,"
    "bowling, covering, sling, thing, pudding, dressing, stuffing, bearing, railing, ceiling,"
    "seed, weed, shed, sled, reed, moped, colored, coloured, shaped, sized, patterned, flavored,"
    "flavoured, handled, sided"
)
"""They end in -ing or -ed and start no clause after a noun: "a leaf shaped bowl"."""

COMPOUNDS = _rows(
    "teddy bear, hot dog, ice cream, remote control, cell phone, mobile phone, potted plant,"
    "cutting board, rolling pin, frying pan, measuring cup, washing machine, parking meter, baking "
    "tray, mixing bowl, stop sign, traffic light, fire hydrant, toilet paper, paper towel, credit "
    "card, rubber duck, rubber band, rubik's cube, light bulb, glue stick, hard drive"
)
"""Two words, one thing, where the last word alone would mislead. A "cereal box" is a box and needs
no row: its head is "box" and "cereal" an attribute."""

IRREGULAR_PLURALS = MappingProxyType(
    {"knives": "knife", "shelves": "shelf", "leaves": "leaf", "loaves": "loaf", "halves": "half",
     "wolves": "wolf", "calves": "calf", "scarves": "scarf", "people": "person", "men": "man",
     "women": "woman", "children": "child", "mice": "mouse", "feet": "foot", "teeth": "tooth",
     "geese": "goose", "dice": "die", "potatoes": "potato", "tomatoes": "tomato",
     "mangoes": "mango", "cookies": "cookie", "brownies": "brownie", "pies": "pie", "ties": "tie",
     "movies": "movie", "smoothies": "smoothie", "menus": "menu", "axes": "axe", "vases": "vase",
     "cases": "case", "suitcases": "suitcase", "purses": "purse", "hoses": "hose",
     "horses": "horse", "roses": "rose", "noses": "nose", "houses": "house", "mouses": "mouse",
     "cheeses": "cheese", "blouses": "blouse", "bases": "base", "cacti": "cactus",
     "batteries": "battery", "caches": "cache", "toothbrushes": "toothbrush", "lenses": "lens",
     "buses": "bus", "sizes": "size", "puzzles": "puzzle"}
)  # fmt: skip

SINGULAR_IN_S = _rows("gas, lens, canvas, atlas, christmas, pancreas, bias, always, news, series")
"""They end in -s and are singular (-ss, -us and -is need no row)."""

PLURAL_ONLY = _rows(
    "scissors, pliers, tongs, tweezers, headphones, earphones, earbuds, jeans, pants, trousers,"
    "shorts, sunglasses, eyeglasses, goggles, binoculars, pajamas, leggings, tights"
)
"""One thing with a plural name: "the scissors"."""

# ---- other languages -------------------------------------------------------------------------

NOT_ENGLISH = _rows(
    # French, Spanish, Italian, Portuguese
    "le, la, les, du, des, et, une, moi, dans, sur, avec, rouge, bleu, bleue, vert, verte, jaune,"
    "noir, noire, blanc, blanche, tasse, prends, donne, montre, trouve, combien, el, los, las,"
    "una, y, por, favor, dame, coge, toma, busca, encuentra, rojo, roja, azul, verde, amarillo,"
    "amarilla, taza, donde, il, lo, gli, prendi, trova, dammi, rosso, rossa, giallo, tazza, pega,"
    "pegue, vermelho, vermelha, caneca,"
    # German, Dutch
    "der, das, dem, den, ein, eine, einen, und, bitte, gib, mir, nimm, zeig, finde, suche, rote,"
    "roten, rotes, blaue, blauen, blaues, gelbe, gelben, weisse, schwarze, het, een, pak, rode,"
    "blauwe, geef, zoek, waar"
)
"""Small words and colours by which other languages written in our letters are recognised."""
