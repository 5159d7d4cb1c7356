import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

from grounding_ros.errors import InputError
from grounding_ros.evaluation.folder import SceneFolder, scene_stamp_ns
from grounding_ros.simulation.folder_writer import write_folder


def assert_same_scene(one, other):
    assert one.name == other.name
    assert np.array_equal(one.frame.rgb, other.frame.rgb)
    assert np.array_equal(one.frame.depth, other.frame.depth, equal_nan=True)
    assert one.frame.intrinsics == other.frame.intrinsics
    assert np.array_equal(one.instances, other.instances)
    assert one.objects == other.objects
    assert one.expressions == other.expressions
    if other.base_from_camera is None:
        assert one.base_from_camera is None
    else:
        assert np.array_equal(one.base_from_camera, other.base_from_camera)


def test_what_is_written_is_read_back(folder, scenes):
    read = SceneFolder(folder)
    assert read.names == ("first", "second")
    assert len(read) == 2
    assert [spoken.id for spoken in read.expressions][:2] == ["first-01", "first-02"]
    for one, other in zip(read, scenes, strict=True):
        assert_same_scene(one, other)


def test_scenes_are_found_by_name_and_position(folder, scenes):
    read = SceneFolder(folder)
    assert_same_scene(read["second"], scenes[1])
    assert_same_scene(read[1], scenes[1])
    assert read[1].frame.stamp_ns == scene_stamp_ns(1) == scene_stamp_ns(0) + 10**9
    with pytest.raises(InputError, match="expected one of first, second; got 'third'"):
        read["third"]


def test_true_poses_are_those_of_the_camera_and_of_an_object(folder, poseless_folder, tmp_path):
    assert SceneFolder(folder).has_poses
    assert not SceneFolder(poseless_folder).has_poses  # an object's, but not the camera's
    (scene, _) = SceneFolder(folder)
    nowhere = tuple(replace(thing, yaw_rad=None) for thing in scene.objects)
    bare = write_folder(tmp_path / "bare", [replace(scene, objects=nowhere)])
    assert not SceneFolder(bare).has_poses


def test_masks_and_boxes_agree(folder):
    scene = SceneFolder(folder)["first"]
    assert scene.box(1) == (5, 10, 30, 20)
    assert scene.mask(300).sum() == 15 * 27
    assert scene.object(300).names == ("ball",)
    with pytest.raises(InputError, match=r"of \[1, 300\], got 2"):
        scene.object(2)
    with pytest.raises(InputError, match="got none"):
        scene.box(2)


def test_a_folder_in_use_is_never_overwritten(folder, scenes):
    with pytest.raises(InputError, match="choose another name"):
        write_folder(folder, scenes)


def test_a_missing_folder_says_so(tmp_path):
    with pytest.raises(InputError, match="got nothing"):
        SceneFolder(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="got a file"):
        SceneFolder(tmp_path / "file")


@pytest.mark.parametrize("name", ["index", "objects", "expressions"])
def test_a_missing_or_broken_json_file_says_so(folder, name):
    path = folder / f"{name}.json"
    path.write_text("[1, 2")
    with pytest.raises(InputError, match=f"{name}.json: expected JSON"):
        SceneFolder(folder)
    path.write_text('"text"')
    with pytest.raises(InputError, match=f"{name}.json: expected a JSON .*got a str"):
        SceneFolder(folder)
    path.unlink()
    with pytest.raises(InputError, match=f"{name}.json: expected a readable file"):
        SceneFolder(folder)


def edit(folder, name, change):
    path = folder / f"{name}.json"
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("index", lambda c: c[0].pop("K"), "expected an entry 'K'"),
        ("index", lambda c: c[0].pop("scene"), "entry 0: expected an entry 'scene'"),
        ("index", lambda c: c[0].update(K=[1, 2]), "first"),
        ("index", lambda c: c[0].update(width="wide"), "expected width to be a int, got 'wide'"),
        ("index", lambda c: c[0].update(width=-1), "camera size"),
        ("index", lambda c: c[0].update(base_from_camera=[[1, 2], [3, 4]]), "first"),
        ("index", lambda c: c[0]["objects"][0].update(center_m=[1, 2]), "three numbers"),
        ("index", lambda c: c[0]["objects"].append(7), "expected an entry 'id', got int"),
        ("objects", lambda c: c.pop("first"), "expected an entry 'first'"),
        ("objects", lambda c: c["first"].pop("300"), "object 300"),
        ("objects", lambda c: c["first"]["1"].update(names="box"), "expected names to be a list"),
        ("objects", lambda c: c["first"]["1"].update(names=[1]), "expected names to be words"),
        ("expressions", lambda c: c[0].pop("text"), "first-01: expected an entry 'text'"),
        ("expressions", lambda c: c[0].update(target_ids=["1"]), "list of object ids"),
        ("expressions", lambda c: c[0].update(scene="third"), "expected a scene of index.json"),
    ],
)
def test_a_malformed_entry_names_itself(folder, name, change, message):
    edit(folder, name, change)
    with pytest.raises(InputError, match=message):
        SceneFolder(folder)


def test_an_answer_that_is_not_in_the_scene_is_refused(folder):
    edit(folder, "expressions", lambda c: c[0].update(target_ids=[9]))
    with pytest.raises(InputError, match=r"got \[9\]"):
        SceneFolder(folder)["first"]


def test_a_missing_or_wrong_picture_says_so(folder):
    path = folder / "frames" / "first_depth_mm.png"
    cv2.imwrite(str(path), np.zeros((24, 32), np.uint16))
    with pytest.raises(InputError, match=r"expected \(48, 64\) uint16, got \(24, 32\)"):
        SceneFolder(folder)["first"]
    cv2.imwrite(str(path), np.zeros((48, 64), np.uint8))
    with pytest.raises(InputError, match=r"uint16, got .* uint8"):
        SceneFolder(folder)["first"]
    path.write_text("not a picture")
    with pytest.raises(InputError, match="a file of something else"):
        SceneFolder(folder)["first"]
    path.unlink()
    with pytest.raises(InputError, match="got no file"):
        SceneFolder(folder)["first"]


def test_the_real_scenes_survive_a_copy(shared, tmp_path):
    original = SceneFolder(shared / "mosd_tabletop")
    assert (len(original), len(original.expressions)) == (13, 92)
    assert sum(len(scene.objects) for scene in original) == 72
    copy = SceneFolder(write_folder(tmp_path / "copy", original))
    for one, other in zip(copy, original, strict=True):
        assert_same_scene(one, other)
