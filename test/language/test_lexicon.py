from collections import Counter

import pytest

from grounding_ros.language import (
    command_words,
    lexicon,
    parse,
    relation_words,
    things,
    verb_words,
)
from grounding_ros.language.tables import Table, rows

MODULES = (command_words, lexicon, relation_words, things, verb_words)
SETS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": table
    for module in MODULES
    for name, table in vars(module).items()
    if name.isupper() and isinstance(table, frozenset)
}
TABLES = {
    f"{module.__name__.rpartition('.')[2]}.{name}": table.meanings
    for module in MODULES
    for name, table in vars(module).items()
    if isinstance(table, Table)
}


@pytest.mark.parametrize("name", [*SETS, *TABLES])
def test_rows_are_clean(name):
    for row in {**SETS, **TABLES}[name]:
        assert row == " ".join(row.split()).lower()
        assert row


def test_rows_are_cut_at_commas():
    assert rows("red, dark blue,green,") == {"red", "dark blue", "green"}


def test_the_longest_row_is_taken():
    table = Table.of({"on": 1, "on top of": 2, "off": 3})
    assert table.at(["the", "box", "on", "top", "of", "it"], 2) == (3, 2)
    assert list(table.sizes(["on", "top", "of"], 0)) == [(3, 2), (1, 1)]
    assert table.at(["on", "top"], 0) == (1, 1)
    assert table.at(["on"], 1) is None
    assert Table.grouped({"x": "a, b", "y": "c"}).meanings == {"a": "x", "b": "x", "c": "y"}


def test_a_row_with_two_meanings_is_refused():
    with pytest.raises(ValueError, match='expected each row once, got "b" for "x" and "y"'):
        Table.grouped({"x": "a, b", "y": "b"})


def test_no_word_is_both_grammar_and_thing():
    closed = lexicon.OTHER_CLOSED_WORDS | lexicon.DEFINITE
    assert closed & (lexicon.ADJECTIVES | things.ANYTHING) <= {"one"}
    assert things.ALSO_NOUNS <= lexicon.ADJECTIVES


def test_no_english_word_of_ours_counts_as_foreign():
    words = Counter(
        word for table in (*SETS.values(), *TABLES.values()) if table is not lexicon.NOT_ENGLISH
        for row in table for word in row.split()
    )  # fmt: skip
    assert not set(words) & lexicon.NOT_ENGLISH


@pytest.mark.parametrize("row", sorted(command_words.COMMANDS.meanings))
def test_every_command_works(row):
    task = command_words.COMMANDS.meanings[row]
    words = "red boxes on" if row in {"turn", "switch"} else "red boxes"
    instruction = parse(f"{row} {words}")
    assert (instruction.target.head, instruction.target.attributes) == ("box", ("red",))
    assert instruction.task == {"change": "pick", "approach": "find"}.get(task, task)
    if task in {"pick", "place", "change"}:
        placed = parse(f"{row} the red boxes and put them on the tray")
        assert (placed.understood, placed.task) == (True, "place"), placed.reason
        assert placed.destination.anchors[0].head == "tray"


@pytest.mark.parametrize("row", sorted(command_words.COUNTS))
def test_every_way_to_count_works(row):
    instruction = parse(f"{row} red boxes")
    assert (instruction.understood, instruction.task) == (True, "count"), instruction.reason
    assert (instruction.target.head, instruction.target.number) == ("box", "all")


@pytest.mark.parametrize("courtesy", sorted(command_words.COURTESY_BEFORE))
def test_every_courtesy_before_is_left_out(courtesy):
    assert parse(f"{courtesy} grab the mug").target == parse("the mug").target


@pytest.mark.parametrize("courtesy", sorted(command_words.COURTESY_AFTER))
def test_every_courtesy_after_is_left_out(courtesy):
    instruction = parse(f"grab the mug {courtesy}")
    assert instruction.understood
    assert instruction.target == parse("the mug").target


@pytest.mark.parametrize("compound", sorted(things.COMPOUNDS))
def test_every_compound_is_one_thing(compound):
    assert parse(f"the red {compound}").target.head == compound


@pytest.mark.parametrize("row", sorted(relation_words.RELATIONS.meanings))
def test_every_relation_works(row):
    predicate = relation_words.RELATIONS.meanings[row]
    for text in (f"the box that is {row} the tin", f"the tin is {row} the box"):
        instruction = parse(text)
        assert instruction.understood, instruction.reason
        (relation,) = instruction.target.relations
        assert relation.predicate == predicate
        assert {relation.anchors[0].head, instruction.target.head} == {"box", "tin"}


@pytest.mark.parametrize("row", sorted(relation_words.SUPERLATIVES.meanings))
def test_every_superlative_works(row):
    name = relation_words.SUPERLATIVES.meanings[row]
    target = parse(f"the {row} box").target
    assert (target.superlative, target.head, target.attributes) == (name, "box", ())


@pytest.mark.parametrize("row", sorted(relation_words.COMPARATIVES.meanings))
def test_every_comparative_works(row):
    name = relation_words.COMPARATIVES.meanings[row]
    target = parse(f"the box {row} than the tin").target
    assert [(part.predicate, part.anchors[0].head) for part in target.relations] == [(name, "tin")]


@pytest.mark.parametrize("row", sorted(relation_words.TO_SCENE.meanings))
def test_every_relation_to_the_scene_works(row):
    name = relation_words.TO_SCENE.meanings[row]
    target = parse(f"the box {row}").target
    assert target.head == "box"
    assert name in {target.superlative, *(part.predicate for part in target.relations)} or not name
