import numpy as np
import pytest

from grounding_ros.errors import BackendError
from grounding_ros.geometry.projection import points_grid
from training.kinds import vocabulary
from training.render import _sample, render_world, table_plane
from training.views import WIDTH


@pytest.fixture(scope="module")
def views():
    try:
        return list(render_world(np.random.default_rng(4), frames=6, painted=True))
    except BackendError as error:
        pytest.skip(f"MuJoCo cannot render here: {error}")


def test_a_view_shows_its_objects_above_the_table(views):
    for view, _ in views:
        assert view.rgb.shape == (WIDTH * 3 // 4, WIDTH, 3)
        assert view.instances.max() == len(view.places)
        points = points_grid(view.depth, view.camera.intrinsics).astype(float)
        heights = table_plane(view.camera).height(points)
        for row, place in enumerate(view.places, start=1):
            seen = heights[(view.instances == row) & np.isfinite(view.depth)]
            if len(seen) > 30:
                low, high = place.points[:, 2].min(), place.points[:, 2].max()
                assert low - 0.02 < np.median(seen) < high + 0.02


def test_objects_are_seen_where_they_are(views):
    """The projection of an object's corners is a box around its mask."""
    for view, _ in views:
        pose, lens = np.linalg.inv(view.camera.base_from_camera), view.camera.intrinsics
        for row, place in enumerate(view.places, start=1):
            x, y, z = (place.points @ pose[:3, :3].T + pose[:3, 3]).T
            u, v = lens.fx * x / z + lens.cx, lens.fy * y / z + lens.cy
            rows, columns = np.nonzero(view.instances == row)
            assert u.min() - 2 <= columns.min() and columns.max() <= u.max() + 2
            assert v.min() - 2 <= rows.min() and rows.max() <= v.max() + 2


def test_the_same_seed_gives_the_same_views(views):
    again = list(render_world(np.random.default_rng(4), frames=2))
    for (one, _), (other, _) in zip(views, again, strict=False):
        np.testing.assert_array_equal(one.rgb, other.rgb)
        np.testing.assert_array_equal(one.instances, other.instances)
        np.testing.assert_array_equal(one.depth, other.depth)


def test_a_sample_has_the_words_of_what_is_seen(views):
    view, world = next((v, w) for v, w in views if v.places)
    stored = _sample(view, world, np.random.default_rng(0))
    assert stored.words.shape[1] == len(vocabulary())
    for row, place in enumerate(view.places):
        noun = world.things[place.thing].kind.name
        assert stored.words[row, vocabulary().index(noun)] == 1
    assert (stored.words[len(view.places) :] == -2).all()
    np.testing.assert_array_equal(stored.instances, view.instances)


def test_paint_shows_neither_light_nor_noise(views):
    """A plain thing of one surface: its paint is even, its picture is shaded and noisy."""
    flat, shaded = [], []
    for view, world in views:
        for row, place in enumerate(view.places, start=1):
            thing = world.things[place.thing]
            if thing.pattern == "plain" and len(thing.pictures) == 1:
                where = view.instances == row
                flat.append(view.paint[where].astype(float).std(axis=0).mean())
                shaded.append(view.rgb[where].astype(float).std(axis=0).mean())
    assert flat
    assert np.mean(flat) < 0.6 * np.mean(shaded)
