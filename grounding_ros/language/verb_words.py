"""The verbs that say what a thing does or has done to it."""

from __future__ import annotations

from grounding_ros.language.tables import rows

POSTURES = rows(
    "standing, sitting, lying, laying, resting, placed, located, situated, positioned, seated, "
    "parked, sat, set, perched, stood, kept, found, put, sits, stands, lies, lays, rests, sit, "
    "stand, lie, rest, residing, being, stored, displayed, leaning, hanging, hung, hangs, "
    "stationed, arranged, propped, balanced, balancing, piled, stacked, remaining, staying, "
    "floating, crouching, kneeling, squatting, waiting, visible, shown, seen, sleeping, grazing, "
    "walking, running, there, planted, pictured, kneels, is, are, was, appearing, left, lined up, "
    "nested, tucked, installed, laid, sited, growing, depicted, grouped, dropped, served"
)
"""Before a relation these add nothing that tells things apart: "the cup standing on the tray"."""
SILENT_POSTURES = POSTURES - rows("walking, running, sleeping, grazing, floating")

VERBS = rows(
    "beat, float, adjust, massage, fall, slide, pray, dive, peak, heat, curl, circle, round, "
    "hold, wear, carry, ride, eat, play, look, watch, touch, face, use, read, drink, feed, walk, "
    "run, stand, sit, lie, lay, lean, hang, sleep, graze, kneel, crouch, squat, jump, fly, swing, "
    "throw, catch, hit, kick, pull, push, drive, park, point, reach, cut, slice, serve, pour, "
    "brush, comb, bite, chew, lick, kiss, hug, pet, grab, lift, pick, put, take, give, bring, "
    "move, open, close, cover, contain, surround, block, hide, show, display, support, enclose, "
    "fill, overlap, cross, approach, follow, chase, pass, leave, enter, board, talk, speak, text, "
    "call, type, write, draw, paint, work, cook, bake, wash, clean, dry, smile, laugh, cry, "
    "stare, gaze, glance, smell, sniff, skate, ski, surf, snowboard, skateboard, bat, pitch, "
    "bowl, golf, swim, climb, dance, sing, pose, wait, rest, relax, dress, bend, stretch, raise, "
    "lower, extend, turn, twist, tilt, drag, load, tie, wrap, decorate, mount, attach, connect, "
    "join, adjoin, border, inspect, examine, prepare, make, roll, stack, pile, fold, hover, sail, "
    "row, land, sip, smoke, blow, compete, practice, perform, celebrate, help, teach, race, herd, "
    "guide, lead, milk, shear, fight, battle, wrestle, share, enjoy, finish, begin, start, try, "
    "get, go, come, say, tell, think, want, need, seem, appear, belong, include, consist, "
    "represent, depict, sport, peek, peer, poke, stick, emerge, dip, soak, shine, glow, light, "
    "burn, melt, drip, spill, break, wave, shake, clap, cheer, rub, scratch, tap, press, squeeze, "
    "grip, clutch, balance, steer, see, model, sell, buy, check, study, observe, capture, film, "
    "photograph, record, grow, bloom, travel, head, arrive, depart, stop, nap, doze, hunch, "
    "huddle, gather, crowd, line, skie, match, resemble, place, set, wheel, straddle, nuzzle, "
    "groom, nurse, suckle, shave, trim"
)
"""Base forms; the other forms are made by rule or by the table below."""

PARTICIPLES = {
    "hold": "held", "wear": "worn", "ride": "ridden", "eat": "eaten", "read": "read",
    "drink": "drunk", "feed": "fed", "throw": "thrown", "catch": "caught", "hit": "hit",
    "drive": "driven", "cut": "cut", "bite": "bitten", "put": "put", "take": "taken",
    "give": "given", "bring": "brought", "hide": "hidden", "show": "shown", "leave": "left",
    "write": "written", "draw": "drawn", "lead": "led", "make": "made", "blow": "blown",
    "break": "broken", "hang": "hung", "stick": "stuck", "bend": "bent", "tie": "tied",
    "lay": "laid", "sit": "sat", "stand": "stood", "teach": "taught", "sell": "sold",
    "see": "seen", "spill": "spilled", "light": "lit", "grow": "grown", "swing": "swung",
    "fly": "flown", "shear": "shorn", "set": "set", "lie": "lain", "run": "run",
}  # fmt: skip
DOUBLED = rows(
    "sit, hit, cut, put, get, run, swim, bat, stop, pet, hug, grab, drag, pat, clap, tap, rub, "
    "dip, drip, sip, nap, wrap, set, skip, chop, trim, step, begin, grip, peg, jog, chat, row"
) - {"row"}
"""They double their last letter: "sitting"."""

INTRANSITIVE = rows(
    "standing, sitting, lying, walking, running, sleeping, grazing, smiling, jumping, flying, "
    "laying, kneeling, crouching, swimming, floating, skiing, surfing, hanging, leaning, resting, "
    "dancing, laughing, growing, burning, shining, glowing, waiting, posing, squatting, parking, "
    "relaxing, melting, dripping, playing, baking, cooking, washing, drying, cutting, measuring, "
    "writing, rolling, serving, drinking, driving, fighting, racing, flowering, working"
)
"""Before a noun these are adjectives: "standing zebra"."""

VERB_PREPOSITIONS = rows(
    "at, to, for, with, about, of, through, up to, down to, out of, up at, down at, out at, off, "
    "back at, up with, into, away from, over to, down on, toward, towards, from"
)
"""After a verb these belong to it: "looking at the camera"."""
PARTICLES = rows(
    "up, down, out, away, back, together, alone, straight, off, around, forward, over, ahead, "
    "left, right, backwards, forwards, outside, inside, along, through, by, in, on, upright, "
    "still, apart, sideways, downward, upward, downwards, upwards, front, towards, home"
)
"""After a verb without an object: "looking up"."""
ADVERBS = rows(
    "very, quite, really, rather, almost, partially, partly, slightly, mostly, completely, fully, "
    "unusually, barely, nearly, extremely, so, too, pretty, just, only, still, also, currently, "
    "mainly, somewhat, more, most, less, badly, well, all, already, now, happily, both, clearly, "
    "kind of, quietly, newly, freshly, neatly, brightly, lightly, heavily, darkly, about to, "
    "getting ready to, trying to, ready to, preparing to, beginning to, starting to, going to, "
    "attempting to, here, there, probably, actually, entirely, totally, basically, perfectly, "
    "even, practically, primarily, closely, highly, definitely"
)
"""They change nothing that we judge."""

NOT_VERBS = rows(
    "ring, earring, string, spring, painting, drawing, building, icing, clothing, wing, king, "
    "bowling, sling, thing, pudding, dressing, stuffing, bearing, railing, ceiling, wedding, "
    "seed, weed, shed, sled, reed, moped, colored, coloured, shaped, sized, patterned, flavored, "
    "flavoured, handled, sided, morning, evening, something, anything, everything, nothing, bed, "
    "red, bread, hundred, topping, frosting, dumpling, duckling, seedling, inkling, crossing, "
    "awning, viking, bring, swing, beijing, pig, legged, haired, headed, eyed, faced, nosed, "
    "dining, living, parking, steering, rolling, frying, mixing, cutting, measuring, washing, "
    "shopping, swimming, bedding, plumbing, siding, flooring, covering, opening, ending, wiring, "
    "lighting, stocking, reading light, lightning, kid, toed, armed, bearded, tailed, collared, "
    "sleeved, shirted, skinned, necked, lining, stringed, hooded, striped, checkered, spotted, "
    "dotted, wooded, eared, winged, hearing, wheeled, edged, tipped, topped, leafed, leaved, "
    "lidded, petaled, footed, haried, peeling, being"
)
"""They end in -ing or -ed and start no clause after a noun: "a leaf shaped bowl"."""
