import pytest

from grounding_ros.language import parse

PROGRAMS = """
is the red box left of the mug? -> verify: red BOX [left_of MUG] | red BOX
the cat is under the table. -> verify: CAT [under TABLE] | CAT
is the box red? -> verify: red BOX | BOX
there are two mugs -> verify: 2 MUG
are there at least two mugs? -> verify: 2 at_least MUG
there is no mug -> verify: 0 MUG
the box is not on the table -> verify: BOX not(any OBJECT [on TABLE]) | BOX
are all boxes red? -> verify: all red BOX | all BOX
is the mug on the table? -> verify: MUG [on TABLE] | MUG
is there a mug on the table? -> verify: any MUG [on TABLE]
what is on the table? -> describe: all OBJECT [on TABLE]
what is left of the box? -> describe: all OBJECT [left_of BOX]
describe the scene -> describe: all OBJECT
the box that is not red -> find: BOX not(any red OBJECT)
the box, not the green one -> find: BOX not(green OBJECT)
anything but the mug -> find: any OBJECT not(MUG)
all the boxes except the red one -> find: all BOX not(red OBJECT)
second from the left -> find: #2@left OBJECT
the third one from the camera -> find: #3@camera OBJECT
the second box from the right -> find: #2@right BOX
the box between the two cans -> find: BOX [between 2 CAN]
a cup or a mug -> find: any CUP or(any MUG)
of the two boxes, the taller one -> find: BOX [taller_than]
the other one -> find: <other> OBJECT
the other box -> find: <other> BOX
pick it up -> pick: <last> OBJECT
give me that one -> pick: <last> OBJECT
put it on the table -> place: <last> OBJECT => on TABLE
the cup that is standing next to the box -> find: CUP [next_to BOX]
the boxes which are behind the mug -> find: all BOX [behind MUG]
the man holding a cup -> find: MAN [holding any CUP]
the robot facing the shelf -> find: ROBOT [facing SHELF]
the cup on your left -> find: CUP [left_of] (robot)
the cup on my left -> find: CUP [left_of]
the box to the right from your point of view -> find: BOX [right_of] (robot)
examine the clock under the lamp -> find: CLOCK [under LAMP]
turn on the lamp -> find: LAMP
take the bowl to the scale -> place: BOWL => on SCALE
rinse the mug and put it in the sink -> place: MUG => in SINK
the second largest box -> find: #2@largest BOX
the last box on the right -> find: ^rightmost BOX
the box closest to the mug -> find: BOX [closest_to MUG]
the mug farthest from the box -> find: MUG [farthest_from BOX]
the taller box -> find: BOX [taller_than]
the box taller than the can -> find: BOX [taller_than CAN]
the box in the top left corner -> find: BOX [above] [left_of]
the box on the far left -> find: ^leftmost BOX
could you please bring me the red mug that is behind the box? -> pick: red MUG [behind BOX]
pick up the red mug or the blue one -> pick: red MUG or(blue MUG)
a group of three dogs -> find: 3 DOG
a set of six wooden chairs -> find: 6 wooden CHAIR
how many of the boxes are red? -> count: all red BOX
which box is left of the mug? -> find: BOX [left_of MUG]
who is holding the bat? -> find: PERSON [holding BAT]
the mug without a handle -> find: MUG not(any OBJECT [with any HANDLE])
the red mug and the blue mug -> find: all red MUG or(blue MUG)
is the cup holding water -> verify: CUP [holding WATER] | CUP
does the bowl contain an apple? -> verify: BOWL [contains any APPLE] | BOWL
the box closer to the camera -> find: BOX [closer_than]
the object furthest to the right -> find: ^rightmost OBJECT
the largest of the three boxes -> find: ^largest BOX
the first two boxes from the left -> find: 2 #1@left BOX
is the box behind the mug red? -> verify: red BOX [behind MUG] | BOX [behind MUG]
is the box on the table red? -> verify: red BOX [on TABLE] | BOX [on TABLE]
the box on the table is red -> verify: red BOX [on TABLE] | BOX [on TABLE]
all mugs are on the table -> verify: all MUG [on TABLE] | all MUG
no mug is on the table -> verify: 0 MUG [on TABLE] | all MUG
none of the boxes are red -> verify: 0 red BOX | all BOX
exactly two boxes are red -> verify: 2 red BOX | all BOX
the two leftmost boxes -> find: 2 ^leftmost BOX
put all the mugs on the tray -> place: all MUG => on TRAY
put the mug next to the bowl into the box -> place: MUG [next_to BOWL] => in BOX
move the red block to the left of the blue block -> place: red BLOCK => left_of blue BLOCK
stack the red block on the blue block -> place: red BLOCK => on blue BLOCK
the cup nearest to me -> find: ^closest CUP
what color is the box? -> describe: BOX
is it red? -> verify: <last> red OBJECT | <last> OBJECT
where is the other mug? -> find: <other> MUG
the box directly behind the mug -> find: BOX [behind! MUG]
the mug that is closest to the box and not red -> find: MUG [closest_to BOX] not(any red OBJECT)
the red box and the green box on the left -> find: all red BOX or(green BOX [left_of])
is there a red mug behind the box? -> verify: any red MUG [behind BOX]
are the two mugs next to each other? -> verify: 2 MUG [next_to] | 2 MUG
is the mug in the box or on the table? -> verify: MUG [in BOX] or(MUG [on TABLE]) | MUG
are there any mugs on the table? -> verify: any MUG [on TABLE]
there is at least one red mug -> verify: 1 at_least red MUG
is the mug not red? -> verify: MUG not(any red OBJECT) | MUG
isn't the mug red? -> verify: red MUG | MUG
are the boxes stacked? -> verify: all BOX [stacked] | all BOX
is the red box taller than the blue box? -> verify: red BOX [taller_than blue BOX] | red BOX
is the red box the largest? -> verify: ^largest red BOX | red BOX
is the red box the largest box? -> verify: ^largest red BOX | red BOX
is this a mug? -> verify: <last> MUG | <last> OBJECT
is the leftmost object a mug? -> verify: ^leftmost MUG | ^leftmost OBJECT
the mug is red and on the table -> verify: red MUG [on TABLE] | MUG
the man is holding a cup -> verify: MAN [holding any CUP] | MAN
are there exactly three boxes on the table? -> verify: 3 BOX [on TABLE]
there are no boxes -> verify: 0 BOX
there are fewer than three mugs -> verify: 2 at_most MUG
the box contains two mugs -> verify: BOX [contains 2 MUG] | BOX
does the man have a hat? -> verify: MAN [with any HAT] | MAN
the mug has a handle -> verify: MUG [with any HANDLE] | MUG
the mug does not have a handle -> verify: MUG not(any OBJECT [with any HANDLE]) | MUG
what do you see? -> describe: all OBJECT
what is this? -> describe: <last> OBJECT
what is behind the red box? -> describe: all OBJECT [behind red BOX]
what's on the left of the mug? -> describe: all OBJECT [left_of MUG]
what objects are on the table? -> describe: all OBJECT [on TABLE]
which objects are on the table? -> describe: all OBJECT [on TABLE]
what is next to it? -> describe: all OBJECT [next_to <last> OBJECT]
describe the red box -> describe: red BOX
describe what is on the table -> describe: all OBJECT [on TABLE]
how many objects are left of the box? -> count: all OBJECT [left_of BOX]
how many red mugs are there on the table? -> count: all red MUG [on TABLE]
how many mugs do you see in the picture? -> count: all MUG
how many people are wearing hats? -> count: all PERSON [wearing all HAT]
how many books or magazines are there? -> count: all BOOK or(all MAGAZINE)
count the red boxes on the table -> count: all red BOX [on TABLE]
count everything -> count: all OBJECT
where is the mug that is closest to the box? -> find: MUG [closest_to BOX]
the tallest of the boxes -> find: ^tallest BOX
the one on the left -> find: OBJECT [left_of]
the ones on the left -> find: all OBJECT [left_of]
the left one -> find: OBJECT [left_of]
the middle box -> find: BOX [in_the_middle_of]
the bottom box in the stack -> find: ^bottommost BOX [in STACK]
the top box -> find: ^topmost BOX
the box at the top -> find: BOX [above]
the box on top -> find: ^topmost BOX
the boxes in the back -> find: all BOX [behind]
the box in the middle of the table -> find: BOX [in_the_middle_of TABLE]
the 3rd box from the left -> find: #3@left BOX
the second mug from the front -> find: #2@front MUG
the third largest box -> find: #3@largest BOX
the two boxes on the left -> find: 2 BOX [left_of]
the nearest mug -> find: ^closest MUG
the farther of the two mugs -> find: MUG [farther_than]
the box to the left -> find: BOX [left_of]
the box on the right side of the table -> find: BOX [right_of TABLE]
the mug on the right side of the picture -> find: MUG [right_of]
the mug in the bottom right corner of the image -> find: MUG [below] [right_of]
the robot's left mug -> find: MUG [left_of] (robot)
the box with the red lid and the white label -> find: BOX [with red LID] [with white LABEL]
the mug with no handle -> find: MUG not(any OBJECT [with HANDLE])
the empty mug -> find: empty MUG
the non-red box -> find: BOX not(any red OBJECT)
all objects that are not boxes -> find: all OBJECT not(any BOX)
everything except the mugs -> find: all OBJECT not(all MUG)
everything on the table -> find: all OBJECT [on TABLE]
all the red things -> find: all red OBJECT
any mug but the red one -> find: any MUG not(red OBJECT)
the mug that is neither red nor blue -> find: MUG not(any red OBJECT) not(any blue OBJECT)
neither the mug nor the bowl -> find: OBJECT not(any MUG) not(any BOWL)
a box that's not on the table -> find: any BOX not(any OBJECT [on TABLE])
the box which is smaller than the mug -> find: BOX [smaller_than MUG]
the mug between the boxes -> find: MUG [between all BOX]
the box the man is holding -> find: BOX [held_by MAN]
the table the cup is on -> find: TABLE [under CUP]
bring me a cup of coffee -> pick: any CUP [with COFFEE]
bring me the bottle of water from the fridge -> pick: BOTTLE [with WATER] [in FRIDGE]
take the mug from the table and put it into the sink -> place: MUG [on TABLE] => in SINK
grab the two red blocks and stack them on the blue block -> place: 2 red BLOCK => on blue BLOCK
place it to the left of the bowl -> place: <last> OBJECT => left_of BOWL
put this one behind the box -> place: <last> OBJECT => behind BOX
move the mug closer to the box -> place: MUG => near BOX
move the box to the right -> place: BOX => right_of
move the box in front of the mug -> place: BOX => in_front_of MUG
put the cup between the two bowls -> place: CUP => between 2 BOWL
hand me the thing next to the red one -> pick: OBJECT [next_to red OBJECT]
drop the apple in the bowl on the left -> place: APPLE => in BOWL [left_of]
put the apple that is on the plate in the bowl -> place: APPLE [on PLATE] => in BOWL
pick the smallest red block up -> pick: ^smallest red BLOCK
can you see the mug? -> verify: MUG
do you see a mug on the table? -> verify: any MUG [on TABLE]
the same box -> find: same BOX
look for a screwdriver -> find: any SCREWDRIVER
I need the screwdriver on the left -> pick: SCREWDRIVER [left_of]
give me the other red one -> pick: <other> red OBJECT
pick up the first one -> pick: #1@left OBJECT
select both mugs -> find: 2 MUG
the mug that the robot is facing -> find: MUG [faced_by ROBOT]
the mug on the book on the table -> find: MUG [on BOOK [on TABLE]]
the cup behind you -> find: CUP [behind]
"""
"""Sentences and programs, each read against docs/language.md; the notation is conftest.py's."""
ROWS = [tuple(row.split(" -> ")) for row in PROGRAMS.strip().splitlines()]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_a_sentence_is_this_program(text, expected, program):
    instruction = parse(text)
    assert instruction.understood, instruction.reason
    assert program(instruction) == expected
