"""What a sentence wants: the verbs and questions at its beginning, and politeness around it."""

from __future__ import annotations

from grounding_ros.language.tables import Table, rows

COMMANDS = Table.grouped(
    {
        "find": "find, find me, locate, look for, look at, search for, show, show me, point at, "
        "point to, point out, detect, identify, highlight, segment, spot, select, choose, mark, "
        "take a look at, examine, inspect, view, watch, observe, check, see, track, focus on, "
        "notice, consider, turn, switch, turn on, turn off, switch on, switch off, look under, "
        "outline, touch, open, close, let me see, have a look at, "
        "press, ground, indicate, specify, name, click on, click, tap, gaze at, stare at, attend "
        "to, look closely at, where is, where are, i am looking for, i look for, here is, box in, "
        "circle",
        "pick": "pick, pick up, pick out, grab, grab me, grasp, get, get me, take, lift, lift up, "
        "fetch, fetch me, give me, hand me, hand over, pass me, pass, hold, clutch, raise, seize, "
        "collect, retrieve, reach for, get hold of, take hold of, i want, i need, i would like, i "
        "am after, can i have, could i have, may i have, let me have, can i get, could i get, may "
        "i get, remove, take out, pull out, go get, go get me, go grab, go pick up, go fetch, i "
        "want to have, have, i'll have, we need, acquire, obtain, i would love, i could use, "
        "pluck, snatch, hand, carry, bring, bring me, bring over, take away, gather, gather up, "
        "collect up, clean up, pick me",
        "place": "put, place, move, set, set down, put down, drop, drop off, throw, throw out, "
        "throw away, toss, transfer, store, insert, stack, lay, lay down, leave, deliver, return, "
        "arrange, organize, slide, hang, hang up, put away, put back, stick, relocate, position, "
        "deposit, rest, discard, dispose of, shift, stow, load, give, place down, dump, "
        "transport, serve, plop, align, fit, balance, nest, tidy, tuck, bin, line up, set up, "
        "keep, send, stash, get rid of, trash, sort, replace, reposition, release, roll, push, "
        "pull, shove, drag, nudge, lean, prop, pour, tip, spill, squeeze, wedge",
        "approach": "navigate to, go to, walk to, move to, head to, drive to, go over to, walk "
        "over to, head over to, drive over to, move over to, go up to, walk up to, drive up to, "
        "go back to, walk back to, come to, come over to, travel to, run to, approach, walk "
        "toward, walk towards, go toward, go towards, drive toward, drive towards",
        "change": "rinse, rinse off, heat, heat up, cool, cool down, clean, wash, wash off, "
        "slice, slice up, cut, cut up, chop, chop up, chill, cook, microwave, warm, warm up, "
        "refrigerate, freeze, wipe, wipe off, dry, peel, cool off, bake, boil, soak, fill, empty, "
        "nuke, scrub, toast, fry, use",
    }
)
"""Verbs of commands. "approach" goes to a thing, "change" does something to it before it is put
somewhere."""

THEN = rows(
    "and, then, next, in order to, to, after, before, after that, so that, plus, and to, as well "
    "as, and next, once, and also, then to, to be, and after that, once you"
) | frozenset({",", ".", ";"})
"""Between two commands of one sentence."""

PARTICLES = rows("up, down, back, away, over, out, off, again, together, across, in, on")
"""What a verb may have after its object: "put it back in"."""

OTHER_COMMANDS = rows(
    "unstack, rotate, flip, navigate, follow, swap, walk, drive, separate, "
    "stop, wait, go, jump, speak, say, sing, dance"
)
"""What we cannot do, so that "flip boxes" is not taken for some kind of boxes."""

COUNTS = rows(
    "how many, count, count up, count all, number of, the number of, what is the number of, how "
    "many of, what is the count of, tell me the number of, give me the number of, what is the "
    "total number of, how many different, what number of, the amount of, determine the number of, "
    "how much"
)
THERE = rows(
    "are there, there are, is there, there is, are visible, can be seen, can you see, do you see, "
    "do you count, can you count, did you find, did you see, you see, you can see, are in view, "
    "are, is, do we have, do i have, have we got, can i see, can we see, do you have, exist, are "
    "present, were there, could you see"
)
"""How a "how many" goes on."""
EXISTS = rows(
    "is there, are there, do you see, can you see, can you find, do we have, is there any, there "
    "is, there are, there was, there were, there exists, there exist, i see, i can see, we have, "
    "was there, were there, have we got, there is only, there are only"
)
"""How a question or claim starts that there is such a thing at all."""
DESCRIBE = rows(
    "describe, tell me about, explain, summarize, talk about, give me a description of, give a "
    "description of, say something about, describe to me, what about"
)
WHAT = rows(
    "what is, what are, what objects are, what things are, what object is, what thing is, what "
    "items are, what kinds of things are, which objects are, which things are, which items are, "
    "what lies, what stands, what sits, what else is, what all is, what was, name what is, name "
    "everything, list what is, tell me what is, tell me what is there, list everything, list "
    "everything that is, list all objects, list the objects, list, what do we have, what can be "
    "seen, what can you see, what do you see, what have we got, enumerate, what is there, what "
    "items do you see, what objects do you see, what things do you see, what kind of objects are, "
    "what is located, what is lying, what is standing, what object can you see, what can i find, "
    "what can i see, what do i see, which object is, which thing is, which item is, name the "
    "objects, show me what is"
)
WHAT_PROPERTY = rows(
    "what color is, what colour is, what shape is, what size is, what kind of, what is the color "
    "of, what is the colour of, what type of, how big is, how large is, how tall is, what color "
    "are, what colour are, what is the shape of, what is the size of, what material is, what "
    "brand is"
)
SCENE = rows(
    "scene, the scene, the table, table, everything, the picture, the image, what you see, the "
    "photo, the view, the room, picture, image, it all, the whole scene, this scene, this "
    "picture, this image, your surroundings, the surroundings, the environment, what is there, "
    "what is in front of you, what you can see, what is here, the objects"
)

COURTESY_BEFORE = rows(
    "would you mind, do you mind, would you be able to, could you possibly, are you able to, do "
    "you know, can you tell me, could you tell me, i want to know, i wonder, turn around, look "
    "around, come here, come over here, come over, i think it's, i think it is, i mean, please, "
    "hey, hi, hello, ok, okay, robot, dear, now, so, well, excuse me, good morning, kindly, could "
    "you, can you, would you, will you, could you maybe, would you mind to, i want you to, i need "
    "you to, i would like you to, i want to, i need to, i would like to, i hope to, you should, "
    "you need to, you must, let us, help me, help me to, help me and, try to, go, go and, go "
    "ahead and, just, quickly, carefully, tell me, your task is to, and, then, be so kind and, be "
    "a dear and, next, hey there, hi there, first, the task is to, your job is to, i wish to, we "
    "need to, in order to, may i ask you to, could you please, can you please, you are to, "
    "alright, right, thanks, thank you, sure, yes, no problem, oh, um, uh, er, hmm, robot arm, "
    "dear robot, mister robot, my friend, buddy, i ask you to, if you can, if possible, if you "
    "please, do me a favor and, do me a favour and, make sure to, be careful and, gently, slowly, "
    "to, i am going to, i will, proceed to, the instruction is to, instruction, task, would you "
    "be so kind as to, would it be possible to, is it possible to, i was wondering if you could, "
    "do you think you could, i would appreciate if you could, would you kindly, would you please, "
    "do, do please, afterwards, after that, finally, also, i want, lets"
) - {"i want", "do", "instruction", "task", "right"}
COURTESY_AFTER = rows(
    "please, thanks, thank you, thank you very much, thanks a lot, for me, to me, now, right now, "
    "right away, quickly, carefully, robot, will you, would you, could you, ok, okay, in the "
    "image, in the picture, in the photo, in the scene, in this image, in this picture, in the "
    "camera image, in view, for us, can you, if you can, if possible, if you would, at once, "
    "immediately, gently, slowly, here, in total, altogether, if you please, dear, buddy, over "
    "here, in this photo, in this scene, one at a time, one-at-a-time, one by one, as well, too, "
    "in the view, in the frame, in the room, again, overall, over there, right there"
) | frozenset({", right", ", correct", ", is it not", ", is not it", ", are not they"})
"""Also the words that mean "anywhere in the picture"."""
