import numpy as np
import pytest

from training.arrangement import arrange
from training.kinds import KINDS, vocabulary
from training.things import renewed, sample_thing, truth


@pytest.fixture(scope="module")
def things():
    rng = np.random.default_rng(5)
    return [sample_thing(rng) for _ in range(150)]


def of_kind(things, name):
    return next(thing for thing in things if thing.kind.name == name)


def words_of(thing, pose, value):
    values = truth(thing, pose, vocabulary())
    return {word for word, own in zip(vocabulary(), values, strict=True) if own == value}


def test_there_are_at_least_twenty_kinds_and_no_word_twice():
    assert len([kind for kind in KINDS if kind.builders]) >= 20
    assert len(set(vocabulary())) == len(vocabulary())
    assert len({kind.name for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize(
    ("kind", "pose", "true", "false", "neither"),
    [
        ("mug", "lying", {"mug", "cup", "lying"}, {"box", "bowl", "standing"}, set()),
        ("can", "standing", {"can", "metal", "upright"}, {"mug", "book", "lying"}, {"tin"}),
        ("tin", "standing", {"tin"}, {"bottle", "banana"}, {"can"}),
        ("box", "side", {"box"}, {"book", "can"}, {"lying", "standing", "block"}),
        ("bowl", "over", {"bowl", "overturned"}, {"mug"}, {"plate", "lying"}),
        ("banana", "standing", {"banana", "fruit"}, {"apple", "ball"}, {"upright"}),
    ],
)
def test_words_of_a_thing(things, kind, pose, true, false, neither):
    thing = of_kind(things, kind)
    assert true <= words_of(thing, pose, 1)
    assert false <= words_of(thing, pose, 0)
    assert neither <= words_of(thing, pose, -1)


def test_what_is_kept_aside_is_only_in_shifted_scenes():
    names = {sample_thing(np.random.default_rng(n)).kind.name for n in range(300)}
    shifted = {sample_thing(np.random.default_rng(n), True).kind.name for n in range(300)}
    assert "lemon" not in names
    assert "lemon" in shifted


def test_the_same_seed_gives_the_same_thing():
    one, two = (sample_thing(np.random.default_rng(9)) for _ in range(2))
    assert one.kind is two.kind
    np.testing.assert_array_equal(one.points, two.points)
    for finish, picture in one.pictures.items():
        np.testing.assert_array_equal(picture, two.pictures[finish])


def test_things_are_of_a_size_that_lies_on_a_table(things):
    for thing in things:
        spread = np.ptp(thing.points, axis=0)
        assert 0.02 < spread.max() < 0.45, thing.kind.name
        assert set(thing.pictures) == {piece.finish for piece in thing.pieces}


@pytest.mark.parametrize("seed", range(8))
def test_nothing_sinks_and_what_stands_on_the_table_is_apart(things, seed):
    places = arrange(things, range(seed, seed + 20), 0.4, np.random.default_rng(seed))
    assert len(places) >= 5
    low = [place.points[:, 2].min() for place in places]
    assert min(low) > -1e-9
    for place in places:
        again = things[place.thing].points @ place.rotation.T + place.position
        np.testing.assert_allclose(again, place.points, atol=1e-9)
    grounded = [p for p, z in zip(places, low, strict=True) if z < 1e-6 and p.pose != "side"]
    for a in range(len(grounded)):
        for b in range(a):
            (at, radius), (other, beside) = grounded[a].disc, grounded[b].disc
            assert np.linalg.norm(at - other) > 0.8 * (radius + beside)


def test_things_are_stacked_now_and_then(things):
    places = [
        place
        for seed in range(10)
        for place in arrange(things, range(seed, seed + 15), 0.4, np.random.default_rng(seed))
    ]
    assert any(place.points[:, 2].min() > 0.01 for place in places)


def test_stored_truths_follow_a_later_table_of_kinds(things):
    words = vocabulary()
    right = np.array([truth(thing, "standing", words) for thing in things])
    old = right.copy()
    nouns = [words.index(word) for word in ("tub", "banana", "dish", "container")]
    old[:, nouns] = np.where(right[:, nouns] == 1, 1, 0)  # a table in which nothing was open
    np.testing.assert_array_equal(renewed(old, words), right)


def test_what_is_stored_without_a_noun_stays():
    unknown = np.full((2, len(vocabulary())), -1, np.int8)
    np.testing.assert_array_equal(renewed(unknown, vocabulary()), unknown)
