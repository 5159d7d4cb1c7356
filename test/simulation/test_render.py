"""Truth against picture: pose, depth, masks and boxes must tell one story."""

import numpy as np
import pytest

from grounding_ros.errors import BackendError, InputError
from grounding_ros.evaluation.folder import SceneFolder
from grounding_ros.geometry.transforms import inverse, rotation_about_z, transform_points
from grounding_ros.simulation.folder_writer import write_folder
from grounding_ros.simulation.plan import TABLE_HALF, Wish
from grounding_ros.simulation.render import MIN_VISIBLE_PX, render, render_shot

TOLERANCE_M = 0.003


def points_in_base(scene, where):
    """Deproject the pixels in `where` (H, W) to the base frame, (M, 3) metres."""
    camera = scene.frame.intrinsics
    v, u = np.nonzero(where)
    z = scene.frame.depth[where].astype(float)
    x, y = (u - camera.cx) / camera.fx * z, (v - camera.cy) / camera.fy * z
    return transform_points(scene.base_from_camera, np.column_stack([x, y, z]))


def in_box(points, thing):
    """Points (M, 3) of the base frame in the axes of the object's box."""
    return (points - thing.center_m) @ rotation_about_z(thing.yaw_rad)


def test_every_seen_point_lies_in_its_true_box(shots):
    for shot in shots:
        for thing in shot.scene.objects:
            inside = in_box(points_in_base(shot.scene, shot.scene.mask(thing.id)), thing)
            beyond = np.abs(inside) - np.array(thing.size_m) / 2
            assert beyond.max() < TOLERANCE_M, (shot.scene.name, thing)


def test_the_boxes_are_tight(shots):
    """The highest seen point of an object that nothing hides is its top."""
    for shot in shots:
        covered = {below for seen in shot.seen for below in seen.on}
        for thing in shot.scene.objects:
            if thing.id not in covered and shot.scene.mask(thing.id).sum() > 1500:
                points = points_in_base(shot.scene, shot.scene.mask(thing.id))
                top = thing.center_m[2] + thing.size_m[2] / 2
                assert points[:, 2].max() > top - 2 * TOLERANCE_M, thing


def test_depth_of_the_table_is_that_of_a_plane(shots):
    """z-depth, not range: where no object is seen, near the origin, the table is at z = 0."""
    for shot in shots:
        scene = shot.scene
        points = points_in_base(scene, scene.instances == 0)
        on_table = (np.abs(points[:, :2]) < np.array(TABLE_HALF) - 0.03).all(axis=1)
        assert on_table.sum() > 20_000
        heights = points[on_table & (points[:, 2] > -0.01), 2]
        # All but what is too little seen to have an id.
        assert np.percentile(np.abs(heights), 99) < 0.001


def test_objects_rest_on_the_table_or_on_each_other(shots):
    for shot in shots:
        for seen in shot.seen:
            bottom = seen.thing.center_m[2] - seen.thing.size_m[2] / 2
            assert bottom > -0.0015
            assert bottom < 0.002 or seen.on
            assert (np.abs(seen.thing.center_m[:2]) < TABLE_HALF).all()


def test_only_what_shows_enough_has_an_id(shots):
    for shot in shots:
        ids, pixels = np.unique(shot.scene.instances, return_counts=True)
        assert pixels.min() >= MIN_VISIBLE_PX
        assert set(ids) - {0} == {thing.id for thing in shot.scene.objects}


def test_the_camera_looks_down_from_arms_length(shots):
    for shot in shots:
        pose = shot.scene.base_from_camera
        assert 0.6 < np.linalg.norm(pose[:3, 3]) < 1.3
        down = np.degrees(np.arcsin(-pose[2, 2]))
        assert 30 < down < 57
        for seen in shot.seen:
            in_camera = transform_points(inverse(pose), np.array([seen.thing.center_m]))
            assert seen.distance_m == pytest.approx(np.linalg.norm(in_camera))


def test_pictures_are_neither_dark_nor_burnt_out(shots):
    for shot in shots:
        rgb = shot.scene.frame.rgb
        assert 60 < rgb.mean() < 215
        assert (rgb.min(axis=2) == 255).mean() < 0.05


def test_the_same_seed_gives_the_same_files(shots, tmp_path):
    first, second = (render(tmp_path / name, scenes=2, seed=3) for name in ("a", "b"))
    names = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert len(names) == 3 + 2 * 3
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name
    other = render(tmp_path / "c", scenes=1, seed=4)
    assert (other / "index.json").read_bytes() != (first / "index.json").read_bytes()


def test_what_is_rendered_is_read_back(shots, tmp_path):
    folder = SceneFolder(render(tmp_path / "out", scenes=2, seed=5, expressions=7))
    assert folder.names == ("s0000", "s0001")
    for scene in folder:
        assert len(scene.expressions) == 7
        assert all(thing.center_m and thing.size_m for thing in scene.objects)
        assert np.isfinite(scene.frame.depth).all()


def test_the_visible_share_is_of_what_would_be_seen_of_it_alone(shots):
    """A ball before a large box hides a part of it; the ball itself is whole."""
    for shot in shots:
        for thing in shot.scene.objects:
            assert 0 < thing.visible_share <= 1
    covered = [
        thing.visible_share
        for shot in shots
        for thing in shot.scene.objects
        if thing.id in {below for seen in shot.seen for below in seen.on}
    ]
    whole = [thing.visible_share for shot in shots for thing in shot.scene.objects]
    assert max(whole) == 1.0  # most stand free
    assert all(share < 1.0 for share in covered)  # what carries another is hidden in part


def test_a_folder_keeps_the_visible_shares(shots, tmp_path):
    scene = shots[0].scene
    again = SceneFolder(write_folder(tmp_path / "out", [scene]))[0]
    assert [one.visible_share for one in again.objects] == [
        one.visible_share for one in scene.objects
    ]


def test_noise_leaves_the_truth_alone(shots, tmp_path):
    clean = SceneFolder(render(tmp_path / "clean", scenes=1, seed=6))[0]
    noisy = SceneFolder(render(tmp_path / "noisy", scenes=1, seed=6, depth_noise="d435"))[0]
    assert np.array_equal(clean.instances, noisy.instances)
    assert np.array_equal(clean.frame.rgb, noisy.frame.rgb)
    assert clean.objects == noisy.objects
    assert np.isnan(noisy.frame.depth).any()


def test_wishes_come_true(shots):
    wishes = (
        Wish("ball", "large", ("green",)),
        Wish("box", "medium", ("red",), pose="standing", stackable=False),
    )
    scene = render_shot("wish", (1, 2), wishes).scene
    assert {(thing.names[0], thing.colors) for thing in scene.objects} == {
        ("ball", ("green",)),
        ("box", ("red",)),
    }
    (box,) = (thing for thing in scene.objects if thing.names[0] == "box")
    np.testing.assert_allclose(box.size_m, (0.11, 0.075, 0.06), atol=1e-3)


def test_a_crowd_that_never_fits_says_so(shots):
    crowd = tuple(Wish("bowl", "large") for _ in range(40))
    with pytest.raises(BackendError, match="wish for fewer objects"):
        render_shot("crowd", (1,), crowd)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"scenes": 0}, "expected at least 1, got 0"),
        ({"seed": -1}, "expected 0 or more, got -1"),
        ({"depth_noise": "fog"}, "expected one of none, kinect, d435, zed; got 'fog'"),
    ],
)
def test_a_setting_out_of_range_says_so(tmp_path, setting, message):
    with pytest.raises(InputError, match=message):
        render(tmp_path / "out", **{"scenes": 1, "seed": 0} | setting)
    assert not (tmp_path / "out").exists()
