"""The words of relations. To teach the parser a relation, add a row to its predicate."""

from __future__ import annotations

from grounding_ros.language.tables import Table, rows

RELATIONS = Table.grouped(
    {
        "left_of": "left of, to the left of, at the left of, on the left of, left from, to left "
        "of, on the left side of, at the left side of, to the left side of, on left of, at left "
        "of, on left side of, left side of, on the left hand side of, to the left hand side of, "
        "to the left-hand side of, on the left-hand side of, leftwards of",
        "right_of": "right of, to the right of, at the right of, on the right of, right from, to "
        "right of, on the right side of, at the right side of, to the right side of, on right of, "
        "at right of, on right side of, right side of, on the right hand side of, to the right "
        "hand side of, on the right-hand side of, to the right-hand side of, rightwards of",
        "above": "above, over, up above",
        "below": "below, down below",
        "on": "on, on top of, on top, atop, upon, onto, on to, over top of, on the top of, atop "
        "of, up on, on the surface of, resting on top of, on the lid of, supported by, on upon",
        "under": "under, beneath, underneath, at the foot of, underneath of, from under, from "
        "underneath, from beneath, supporting",
        "in": "in, inside, inside of, into, within, in to, enclosed by, contained in, contained "
        "by, contained within, in the inside of, in between the walls of, filled into, surrounded "
        "by, encircled by, enclosed in",
        "contains": "containing, filled with, full of, that contains, filled by",
        "outside": "outside, outside of, out of",
        "in_front_of": "in front of, ahead of, before, in the front of, at the front of, to the "
        "front of, on the front side of",
        "behind": "behind, in back of, beyond, at the back of, in the back of, at the rear of, to "
        "the back of, to the rear of, at the back side of, in the back side of",
        "near": "near, close to, close by, nearby, near to, by, in the vicinity of, close beside, "
        "within reach of, around the corner from, by the light of, in the light of, under the "
        "light of, next to the light of, at, closeby, beside the light of, close",
        "far_from": "far from, far away from, a long way from, distant from",
        "next_to": "next to, beside, besides, alongside, alongside of, adjacent to, at the side "
        "of, by the side of, on the side of, to the side of, side by side with, next, "
        "neighbouring, neighboring, bordering, along side, along side of, adjoining, along with",
        "between": "between, in between, in-between, amid, amidst",
        "among": "among, amongst, in the midst of, in the group of, out of the group of",
        "touching": "touching, in contact with, in touch with, closely touching, in contact to",
        "overlapping": "overlapping, overlapping with",
        "facing": "facing, facing to, facing towards, facing toward, oriented towards, turned "
        "towards, turned toward",
        "facing_away_from": "facing away from, turned away from, looking away from, facing from",
        "at_edge_of": "at the edge of, on the edge of, along the edge of, near the edge of, by "
        "the edge of, close to the edge of, at the border of, at the rim of, on the rim of",
        "at_corner_of": "at the corner of, in the corner of, on the corner of, near the corner "
        "of, in a corner of, in corner of",
        "in_the_middle_of": "in the middle of, at the middle of, in the center of, in the centre "
        "of, at the center of, at the centre of, on the middle of, in middle of, in the very "
        "middle of, in the very center of, amid of, in the heart of, on the center of",
        "at_top_of": "at the top of, at top of, at the very top of, on the very top of",
        "at_bottom_of": "at the bottom of, at the base of, at the very bottom of, at bottom of, "
        "in the bottom of, on the bottom of",
        "attached_to": "attached to, fixed to, fastened to, mounted on, mounted to, stuck to, "
        "tied to, glued to, pinned to, clipped to, attached on, hooked to, taped to",
        "connected_to": "connected to, connected with, joined to, linked to, plugged into, hooked "
        "up to, coupled to",
        "detached_from": "detached from, disconnected from, separated from, separate from",
        "part_of": "part of, a part of, belonging to, which is part of",
        "has_part": "having as a part, consisting of, composed of, made up of",
        "parallel_to": "parallel to, parallel with, in parallel to, in parallel with",
        "perpendicular_to": "perpendicular to, at right angles to, at a right angle to, "
        "orthogonal to",
        "against": "against, up against, leaning against, leaning on, propped against",
        "around": "around, surrounding, encircling, enclosing, all around",
        "along": "along",
        "across": "across, through, across the top of",
        "across_from": "across from, opposite, opposite to, opposite from, opposite of, on the "
        "other side of, on the opposite side of, on the far side of, facing opposite to",
        "toward": "toward, towards, in the direction of, up to, headed for",
        "away_from": "away from, off, off of, from, heading away from",
        "down_from": "down from",
        "up_from": "up from",
        "after": "after",
        "past": "past",
        "covering": "covering, hiding",
        "covered_by": "covered with, covered by, covered in, hidden by, blocked by, occluded by, "
        "obscured by",
        "together_with": "together with, accompanied by, in company of, along side with",
        "for": "for",
        "same_color_as": "the same color as, the same colour as, of the same color as, of the "
        "same colour as",
        "like": "like, similar to",
        "down": "down, deep down",
        "congruent_with": "congruent, congruent to, congruent with",
        "up": "up",
        "to": "to",
    }
)
"""Words to predicate, where something follows that the relation is to."""

TO_SCENE = Table.grouped(
    {
        "stacked": "stacked up, stacked on top of each other, stacked on each other, stacked, "
        "stacked together, in a stack, stacked on top of one another, piled up",
        "topmost": "on top, up top",
        "in_front_of": "in front, up front",
        "behind": "in back, behind",
        "below": "below, underneath",
        "above": "above",
        "closest": "close up, up close",
        "farthest": "far away",
        "outside": "outside",
        "in_the_middle_of": "in between",
        "": "nearby",
    }
)
"""Words that are a relation or a superlative without anything after them."""

SOURCES = Table.grouped(
    {
        "": "from",
        "on": "off, off of, from on, from on top of, from the top of, off the top of, from off, "
        "from off of",
        "in": "out of, from inside, from inside of, from in, from out of, from within",
        "under": "from under, from underneath, from beneath, from below",
        "behind": "from behind",
        "near": "from by, from near",
        "next_to": "from next to, from beside",
    }
)
"""Words to where a thing is now; after "from" alone the thing tells."""

WITH = Table.grouped({"with": "with, w/, having, that has, featuring, fitted with, equipped with"})
"""Parts and what belongs to a thing; the grounder judges them on the thing."""
WITHOUT = Table.grouped(
    {"without": "without, with no, w/o, that has no, lacking, missing, having no"}
)
OF = rows("of")

HEDGES = Table.of(
    {"directly": True, "immediately": True, "right": True, "straight": True, "just": False,
     "slightly": False, "closely": False, "partially": False, "partly": False, "almost": False,
     "mostly": False, "currently": False, "completely": False, "half": False, "halfway": False,
     "way": False, "far": False, "close": False, "all": False, "also": False, "still": False,
     "somewhat": False, "a little": False, "a bit": False, "a little bit": False, "kind of": False,
     "nearly": False, "fully": False, "further": False, "farther": False, "now": False,
     "out": False, "standing": False, "somewhere": False, "located": False, "back": False,
     "over": False, "up": False, "down": False, "together": False, "there": False, "alone": False,
     "away": False, "only": False, "exactly": True, "very": False, "barely": False,
     "precisely": True, "positioned": False, "so": False, "really": False,
     "as": False, "off": False, "in": False, "furthest": False, "himself": False,
     "herself": False, "itself": False, "upright": False, "both": False, "right up": True}
)  # fmt: skip
"""Said before a relation; True: the nearest one on that side is meant."""

SIDES = Table.grouped(
    {
        "left": "left, lefthand, left-hand, left-side, leftside",
        "right": "right, righthand, right-hand, right-side, rightside",
        "top": "top, upper, uppermost",
        "bottom": "bottom, lower, base",
        "front": "front, foreground, fore, forefront",
        "back": "back, rear, background",
        "middle": "middle, center, centre, mid, central, midst",
    }
)
"""The sides of a picture or of a row."""
SIDE_WORDS = frozenset(row for row in SIDES.meanings if " " not in row)
SIDE_PREDICATES = {
    "left": "left_of", "right": "right_of", "top": "above", "bottom": "below",
    "front": "in_front_of", "back": "behind", "middle": "in_the_middle_of",
    "edge": "at_edge_of", "corner": "at_corner_of",
}  # fmt: skip
FARTHEST_AT = {
    "left": "leftmost", "right": "rightmost", "top": "topmost", "bottom": "bottommost",
    "front": "frontmost", "back": "backmost",
}  # fmt: skip
"""The superlative of each side: "on the far left"."""
SIDE_NOUNS = rows(
    "side, sides, corner, part, half, portion, edge, area, end, section, third, quarter, hand "
    "side, region, ground, position, most, row, border, hand"
)
PLACE_PREPOSITIONS = rows(
    "on, at, in, to, towards, toward, from, by, near, off to, over on, over to"
)
FAR_SIDE = rows("far, very, extreme, absolute, furthest, farthest, most, outer, utmost, outermost")

COMPARATIVES = Table.grouped(
    {
        "taller_than": "taller",
        "shorter_than": "shorter",
        "larger_than": "larger, bigger, greater",
        "smaller_than": "smaller, littler, tinier",
        "longer_than": "longer",
        "wider_than": "wider, broader, fatter",
        "narrower_than": "narrower, slimmer",
        "thicker_than": "thicker",
        "thinner_than": "thinner",
        "higher_than": "higher, upper",
        "lower_than": "lower",
        "closer_than": "closer, nearer",
        "farther_than": "farther, further, farther away, further away, more distant",
        "older_than": "older",
        "younger_than": "younger",
        "darker_than": "darker",
        "lighter_than": "lighter, brighter, paler",
        "heavier_than": "heavier",
        "fuller_than": "fuller",
        "emptier_than": "emptier",
        "rounder_than": "rounder",
        "newer_than": "newer",
        "deeper_than": "deeper",
    }
)
SUPERLATIVES = Table.grouped(
    {
        "largest": "largest, biggest, greatest, hugest",
        "smallest": "smallest, littlest, tiniest, least big",
        "tallest": "tallest",
        "shortest": "shortest",
        "longest": "longest",
        "widest": "widest, broadest, fattest",
        "narrowest": "narrowest, slimmest",
        "thinnest": "thinnest, flattest",
        "thickest": "thickest",
        "leftmost": "leftmost, left most, left-most, far left, furthest left, farthest left, most "
        "left, extreme left, very left, far most left, leftest, far-left",
        "rightmost": "rightmost, right most, right-most, far right, furthest right, farthest "
        "right, most right, extreme right, very right, far most right, rightest, far-right",
        "topmost": "topmost, top most, top-most, highest, uppermost, upper most, very top",
        "bottommost": "bottommost, bottom most, bottom-most, lowest, lowermost, undermost, lower "
        "most, very bottom",
        "frontmost": "frontmost, front most, front-most, foremost, very front, furthest front, "
        "farthest front",
        "backmost": "backmost, back most, back-most, rearmost, hindmost, furthest back, farthest "
        "back, very back, far back",
        "closest": "closest, nearest, nearmost, close most",
        "farthest": "farthest, furthest, most distant, farthest away, furthest away, far most, "
        "farthermost, furthermost, remotest",
        "oldest": "oldest, eldest",
        "youngest": "youngest",
        "newest": "newest",
        "darkest": "darkest",
        "lightest": "lightest, palest",
        "brightest": "brightest",
        "heaviest": "heaviest",
        "fullest": "fullest",
        "emptiest": "emptiest",
        "roundest": "roundest",
        "deepest": "deepest",
        "innermost": "innermost, inner most",
        "outermost": "outermost, outer most",
        "middlemost": "middlemost, middle most, centermost, center most",
        "cleanest": "cleanest",
        "reddest": "reddest",
        "greenest": "greenest",
        "bluest": "bluest",
        "prettiest": "prettiest",
    }
)
"""Words to the one superlative they mean."""

VIEWPOINTS = rows(
    "camera, the camera, me, us, you, viewer, the viewer, observer, the observer, lens, the lens, "
    "the robot, your camera, yourself, myself, the photographer, photographer, the screen, "
    "screen, the camera lens, the person taking the picture, robot, your position, here, where "
    "you are"
)
"""Where the picture was taken from."""
PICTURES = rows(
    "picture, photo, image, scene, view, frame, photograph, pic, shot, screen, camera view, field "
    "of view, camera image, frame of view, snapshot, camera frame"
)
"""What shows everything: "on the left of the picture" is on the left."""

VIEWERS = Table.of(
    {f"{start} {whose} {point}": viewer
     for start in ("from", "as seen from", "seen from", "looking from", "as viewed from")
     for whose, viewer in (("your", "robot"), ("the robot's", "robot"), ("the robots", "robot"),
                           ("my", ""), ("the camera's", ""), ("our", ""), ("the viewer's", ""))
     for point in ("side", "point of view", "perspective", "viewpoint", "view", "position",
                   "own point of view", "angle")}
)  # fmt: skip
"""Whose left and right are meant, said apart."""
WHOSE = {"your": "robot", "robot's": "robot", "my": "", "our": ""}
"""Whose left and right are meant, said with them: "on your left"."""
