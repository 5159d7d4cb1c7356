import pytest

from grounding_ros.language import lexicon, parse
from grounding_ros.language.words import LONGEST_ROW

TABLES = {
    name: table
    for name, table in vars(lexicon).items()
    if name.isupper() and isinstance(table, frozenset)
} | {f"COMMANDS {terminal}": rows for terminal, rows in lexicon.COMMANDS.items()}


@pytest.mark.parametrize("name", TABLES)
def test_rows_are_clean(name):
    for row in TABLES[name]:
        assert row == row.strip().lower()
        assert 0 < len(row.split()) <= LONGEST_ROW
        assert "  " not in row


def test_no_word_is_both_grammar_and_thing():
    closed = lexicon.OTHER_CLOSED_WORDS | set(lexicon.NUMBERS) | lexicon.DEFINITE
    assert closed & (lexicon.ADJECTIVES | lexicon.ANYTHING) <= {"one"}
    assert lexicon.ALSO_NOUNS <= lexicon.ADJECTIVES


def test_no_english_word_of_ours_counts_as_foreign():
    known = lexicon.ADJECTIVES | lexicon.ANYTHING | lexicon.OTHER_CLOSED_WORDS | lexicon.DEFINITE
    known |= set(lexicon.IRREGULAR_PLURALS.values()) | set(lexicon.IRREGULAR_PLURALS)
    assert not known & lexicon.NOT_ENGLISH


@pytest.mark.parametrize(
    ("task", "command"),
    [
        (terminal.lower(), row)
        for terminal, rows in lexicon.COMMANDS.items()
        for row in sorted(rows)
    ],
)
def test_every_command_works(task, command):
    instruction = parse(f"{command} red boxes")
    assert instruction.understood, instruction.reason
    assert (instruction.task, instruction.target.head) == (task, "box")


@pytest.mark.parametrize("courtesy", sorted(lexicon.COURTESY_BEFORE))
def test_every_courtesy_before_is_left_out(courtesy):
    assert parse(f"{courtesy} grab the mug").target == parse("the mug").target


@pytest.mark.parametrize("courtesy", sorted(lexicon.COURTESY_AFTER))
def test_every_courtesy_after_is_left_out(courtesy):
    instruction = parse(f"grab the mug {courtesy}")
    assert instruction.understood
    assert instruction.target == parse("the mug").target


@pytest.mark.parametrize("compound", sorted(lexicon.COMPOUNDS))
def test_every_compound_is_one_thing(compound):
    assert parse(f"the red {compound}").target.head == compound
