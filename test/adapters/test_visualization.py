"""What RViz shows: boxes and names as markers, the objects' coloured points."""

from dataclasses import replace

import numpy as np
import pytest

from grounding_ros.adapters.visualization import PALETTE, markers, objects_cloud

HALF = 0.5**0.5


def test_old_markers_go_and_each_object_gets_a_box_and_a_name(messages, header, an_answer):
    visualization = messages("visualization_msgs")
    kinds = visualization.Marker
    array = markers(an_answer(chosen=(1, 2)), header, visualization)
    assert [marker.action for marker in array.markers] == [kinds.DELETEALL, *[kinds.ADD] * 4]
    assert [(marker.ns, marker.id) for marker in array.markers[1:]] == [
        *[("boxes", 0), ("names", 0), ("boxes", 1), ("names", 1)],
    ]
    _, _, can_name, box, box_name = array.markers
    assert (box.type, box_name.type) == (kinds.CUBE, kinds.TEXT_VIEW_FACING)
    place, turn = box.pose.position, box.pose.orientation
    assert (place.x, place.y, place.z) == (0.1, -0.2, 0.5)
    assert (turn.z, turn.w) == pytest.approx((HALF, HALF))
    assert (box.scale.x, box.scale.y, box.scale.z) == (0.2, 0.1, 0.05)
    assert (can_name.text, box_name.text) == ("green can", "red box")
    assert box_name.scale.z == 0.03  # the height of its letters, metres
    assert box_name.pose.position.z == pytest.approx(0.5 + 0.025 + 0.03)
    assert all(marker.header == header for marker in array.markers)


def test_a_box_is_half_transparent_in_the_colour_of_its_place_in_the_answer(
    messages, header, an_answer
):
    array = markers(an_answer(chosen=(1, 2)), header, messages("visualization_msgs"))
    for k, marker in enumerate(array.markers[1::2]):
        colour = marker.color
        assert (colour.r, colour.g, colour.b) == pytest.approx(tuple(PALETTE[k] / 255))
        assert colour.a == 0.5
    assert {marker.color.a for marker in array.markers[2::2]} == {1.0}


@pytest.mark.parametrize("chosen", [(), (0,)])
def test_nothing_in_3d_only_clears(messages, header, an_answer, chosen):
    visualization = messages("visualization_msgs")
    (only,) = markers(an_answer(chosen=chosen), header, visualization).markers
    assert only.action == visualization.Marker.DELETEALL


def points_of(cloud):
    """(x, y, z) rows and (r, g, b) rows of a cloud, read by its own fields."""
    assert [(field.name, field.offset, field.count) for field in cloud.fields] == [
        *[("x", 0, 1), ("y", 4, 1), ("z", 8, 1), ("rgb", 12, 1)],
    ]
    assert {field.datatype for field in cloud.fields} == {7}  # FLOAT32
    assert (cloud.point_step, cloud.row_step, cloud.height) == (16, 16 * cloud.width, 1)
    raw = np.frombuffer(bytes(cloud.data), np.float32).reshape(cloud.width, 4)
    packed = np.ascontiguousarray(raw[:, 3]).view(np.uint32)
    return raw[:, :3], np.stack([packed >> 16 & 255, packed >> 8 & 255, packed & 255], axis=1)


def test_the_cloud_holds_the_points_under_the_chosen_masks(messages, header, an_answer, frame):
    rgb = frame.rgb.copy()
    rgb[6, 4] = (200, 100, 50)
    depth = frame.depth.copy()
    depth[29, 39] = 2.0
    seen = replace(frame, rgb=rgb, depth=depth)
    cloud = objects_cloud(seen, an_answer(), header, messages("sensor_msgs"))
    points, colours = points_of(cloud)
    assert cloud.width == 100 + 600 - 4 * 6  # ball and box share a corner
    np.testing.assert_allclose(points[0], [(4 - 31.5) / 50, (6 - 23.5) / 50, 1.0], rtol=1e-6)
    np.testing.assert_allclose(points[-1], [(39 - 31.5) / 25, (29 - 23.5) / 25, 2.0], rtol=1e-6)
    assert colours[0].tolist() == [200, 100, 50]
    assert (colours[1:] == 90).all()
    assert cloud.header == header
    assert cloud.is_dense


def test_pixels_without_depth_are_left_out(messages, header, an_answer, frame):
    depth = frame.depth.copy()
    depth[:, :20] = np.nan
    holed = replace(frame, depth=depth)
    cloud = objects_cloud(holed, an_answer(), header, messages("sensor_msgs"))
    assert cloud.width == 20 * 20  # the box's columns 20 to 39
    assert np.isfinite(points_of(cloud)[0]).all()


@pytest.mark.parametrize("lost", ["depth", "intrinsics", "masks", "chosen"])
def test_without_what_it_takes_the_cloud_is_empty(messages, header, an_answer, frame, lost):
    answer = an_answer()
    if lost == "masks":
        answer = replace(answer, candidates=replace(answer.candidates, masks=None))
    elif lost == "chosen":
        answer = an_answer(chosen=())
    else:
        frame = replace(frame, **{lost: None})
    cloud = objects_cloud(frame, answer, header, messages("sensor_msgs"))
    assert (cloud.width, len(cloud.data)) == (0, 0)
    points_of(cloud)
