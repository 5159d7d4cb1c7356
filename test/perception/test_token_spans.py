"""Span scoring: a label is scored over its own tokens, with a hand-built tokenizer and logits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="needs the extra models")

from grounding_ros.perception.grounders.token_spans import (  # noqa: E402
    Marks,
    sentences,
    span_scores,
)

BEGIN, END, STOP, QUESTION = 101, 102, 1012, 1029
MARKS = Marks(BEGIN, STOP, END, frozenset({BEGIN, END, STOP, QUESTION}))
RED, CUP, BLOCK, ORANGE = 1, 2, 3, 4
TOKENS = {"red": RED, "cup": CUP, "block": BLOCK, "orange": ORANGE}
LABELS = ("red cup", "cup", "red block", "orange block")


def ids(label):
    return [TOKENS[word] for word in label.split()]


def test_four_labels_that_share_words_stay_apart():
    """ "red cup. cup. red block. orange block." and four boxes, one a label."""
    (sentence,) = sentences([ids(label) for label in LABELS], MARKS, limit=256)
    assert sentence.ids == (
        BEGIN, RED, CUP, STOP, CUP, STOP, RED, BLOCK, STOP, ORANGE, BLOCK, STOP, END,
    )  # fmt: skip
    yes, no, rarely = 2.0, -4.0, -1.0
    stop = 5.0  # full stops and [CLS] often score highest; they belong to no label
    logits = torch.tensor(
        [
            # CLS   red    cup    .     cup     .     red    block  .     orange block   .     SEP
            [stop, yes, yes, stop, rarely, stop, rarely, no, stop, no, no, stop, stop],
            [stop, no, rarely, stop, yes, stop, no, no, stop, no, no, stop, stop],
            [stop, rarely, no, stop, no, stop, yes, yes, stop, no, rarely, stop, stop],
            [stop, no, no, stop, no, stop, no, rarely, stop, yes, yes, stop, stop],
        ]
    )
    padding = torch.full((4, 256 - 13), float("-inf"))
    scores = span_scores(torch.cat((logits, padding), dim=1), sentence, count=4)
    # sigmoid: 2 is 0.881, -1 is 0.269, -4 is 0.018; the mean over two tokens where there are two
    expected = [
        [0.881, 0.269, 0.143, 0.018],
        [0.143, 0.881, 0.018, 0.018],
        [0.143, 0.018, 0.881, 0.143],
        [0.018, 0.018, 0.143, 0.881],
    ]
    assert scores.tolist() == [pytest.approx(row, abs=1e-3) for row in expected]
    assert scores.argmax(dim=1).tolist() == [0, 1, 2, 3]


def test_too_many_phrases_are_asked_in_several_texts():
    """Ten tokens a text: [CLS], three phrases of one token and a stop each, [SEP], one too few."""
    made = sentences([[token] for token in range(1, 8)], MARKS, limit=8)
    assert [sentence.ids for sentence in made] == [
        (BEGIN, 1, STOP, 2, STOP, 3, STOP, END),
        (BEGIN, 4, STOP, 5, STOP, 6, STOP, END),
        (BEGIN, 7, STOP, END),
    ]
    assert made[1].spans == ((3, slice(1, 2)), (4, slice(3, 4)), (5, slice(5, 6)))
    logits = torch.tensor([[0.0, 9.0, 0.0, -9.0, 0.0, 9.0, 0.0, 0.0]])
    assert span_scores(logits, made[1], 7).round().tolist() == [[0, 0, 0, 1, 0, 1, 0]]


def test_a_phrase_that_is_too_long_is_cut_and_an_empty_one_left_out():
    (sentence,) = sentences([[], list(range(1, 20))], MARKS, limit=8)
    assert sentence.ids == (BEGIN, 1, 2, 3, 4, 5, STOP, END)
    assert sentence.spans == ((1, slice(1, 6)),)
    assert sentences([[], []], MARKS, limit=8) == ()


def test_marks_inside_a_phrase_do_not_part_it():
    (sentence,) = sentences([[RED, STOP, CUP, QUESTION]], MARKS, limit=8)
    assert sentence.ids == (BEGIN, RED, CUP, STOP, END)


@given(
    st.lists(st.lists(st.integers(1, 99), max_size=9), max_size=12),
    st.integers(5, 20),
)
def test_every_phrase_has_its_own_place_in_one_text(phrases, limit):
    made = sentences(phrases, MARKS, limit)
    seen = {}
    for sentence in made:
        assert len(sentence.ids) <= limit
        assert (sentence.ids[0], sentence.ids[-1]) == (BEGIN, END)
        taken = set()
        for number, span in sentence.spans:
            seen[number] = sentence.ids[span]
            places = set(range(span.start, span.stop))
            assert not places & taken
            taken |= places
            assert sentence.ids[span.stop] == STOP
    assert seen == {
        number: tuple(phrase[: limit - 3]) for number, phrase in enumerate(phrases) if phrase
    }
