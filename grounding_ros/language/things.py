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
    "tank top, counter top, stove top, table top, teddy bear, hot dog, ice cream, remote control, "
    "cell phone, mobile phone, potted plant, cutting board, rolling pin, frying pan, measuring "
    "cup, washing machine, parking meter, baking tray, mixing bowl, stop sign, traffic light, "
    "fire hydrant, toilet paper, paper towel, credit card, rubber duck, rubber band, rubik's "
    "cube, light bulb, glue stick, hard drive"
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
    "scissors, pliers, tongs, tweezers, headphones, earphones, earbuds, jeans, pants, trousers, "
    "shorts, sunglasses, eyeglasses, goggles, binoculars, pajamas, leggings, tights"
)
"""One thing with a plural name: "the scissors"."""


GROUPS = rows(
    "group, set, pair, bunch, couple, collection, lot, number, team, herd, flock, variety, "
    "assortment, series, pack, crowd, trio, duo, gang, cluster, array, total, kind, type, sort, "
    "batch, handful"
)
"""Before "of" they mean the things themselves: "a set of keys"."""
PIECES = rows(
    "piece, slice, head, bar, loaf, roll, sheet, chunk, bit, half, portion, strip, wedge, stick, "
    "bulb, clove, scoop, stalk, ear, stem, sprig, block, brick, lump"
)
"""Before "of" and a bare noun they mean a portion: "a slice of bread" is bread."""
CONTAINERS = rows(
    "bottle, glass, cup, box, bowl, plate, can, jar, bag, basket, pot, pan, tin, tube, mug, "
    "carton, vase, crate, tray, bucket, pitcher, jug, pile, stack, heap, row, line, tower, dish, "
    "pack, tub, packet, barrel, bin, drawer, case, container, platter, saucer, canister, bouquet, "
    "spoonful"
)
"""Before "of" they hold what follows: "a bottle of wine" is a bottle."""
HOLLOW = rows(
    "drawer, fridge, refrigerator, freezer, cabinet, cupboard, sink, bin, can, microwave, oven, "
    "bathtub, tub, basin, box, bag, basket, safe, bowl, cup, mug, pot, pan, jar, toilet bowl, "
    "dishwasher, container, tin, crate, bucket, drawers, wardrobe, closet, washer, dryer, chest, "
    "garbage, trash, glass, vase, machine, tray, pocket, backpack, case, carton, garbage can, "
    "trash can"
)
"""What is put "to" them goes in, not on: "move it to the drawer"."""
CARRYING = rows("tin, box, can, carton, tray")
"""What is taken "from" them was on them, though they are hollow."""
FURNITURE = rows(
    "table, counter, countertop, counter top, desk, shelf, floor, ground, bench, nightstand, "
    "dresser, bed, sofa, couch, chair, island, workbench, sideboard"
)
"""They stand where they are: nobody puts a thing "on the table in the sink" to find it there."""
ROOMS = rows(
    "room, kitchen, bedroom, bathroom, living room, hall, garage, office, garden, yard, house, "
    "corner, middle, center, centre, back, front, left, right, lab, laboratory"
)
"""Where furniture is."""
PARTS = rows(
    "part, handle, lid, head, back, leg, wheel, side, end, corner, edge, top, bottom, front, arm, "
    "foot, hand, face, hair, tail, ear, eye, nose, mouth, neck, wing, seat, door, window, roof, "
    "rim, spout, portion, section, half, tip, base, center, middle, body, butt, fur, trunk, paw, "
    "leaf, stem, cap, label, sleeve, screen, keyboard, button, tire, headboard, backrest, rear, "
    "left, right, knob"
)
"""Before "of" they are parts of what follows."""
PEOPLE = rows(
    "person, man, woman, boy, girl, child, kid, baby, lady, guy, player, people, gentleman, dude, "
    "toddler, skier, surfer, snowboarder, skateboarder, rider, batter, catcher, umpire, pitcher, "
    "adult, teen, teenager, male, female, mother, father, mom, dad, son, daughter, wife, husband, "
    "friend, chef, cook, waiter, waitress, officer, policeman, cop, driver, cyclist, biker, "
    "pedestrian, worker, student, teacher, doctor, nurse, bride, groom, hipster, soldier, "
    "someone, somebody, anyone, fan, spectator, chick, fellow, robot, human, lad, girlfriend, "
    "catchers, referee, farmer, jockey, goalie, hitter, men, women, children, kids, individual, "
    "skater, boarder, dog, cat, horse, cow, elephant, giraffe, zebra, bear, sheep, goat, bird, "
    "animal, puppy, kitten, lamb, calf, pony, bull, duck, goose, chicken, pig, monkey, lion, "
    "tiger, seagull, polar bear, teddy bear, bunny, rabbit, skate boarder, crowd, couple, pastor, "
    "boys, girls, samurai"
)
"""What acts by itself: after these a word in -ing or -s is what they do."""
PRINTED = rows(
    "label, sticker, picture, photo, logo, writing, text, stripe, print, letter, word, number, "
    "image, digit, numeral, hole, drawing, pattern, name, sign, symbol, dot, spot, star, flower, "
    "design, brand, tag, line"
)
"""What is "on" a thing and belongs to it."""
CLOTHES = rows(
    "shirt, t-shirt, tshirt, tee, jacket, coat, dress, suit, skirt, hat, cap, helmet, glasses, "
    "sunglasses, jeans, pants, shorts, trousers, sweater, hoodie, vest, top, tie, uniform, shoe, "
    "boot, jersey, polo, sock, glove, scarf, outfit, clothing, clothes, costume, apron, gown, "
    "robe, wetsuit, overall, cardigan, blouse, tank top, sweatshirt, bikini, swimsuit, "
    "camouflage, attire, tux, tuxedo, belt, blazer, headband, visor, goggles, leggings, pajamas, "
    "ballcap, bandana, gear, plaid, stripes, stripe, denim, khakis, black, white, red, blue, "
    "green, yellow, orange, pink, purple, brown, gray, grey, tan, beige, jersey number, bathing "
    "suit, swim trunks, trunks, kimono, sari"
)
"""A person "in" these wears them."""
OPEN_AIR = rows("air, sky, water, snow, grass, field, rain, sun, shade, dark, distance, background")
KNOWN = rows(
    "alone, bedside, angle, animal, ankle, apple, apron, armchair, arrange, arrow, bagel, baker, "
    "ball, balloon, banana, band, bank, barge, barn, baseball, basketball, battle, beach, beads, "
    "beard, beast, bench, berry, bicycle, bike, blade, blank, blanket, blender, blinds, block, "
    "blocks, blond, blonde, blood, board, boards, boat, book, bookcase, border, bottle, bottoms, "
    "bracelet, brain, brake, branch, brand, brass, bread, breast, brick, bride, bridge, broccoli, "
    "brood, broom, brother, brush, buck, building, bunk, burger, burner, butter, button, cable, "
    "cake, camel, camera, candle, candy, canoe, canopy, carpet, carriage, carrot, cart, castle, "
    "catalogue, cattle, caution, ceiling, cereal, chain, chair, chalk, charger, cheek, cheese, "
    "cherry, chess, chest, chief, chili, chimney, china, chips, chocolate, choice, chopsticks, "
    "church, cigar, cinnamon, circle, clamp, class, clay, cleaner, cleat, cliff, clip, clock, "
    "clothes, cloud, clover, clown, coach, coaster, coffee, coin, collar, comb, comic, computer, "
    "cone, controller, cookie, cooler, coral, cord, cork, corn, cotton, couch, counter, counters, "
    "couple, court, cover, crack, cracker, craft, crane, cream, creek, crib, cricket, crocodile, "
    "crop, cross, crow, crown, crust, cube, cucumber, curb, curtain, cushion, cylinder, dancer, "
    "dart, dearest, desert, desk, dessert, device, diamond, diaper, dinner, dinosaur, disc, disk, "
    "display, dollar, dolphin, donut, door, dough, doughnut, dragon, drawer, dresser, drill, "
    "drink, driver, drone, drum, dryer, duck, dumbbell, eagle, earth, easel, eggplant, elbow, "
    "engine, enter, envelope, eraser, event, fabric, fairy, family, farm, faucet, feather, "
    "fellow, fence, fender, ferry, fiber, field, fight, figure, filter, finger, fire, fireplace, "
    "fish, flag, flame, flask, flight, floor, flour, flower, flute, foil, food, forest, fork, "
    "fountain, frame, freezer, fridge, fries, frog, fruit, fuel, funnel, game, garage, garden, "
    "garlic, gate, gear, ghost, ginger, glaze, globe, goal, gown, grain, grape, grapes, graph, "
    "grass, grater, greed, greet, grill, grocery, groom, ground, grown, guard, guest, guitar, "
    "hammer, hamster, harness, heart, heater, hedge, herbs, hill, hinge, hippo, hockey, honey, "
    "hood, hook, horn, hotel, house, human, hydrant, iceberg, icon, infant, inlet, insect, "
    "insider, iron, island, jacket, jello, jelly, jewel, juice, kettle, keyboard, kitchen, kite, "
    "kiwi, knee, knob, koala, label, lace, ladder, ladle, lamp, laptop, later, lawn, leash, "
    "leather, lemon, lemonade, lettuce, lever, lighter, lipstick, liquid, lizard, lobster, lock, "
    "lotion, lounge, luggage, lunch, lure, magazine, magnet, mango, maple, marble, marker, "
    "market, mask, match, meal, meat, medal, melon, meter, metro, might, milk, mirror, mixer, "
    "model, money, moped, motor, motorcycle, mount, mountain, mouse, muffin, mushroom, music, "
    "mustard, nail, napkin, necklace, needle, nest, newspaper, night, noodle, notebook, number, "
    "nut, ocean, office, olive, onion, opener, orchid, ottoman, outlet, oven, owl, paddle, paint, "
    "palace, palm, pancake, panda, panel, pants, paper, parking, parrot, party, pasta, paste, "
    "path, patio, pattern, peach, peanut, pear, pearl, pedal, pencil, penguin, people, pepper, "
    "phone, photo, piano, pickle, picnic, picture, pigeon, pillar, pillow, pipe, pitcher, pizza, "
    "place, plane, plank, plant, plants, plate, plates, plaza, plug, plum, point, polar, pole, "
    "pond, pony, popcorn, porch, post, poster, potato, powder, power, print, printer, prints, "
    "prize, pumpkin, puppet, puppy, purse, puzzle, queen, quilt, radio, radish, rail, ramp, "
    "ranch, razor, recliner, remote, resort, ribbon, rice, riddle, rider, rifle, river, road, "
    "robe, rock, rocket, roof, room, rope, rose, ruler, runner, saddle, salad, salmon, salt, "
    "sand, sandal, sandwich, sauce, saucer, sausage, scale, scarf, scene, school, scoop, scooter, "
    "score, screw, screwdriver, sculpture, seafood, seal, shade, shampoo, shape, shark, sharp, "
    "sheep, sheet, shelf, shell, shelter, shield, ship, shirt, shoe, shop, shore, shorts, shot, "
    "shoulder, shovel, shower, shrimp, shrub, shutter, sight, sign, signal, silk, silo, sink, "
    "skate, skateboard, skeleton, sketch, skier, skies, skirt, skull, sled, sleek, sleeve, slice, "
    "slide, slipper, sliver, slope, slower, smell, snack, snail, snake, snow, snowboard, soap, "
    "soccer, socket, sofa, soil, soldier, sort, soup, space, spade, spark, speaker, spear, "
    "sphere, spice, spider, spinach, spoken, sponge, spoon, spore, sport, spout, spray, spring, "
    "squash, squire, squirrel, stable, stack, stadium, staff, stage, stain, stair, stairs, stake, "
    "stall, stamp, stand, stapler, star, starfish, statue, steak, steam, steel, stem, steps, "
    "stereo, stern, stick, sticker, stock, stone, stool, store, stork, storm, stove, strap, "
    "straw, strawberry, stream, street, string, strip, stripe, stroller, stump, sugar, suitcase, "
    "surface, surfboard, sushi, swan, sweater, sword, syrup, table, tablet, tail, tank, tape, "
    "target, tarp, teapot, tennis, tent, thermos, thread, throne, thumb, ticket, tiger, tile, "
    "timer, tire, tissue, toast, toaster, toilet, tomato, tongue, tools, tooth, torch, tortoise, "
    "towel, tower, track, tractor, trail, trailer, train, trash, treat, tree, triangle, tripod, "
    "trophy, truck, trunk, trunks, tulip, tuna, turkey, turtle, udder, umbrella, uniform, "
    "utensil, vacuum, valve, vegetable, vehicle, violin, waffle, wagon, waist, wallet, walnut, "
    "watch, water, weeds, whale, wheat, wheel, wheelchair, whisk, whistle, window, wine, wire, "
    "woman, wood, wool, wrench, wrist, yacht, yogurt, yonder, zebra"
)
"""Common nouns, so that they are not taken for slips of the grammar's words."""
