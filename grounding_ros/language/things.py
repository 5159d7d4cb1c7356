"""Nouns that the parser must know something about. All other nouns need no row."""

from __future__ import annotations

from types import MappingProxyType

from grounding_ros.language.tables import rows

ANYTHING = rows("object, objects, thing, things, one, ones, item, items, stuff, entity")
"""Heads that name no kind; they become "object"."""

ALSO_NOUNS = rows(
    "orange, violet, olive, lime, glass, paper, gold, silver, cream, cloth, stone, wood"
)
"""Adjectives that can be the thing itself: "the orange"."""

COMPOUNDS = rows(
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

SINGULAR_IN_S = rows("gas, lens, canvas, atlas, christmas, pancreas, bias, always, news, series")
"""They end in -s and are singular (-ss, -us and -is need no row)."""

PLURAL_ONLY = rows(
    "scissors, pliers, tongs, tweezers, headphones, earphones, earbuds, jeans, pants, trousers,"
    "shorts, sunglasses, eyeglasses, goggles, binoculars, pajamas, leggings, tights"
)
"""One thing with a plural name: "the scissors"."""


GROUPS = rows(
    "group, set, pair, bunch, couple, collection, lot, number, team, herd, flock, variety,"
    "assortment, series, pack, crowd, trio, duo, gang, cluster, array, total, kind, type, sort,"
    "batch, handful"
)
"""Before "of" they mean the things themselves: "a set of keys"."""
PIECES = rows(
    "piece, slice, head, bar, loaf, roll, sheet, chunk, bit, half, portion, strip, wedge, stick,"
    "bulb, clove, scoop, stalk, ear, stem, sprig, block, brick, lump"
)
"""Before "of" and a bare noun they mean a portion: "a slice of bread" is bread."""
CONTAINERS = rows(
    "bottle, glass, cup, box, bowl, plate, can, jar, bag, basket, pot, pan, tin, tube, mug, carton,"
    "vase, crate, tray, bucket, pitcher, jug, pile, stack, heap, row, line, tower, dish, pack, tub,"
    "packet, barrel, bin, drawer, case, container, platter, saucer, canister, bouquet, spoonful"
)
"""Before "of" they hold what follows: "a bottle of wine" is a bottle."""
HOLLOW = rows(
    "drawer, fridge, refrigerator, freezer, cabinet, cupboard, sink, bin, can, microwave, oven,"
    "bathtub, tub, basin, box, bag, basket, safe, bowl, cup, mug, pot, pan, jar, toilet bowl,"
    "dishwasher, container, tin, crate, bucket, drawers, wardrobe, closet, washer, dryer, chest,"
    "garbage, trash, glass, vase, machine, tray, pocket, backpack, case, carton, garbage can,"
    "trash can"
)
"""What is put "to" them goes in, not on: "move it to the drawer"."""
PARTS = rows(
    "part, handle, lid, head, back, leg, wheel, side, end, corner, edge, top, bottom, front, arm, foot,"
    "hand, face, hair, tail, ear, eye, nose, mouth, neck, wing, seat, door, window, roof, rim, spout,"
    "portion, section, half, tip, base, center, middle, body, butt, fur, trunk, paw, leaf, stem, cap,"
    "label, sleeve, screen, keyboard, button, foot, tire, headboard, backrest, rear, left, right, knob"
)
"""Before "of" they are parts of what follows."""
PEOPLE = rows(
    "person, man, woman, boy, girl, child, kid, baby, lady, guy, player, people, gentleman, dude,"
    "toddler, skier, surfer, snowboarder, skateboarder, rider, batter, catcher, umpire, pitcher,"
    "adult, teen, teenager, male, female, mother, father, mom, dad, son, daughter, wife, husband,"
    "friend, chef, cook, waiter, waitress, officer, policeman, cop, driver, cyclist, biker,"
    "pedestrian, worker, student, teacher, doctor, nurse, bride, groom, hipster, soldier, someone,"
    "somebody, anyone, player, fan, spectator, chick, fellow, robot, human, lad, girlfriend, wife,"
    "catchers, referee, farmer, jockey, goalie, hitter, men, women, children, kids, individual, skater,"
    "boarder, dog, cat, horse, cow, elephant, giraffe, zebra, bear, sheep, goat, bird, animal, puppy,"
    "kitten, lamb, calf, pony, bull, duck, goose, chicken, pig, monkey, lion, tiger, seagull, polar"
    " bear, teddy bear, bunny, rabbit, skate boarder, crowd, couple, pastor, boys, girls, samurai"
)
"""What acts by itself: after these a word in -ing or -s is what they do."""
CLOTHES = rows(
    "shirt, t-shirt, tshirt, tee, jacket, coat, dress, suit, skirt, hat, cap, helmet, glasses,"
    "sunglasses, jeans, pants, shorts, trousers, sweater, hoodie, vest, top, tie, uniform, shoe, boot,"
    "jersey, polo, sock, glove, scarf, outfit, clothing, clothes, costume, apron, gown, robe, wetsuit,"
    "overall, cardigan, blouse, tank top, sweatshirt, bikini, swimsuit, camouflage, attire, tux,"
    "tuxedo, belt, blazer, headband, visor, goggles, leggings, pajamas, ballcap, bandana, gear,"
    "plaid, stripes, stripe, denim, khakis, black, white, red, blue, green, yellow, orange, pink, purple,"
    "brown, gray, grey, tan, beige, jersey number, bathing suit, swim trunks, trunks, kimono, sari"
)
"""A person "in" these wears them."""
OPEN_AIR = rows("air, sky, water, snow, grass, field, rain, sun, shade, dark, distance, background")
