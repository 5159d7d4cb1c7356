import numpy as np
import pytest

from grounding_ros.errors import BackendError
from grounding_ros.geometry.projection import deproject
from grounding_ros.geometry.transforms import transform_points
from grounding_ros.simulation.film import PASSER, WISHES, film

FRAMES = 13


@pytest.fixture(scope="module")
def scenes():
    try:
        return list(film(5, FRAMES, rate_hz=10.0, size=(160, 120)))
    except BackendError as error:
        pytest.skip(str(error))


def test_frames_follow_one_another(scenes):
    stamps = [scene.frame.stamp_ns for scene in scenes]
    assert len(scenes) == FRAMES
    assert stamps == [1_000_000_000 + 100_000_000 * k for k in range(FRAMES)]
    eyes = np.array([scene.base_from_camera[:3, 3] for scene in scenes])
    assert (np.linalg.norm(np.diff(eyes, axis=0), axis=1) > 0.02).all()


def test_what_lies_still_stays_where_it_is_while_the_camera_moves(scenes):
    """The middle of what is seen of an object, in the base frame, moves less than its own size."""
    places = {}
    for scene in scenes:
        for thing in scene.objects:
            v, u = np.nonzero(scene.instances == thing.id)
            points = deproject(np.stack([u, v], 1), scene.frame.depth[v, u], scene.frame.intrinsics)
            middle = np.median(transform_points(scene.base_from_camera, points), axis=0)
            places.setdefault(thing.id, []).append(middle)
    assert set(places) == set(range(1, PASSER + 1))
    spread = {id: np.ptp(np.array(middles), axis=0).max() for id, middles in places.items()}
    assert spread.pop(PASSER) > 0.3
    assert max(spread.values()) < 0.1


def test_something_passes_twice_and_hides_what_is_behind(scenes):
    shown = [{thing.id for thing in scene.objects} for scene in scenes]
    passing = [PASSER in ids for ids in shown]
    starts = [k for k in range(1, FRAMES) if passing[k] and not passing[k - 1]]
    assert len(starts) == 2
    pixels = np.array([np.bincount(s.instances.ravel(), minlength=PASSER + 1) for s in scenes])
    alone = np.median(pixels, axis=0)
    hidden = pixels[:, 1:PASSER] < 0.5 * alone[1:PASSER]
    assert all(hidden[start : start + 3].any() for start in starts)
    assert not hidden[0].any()


def test_two_pairs_look_the_same_and_a_film_can_be_made_again(scenes):
    looks = [(wish.kind, wish.size_word, wish.colors) for wish in WISHES]
    assert len(looks) - len(set(looks)) == 2
    again = next(film(5, FRAMES, rate_hz=10.0, size=(160, 120)))
    np.testing.assert_array_equal(again.frame.rgb, scenes[0].frame.rgb)
    np.testing.assert_array_equal(again.instances, scenes[0].instances)
