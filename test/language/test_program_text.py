from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from grounding_ros.language import Instruction, Ordinal, Phrase, Relation, parse
from grounding_ros.language.program_text import instruction_text, phrase_text
from grounding_ros.language.tables import rows

HEADS = st.sampled_from(["box", "mug", "can", "bowl", "tin", "object", "cable", "teddy bear"])
COLOURS = st.sampled_from([(), ("red",), ("blue",), ("small", "green"), ("wooden",)])
TO_SOMETHING = sorted(
    rows(
        "left_of, right_of, above, below, on, under, in, contains, in_front_of, behind, near, "
        "far_from, next_to, touching, facing, facing_away_from, at_edge_of, at_corner_of, "
        "at_top_of, at_bottom_of, attached_to, part_of, around, along, across, across_from, "
        "taller_than, smaller_than, closest_to, farthest_from, holding, parallel_to"
    )
)
TO_THE_SCENE = sorted(
    rows("left_of, right_of, above, below, in_front_of, behind, in_the_middle_of, stacked")
)
COMPARED = ["taller_than", "smaller_than", "farther_than"]
SUPERLATIVES = sorted(
    rows("largest, smallest, tallest, leftmost, rightmost, topmost, closest, farthest")
)
SIDES = ["left", "right", "front", "back", "top", "bottom", "camera"]


def plain(head, attributes, number):
    return Phrase("", head, attributes, number=number)


ANCHORS = st.builds(plain, HEADS, COLOURS, st.sampled_from(["one", "any"]))
TO_ANCHORS = st.builds(
    lambda predicate, anchor, immediate: Relation(
        predicate, (anchor,), immediate and predicate in {"behind", "next_to", "left_of"}
    ),
    st.sampled_from(TO_SOMETHING),
    ANCHORS,
    st.booleans(),
)
BETWEEN = st.builds(lambda a, b: Relation("between", (a, b)), ANCHORS, ANCHORS)
SCENE = st.builds(lambda predicate: Relation(predicate, ()), st.sampled_from(TO_THE_SCENE))
WITH = st.builds(lambda part: Relation("with", (part,)), ANCHORS)
EXCLUDED = st.one_of(
    st.builds(lambda head: Phrase("", head, number="any"), st.sampled_from(["box", "mug"])),
    st.builds(lambda word: Phrase("", "object", (word,), number="any"), st.just("red")),
    st.builds(
        lambda relation: Phrase("", "object", number="any", relations=(relation,)), TO_ANCHORS
    ),
)


@st.composite
def phrases(draw):
    """Phrases that the printer can say without an ambiguity of English."""
    phrase = draw(st.builds(plain, HEADS, COLOURS, st.sampled_from(["one", "any", "all", 2, 3])))
    shape = draw(st.sampled_from(["plain", "ordinal", "superlative", "compared", "counted"]))
    if shape == "ordinal":
        ordinal = Ordinal(draw(st.sampled_from([1, 2, 3, -1])), draw(st.sampled_from(SIDES)))
        phrase = replace(phrase, number="one", ordinal=ordinal)
    if shape == "superlative":
        superlative = draw(st.sampled_from(SUPERLATIVES))
        phrase = replace(phrase, number="one", superlative=superlative)
    compared = ()
    if shape == "compared":
        phrase = replace(phrase, number="one")
        compared = (Relation(draw(st.sampled_from(COMPARED)), ()),)
    if shape == "counted":
        bound = draw(st.sampled_from(["at_least", "at_most"]))
        phrase = replace(phrase, number=draw(st.integers(2, 12)), bound=bound)
    parts = tuple(draw(st.lists(WITH, max_size=1)))
    said = tuple(draw(st.lists(st.one_of(TO_ANCHORS, BETWEEN, SCENE), max_size=2)))
    excluded = tuple(draw(st.lists(EXCLUDED, max_size=1)))
    return replace(phrase, relations=(*compared, *parts, *said), excluded=excluded)


def without_text(phrase):
    """The phrase without the words it was said in."""
    return replace(
        phrase,
        text="",
        excluded=tuple(map(without_text, phrase.excluded)),
        alternatives=tuple(map(without_text, phrase.alternatives)),
        relations=tuple(
            replace(relation, anchors=tuple(map(without_text, relation.anchors)))
            for relation in phrase.relations
        ),
    )


@given(phrases())
def test_what_is_printed_is_parsed_to_the_same_program(phrase):
    instruction = parse(phrase_text(phrase))
    assert instruction.understood, (phrase_text(phrase), instruction.reason)
    assert without_text(instruction.target) == phrase, phrase_text(phrase)


@given(phrases(), st.sampled_from(["on", "in", "next_to", "left_of", "behind"]), ANCHORS)
def test_orders_to_place_survive_printing(target, predicate, anchor):
    order = Instruction("", "place", target, Relation(predicate, (anchor,)))
    target = replace(target, relations=tuple(r for r in target.relations if r.anchors))
    said = instruction_text(replace(order, target=target))
    instruction = parse(said)
    assert (instruction.understood, instruction.task) == (True, "place"), said
    assert without_text(instruction.target) == target, said
    assert without_text(instruction.destination.anchors[0]) == anchor


@given(phrases(), phrases())
def test_alternatives_survive_printing(first, second):
    first = replace(first, relations=(), excluded=())
    second = replace(second, relations=(), excluded=())
    both = replace(first, alternatives=(second,))
    assert without_text(parse(phrase_text(both)).target) == both


def test_printed_english_reads_like_english():
    box, mug = Phrase("", "box"), Phrase("", "mug", ("red",), number="any")
    said = Phrase(
        "",
        "can",
        ("small",),
        ordinal=Ordinal(2, "left"),
        relations=(Relation("with", (mug,)), Relation("behind", (box,), True)),
        excluded=(Phrase("", "object", ("blue",), number="any"),),
    )
    assert phrase_text(said) == (
        "the second small can from the left with a red mug that is directly behind the box and not "
        "blue"
    )
    assert instruction_text(Instruction("", "pick", mug)) == "pick up a red mug"
    assert instruction_text(Instruction("", "count", Phrase("", "box", number="all"))) == (
        "count all the boxes"
    )
    assert instruction_text(Instruction("hm", "find", None)) == "hm"
