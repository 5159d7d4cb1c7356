"""The tf buffer: interpolation by hand, refusals by name, laws by hypothesis."""

from __future__ import annotations

import math
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding_ros.adapters.transform_buffer import TransformBuffer
from grounding_ros.errors import GeometryError, InputError

NONE = (0.0, 0.0, 0.0, 1.0)
QUARTER = (0.0, 0.0, math.sin(math.pi / 4), math.cos(math.pi / 4))
MS = 1_000_000


def arm() -> TransformBuffer:
    """Return map -static-> base -moving, 0 to 100 ms-> tool -static-> camera."""
    buffer = TransformBuffer()
    buffer.add("map", "base", 0, (10, 0, 0), NONE, static=True)
    buffer.add("base", "tool", 0, (0, 0, 0), NONE)
    buffer.add("base", "tool", 100 * MS, (1, 0, 0), QUARTER)
    buffer.add("tool", "camera", 0, (0, 0, 0.5), NONE, static=True)
    return buffer


def test_an_empty_buffer_knows_no_frame() -> None:
    with pytest.raises(GeometryError, match="'camera' is unknown; known are: none yet"):
        TransformBuffer().lookup("camera", "camera", 0)
    assert TransformBuffer().frames == ()


def test_a_frame_is_itself() -> None:
    assert np.array_equal(arm().lookup("tool", "tool", 12345 * MS), np.eye(4))


def test_halfway_is_halfway() -> None:
    # Half a quarter turn, half a metre, the camera half a metre above the tool.
    c = math.sqrt(0.5)
    expected = [[c, -c, 0, 10.5], [c, c, 0, 0], [0, 0, 1, 0.5], [0, 0, 0, 1]]
    assert np.allclose(arm().lookup("map", "camera", 50 * MS), expected)


def test_the_ends_of_the_range_are_in_it() -> None:
    assert np.allclose(arm().lookup("base", "tool", 0), np.eye(4))
    assert np.allclose(arm().lookup("base", "tool", 100 * MS)[:3, 3], (1, 0, 0))


def test_the_shorter_way_round_is_taken() -> None:
    buffer = TransformBuffer()
    buffer.add("a", "b", 0, (0, 0, 0), NONE)
    buffer.add("a", "b", 2, (0, 0, 0), tuple(-q for q in QUARTER))
    c = math.sqrt(0.5)
    assert np.allclose(buffer.lookup("a", "b", 1)[:2, :2], [[c, -c], [c, c]])


@pytest.mark.parametrize(
    ("stamp_ns", "message"),
    [
        (
            132 * MS,
            r"extrapolation into the future by 32 ms between base and tool; "
            r"wanted 0\.132000000 s, there is 0\.000000000 s to 0\.100000000 s",
        ),
        (-5 * MS, r"extrapolation into the past by 5 ms between base and tool"),
    ],
)
def test_nothing_is_extrapolated(stamp_ns: int, message: str) -> None:
    with pytest.raises(GeometryError, match=message):
        arm().lookup("map", "camera", stamp_ns)


def test_static_links_hold_at_any_time() -> None:
    assert np.allclose(arm().lookup("tool", "camera", 10**18)[:3, 3], (0, 0, 0.5))


def test_only_the_links_between_count() -> None:
    buffer = arm()
    buffer.add("base", "other", 0, (0, 1, 0), NONE)
    with pytest.raises(GeometryError, match="between base and other"):
        buffer.lookup("tool", "other", 50 * MS)
    assert np.allclose(buffer.lookup("map", "base", 50 * MS)[:3, 3], (10, 0, 0))


def test_siblings_meet_at_their_parent() -> None:
    buffer = arm()
    buffer.add("base", "lamp", 0, (0, 2, 0), NONE, static=True)
    assert np.allclose(buffer.lookup("lamp", "tool", 0)[:3, 3], (0, -2, 0))


def test_unconnected_trees_are_named() -> None:
    buffer = arm()
    buffer.add("odom", "cart", 0, (0, 0, 0), NONE, static=True)
    with pytest.raises(GeometryError, match=r"map and cart are not connected.*map and odom"):
        buffer.lookup("map", "cart", 0)


def test_an_unknown_frame_lists_the_known() -> None:
    with pytest.raises(GeometryError, match="'lidar' is unknown; known are: base, camera, map"):
        arm().lookup("map", "lidar", 0)


@pytest.mark.parametrize(("parent", "child"), [("camera", "map"), ("tool", "base"), ("x", "x")])
def test_loops_are_refused_and_change_nothing(parent: str, child: str) -> None:
    buffer = arm()
    with pytest.raises(GeometryError, match="loop"):
        buffer.add(parent, child, 0, (0, 0, 0), NONE)
    assert np.allclose(buffer.lookup("map", "camera", 0)[:3, 3], (10, 0, 0.5))


def test_the_newest_parent_counts() -> None:
    buffer = arm()
    buffer.add("map", "camera", 0, (3, 3, 3), NONE, static=True)
    assert np.allclose(buffer.lookup("map", "camera", 0)[:3, 3], (3, 3, 3))


def test_late_and_repeated_transforms_find_their_place() -> None:
    buffer = arm()
    buffer.add("base", "tool", 50 * MS, (0, 7, 0), NONE)
    buffer.add("base", "tool", 50 * MS, (0, 8, 0), NONE)
    assert np.allclose(buffer.lookup("base", "tool", 50 * MS)[:3, 3], (0, 8, 0))
    assert np.allclose(buffer.lookup("base", "tool", 75 * MS)[:3, 3], (0.5, 4, 0))


def test_history_is_bounded() -> None:
    buffer = TransformBuffer(history_s=1.0)
    for k in range(301):
        buffer.add("a", "b", k * 10 * MS, (k, 0, 0), NONE)
    assert buffer.lookup("a", "b", 2000 * MS)[0, 3] == 200
    with pytest.raises(GeometryError, match=r"past by 1 ms .* there is 2\.000000000 s"):
        buffer.lookup("a", "b", 1999 * MS)
    assert len(buffer._links["b"].stamps) == 101


@pytest.mark.parametrize("history_s", [0.0, -1.0, math.nan])
def test_a_history_has_a_length(history_s: float) -> None:
    with pytest.raises(InputError, match="history_s"):
        TransformBuffer(history_s)


def test_clear_keeps_what_never_moves() -> None:
    buffer = arm()
    buffer.clear()
    assert buffer.frames == ("base", "camera", "map", "tool")
    assert np.allclose(buffer.lookup("tool", "camera", 0)[:3, 3], (0, 0, 0.5))
    with pytest.raises(GeometryError, match="not connected"):
        buffer.lookup("map", "camera", 0)
    buffer.add("base", "tool", 5, (1, 2, 3), NONE)
    assert np.allclose(buffer.lookup("base", "tool", 5)[:3, 3], (1, 2, 3))


@pytest.mark.parametrize(
    ("translation", "quaternion", "message"),
    [
        ((0, 0, 0), (0, 0, 0, 0), "length 1, got 0"),
        ((0, 0, 0), (0, 0, 0, 2), "length 1, got 2"),
        ((0, math.nan, 0), NONE, "finite"),
        ((0, 0), NONE, "shape"),
    ],
)
def test_broken_transforms_are_refused(
    translation: tuple[float, ...], quaternion: tuple[float, ...], message: str
) -> None:
    buffer = TransformBuffer()
    with pytest.raises((GeometryError, InputError), match=message):
        buffer.add("a", "b", 0, translation, quaternion)
    assert buffer.frames == ()


def test_frames_have_names_without_slashes() -> None:
    buffer = TransformBuffer()
    buffer.add("/a", "b", 0, (1, 0, 0), NONE)
    assert buffer.lookup("a", "/b", 0)[0, 3] == 1
    with pytest.raises(GeometryError, match="two frame names"):
        buffer.add("", "b", 0, (1, 0, 0), NONE)


def test_messages_are_read() -> None:
    stamped = SimpleNamespace(
        header=SimpleNamespace(frame_id="a", stamp=SimpleNamespace(sec=2, nanosec=5)),
        child_frame_id="b",
        transform=SimpleNamespace(
            translation=SimpleNamespace(x=1.0, y=2.0, z=3.0),
            rotation=SimpleNamespace(x=0.0, y=0.0, z=QUARTER[2], w=QUARTER[3]),
        ),
    )
    buffer = TransformBuffer()
    buffer.add_message(SimpleNamespace(transforms=[stamped]), static=False)
    expected = [[0, -1, 0, 1], [1, 0, 0, 2], [0, 0, 1, 3], [0, 0, 0, 1]]
    assert np.allclose(buffer.lookup("a", "b", 2_000_000_005), expected)
    with pytest.raises(GeometryError, match="past"):
        buffer.lookup("a", "b", 2_000_000_004)


@given(st.lists(st.sampled_from(["map", "base", "tool", "camera"]), min_size=3, max_size=3))
def test_lookups_compose(names: list[str]) -> None:
    a, b, c = names
    buffer, stamp = arm(), 37 * MS
    through_b = buffer.lookup(a, b, stamp) @ buffer.lookup(b, c, stamp)
    assert np.allclose(through_b, buffer.lookup(a, c, stamp))


@given(st.permutations(range(6)), st.integers(0, 50))
def test_the_order_of_arrival_does_not_matter(order: list[int], stamp_ns: int) -> None:
    def filled(sequence: list[int]) -> TransformBuffer:
        buffer = TransformBuffer()
        for k in sequence:
            angle = k * 0.3
            turn = (0.0, 0.0, math.sin(angle), math.cos(angle))
            buffer.add("a", "b", 10 * k, (k * k, 0, 0), turn)
        return buffer

    expected = filled(list(range(6))).lookup("a", "b", stamp_ns)
    assert np.array_equal(filled(order).lookup("a", "b", stamp_ns), expected)


def test_one_thread_writes_while_another_reads() -> None:
    buffer, failures = arm(), []

    def write() -> None:
        for k in range(101, 1500):
            buffer.add("base", "tool", k * MS, (k, 0, 0), NONE)
            buffer.add("base", f"part{k}", k * MS, (k, 0, 0), NONE)

    def read() -> None:
        for _ in range(300):
            try:
                matrix = buffer.lookup("map", "camera", 100 * MS)
                assert np.allclose(matrix[:3, 3], (11, 0, 0.5))
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=write), threading.Thread(target=read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
