"""Kinds of sentences that people say to robots, each with its program written by hand."""

import pytest

from grounding_ros.language import parse

PROGRAMS = """
the slice of pizza closest to the camera -> find: ^closest slice PIZZA
the piece of cake furthest from the plate -> find: piece CAKE [farthest_from PLATE]
the second slice of bread from the left -> find: #2@left slice BREAD
book number 2 from the left -> find: #2@left BOOK
the red book number two from the left -> find: #2@left red BOOK
pick up number 3 from the right -> pick: #3@right OBJECT
whichever cup is on the right -> find: CUP [right_of]
whichever one is behind the box -> find: OBJECT [behind BOX]
walk to the shelf and get the red book -> pick: red BOOK
drive to the desk, pick up the pen -> pick: PEN
go to the kitchen and get the salt -> pick: SALT
go to the mug and pick it up -> pick: MUG
find the mug and pick it up -> pick: MUG
find the table and pick up the mug -> pick: MUG
go to the kitchen -> find: KITCHEN
turn around and pick up the remote on the couch -> pick: REMOTE [on COUCH]
pick the cup which is on the box and place it on the tray -> place: CUP [on BOX] => on TRAY
pick up the cup that is next to the plate and put it in the sink \
-> place: CUP [next_to PLATE] => in SINK
is the box red and open? -> verify: red open BOX | BOX
give me the thing you use to cut paper -> pick: OBJECT [cutting PAPER]
the knife I use to slice bread -> find: KNIFE [slicing BREAD]
put the cup on the table in the sink -> place: CUP [on TABLE] => in SINK
put the cup on the table in the kitchen -> place: CUP => on TABLE [in KITCHEN]
put the cup on the table in front of the jug -> place: CUP => on TABLE [in_front_of JUG]
put the mug on the plate on the table -> place: MUG => on PLATE [on TABLE]
are there any apples left in the bowl? -> verify: any APPLE [in BOWL]
what is left on the table? -> describe: all OBJECT [on TABLE]
how many apples are left? -> count: all APPLE
man left in the hat -> find: MAN [left_of] [wearing HAT]
the cup in my left hand -> find: CUP [in HAND [left_of]]
the mug is red, right? -> verify: red MUG | MUG
look for my glasses -> find: all GLASSES
two glasses -> find: 2 GLASS
would you mind passing the salt shaker? -> pick: salt SHAKER
left most giraffe -> find: ^leftmost GIRAFFE
left cup -> find: CUP [left_of]
move the mug left of the bowl -> place: MUG => left_of BOWL
move the mug left -> place: MUG => left_of
the box that is neither red nor yellow -> find: BOX not(any red OBJECT) not(any yellow OBJECT)
which object is furthest from me? -> describe: ^farthest OBJECT
which of the boxes is tallest? -> find: ^tallest BOX
which of the boxes are red? -> find: all red BOX
the box with the jar on it -> find: BOX [under JAR]
the box that has the jar on it -> find: BOX [under JAR]
the box with the jar standing on top -> find: BOX [under JAR]
the tin with two cans on top of it -> find: TIN [under 2 CAN]
does the box have a jar on it? -> verify: BOX [under any JAR] | BOX
the box with a label on it -> find: BOX [with any LABEL]
the box with the red lid on it -> find: BOX [with red LID]
a toast with cheese on top -> find: any TOAST [with ^topmost CHEESE]
the box with nothing on it -> find: BOX not(any OBJECT [under any OBJECT])
the box without a jar on it -> find: BOX not(any OBJECT [under any JAR])
the bowl with nothing in it -> find: BOWL not(any OBJECT [contains any OBJECT])
the mug with a handle and no lid -> find: MUG [with any HANDLE] not(any OBJECT [with any LID])
take the jar off the red box -> pick: JAR [on red BOX]
remove the tub from the cookie tin -> pick: TUB [on cookie TIN]
take the jar from the red box and put it on the tin -> place: JAR [on red BOX] => on TIN
take the milk from the fridge -> pick: MILK [in FRIDGE]
take the peel from the trash can -> pick: PEEL [in trash CAN]
get the pen out of the box -> pick: PEN [in BOX]
get the ball from under the chair -> pick: BALL [under CHAIR]
get the card from behind the box -> pick: CARD [behind BOX]
the box the juice carton stands on -> find: BOX [under juice CARTON]
the box which the green box stands on -> find: BOX [under green BOX]
the box on which the cup stands -> find: BOX [under CUP]
the thing the can lies on -> find: OBJECT [under CAN]
what is the can resting on? -> describe: OBJECT [under CAN]
what is the mug in? -> describe: OBJECT [contains MUG]
on which box is the jar? -> find: BOX [under JAR]
which box is the jar on? -> find: BOX [under JAR]
the can that's lying on top of the tin -> find: CAN [on TIN]
is the white bowl upside down? -> verify: white upside-down BOWL | white BOWL
the upside down bowl -> find: upside-down BOWL
the box that is standing -> find: standing BOX
which box is lying flat? -> find: lying BOX
the box lying flat on the table -> find: lying BOX [on TABLE]
the can that lies on its side -> find: lying CAN
the man that is standing -> find: MAN [standing]
how many books do you see? -> count: all BOOK
how many mugs and bowls are there? -> count: all MUG or(all BOWL)
the box that is second from the bottom -> find: #2@bottom BOX
guy in the blue shirt second from right -> find: #2@right GUY [wearing blue SHIRT]
take the top two boxes -> pick: 2 ^topmost BOX
the nearest two cups -> find: 2 ^closest CUP
the bottom three -> find: 3 ^bottommost OBJECT
the last object on the right -> find: ^rightmost OBJECT
the last box from the right -> find: #-1@right BOX
the second last box -> find: #-2@left BOX
the non yellow box -> find: BOX not(any yellow OBJECT)
whatever is on top of the box -> find: all OBJECT [on BOX]
the box between the other two -> find: BOX [between 2 BOX]
roll the can to the left of the box -> place: CAN => left_of BOX
push the mug next to the box -> place: MUG => next_to BOX
lean the broom against the wall -> place: BROOM => against WALL
pour the milk into the glass -> place: MILK => in GLASS
teh red car -> find: red CAR
the gren bottle -> find: green BOTTLE
the kid w/ the bat -> find: KID [with BAT]
the mug w/o a lid -> find: MUG not(any OBJECT [with any LID])
tell me where the mug is -> find: MUG
do you know where the mug is? -> find: MUG
where did I leave my phone? -> find: PHONE
the one closest to the box -> find: OBJECT [closest_to BOX]
the one nearest the window -> find: OBJECT [closest_to WINDOW]
the one largest box -> find: ^largest BOX
can you find me the mug? -> find: MUG
can you find the mug? -> verify: MUG
let me see the blue folder -> find: blue FOLDER
have a look at the mug -> find: MUG
i think it's the one on the left -> find: OBJECT [left_of]
would you be able to pass me the mug? -> pick: MUG
I wanna have the mug -> pick: MUG
pick up the, uh, red mug -> pick: red MUG
hand me that blue pen over there -> pick: blue PEN
either of the two cups -> find: any CUP
any two forks -> find: 2 FORK
the box all the way to the right -> find: ^rightmost BOX
the mug alongside the box -> find: MUG [next_to BOX]
isn't the mug on the box? -> verify: MUG [on BOX] | MUG
"""
"""The notation is conftest.py's."""
ROWS = [tuple(row.split(" -> ")) for row in PROGRAMS.replace("\\\n", "").strip().splitlines()]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_a_sentence_is_this_program(text, expected, program):
    instruction = parse(text)
    assert instruction.understood, instruction.reason
    assert program(instruction) == expected


@pytest.mark.parametrize(
    "text",
    [
        "walk around the toilet",
        "put it over there",
        "slide the drawer open",
        "swap the cups",
        "pick up the mug and grab the bowl",
    ],
)
def test_what_is_no_order_of_ours_is_refused(text):
    assert not parse(text).understood
