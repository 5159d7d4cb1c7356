"""The closed loop over DDS, with the simulator's masks in the grounder's place."""

import json

import pytest

from grounding_ros.errors import BackendError, InputError
from grounding_ros.playground.simulate import Settings, simulate
from grounding_ros.simulation.engine import load_mujoco


@pytest.mark.timeout(200)
def test_with_true_masks_most_orders_are_carried_out(tmp_path, monkeypatch):
    pytest.importorskip("rclpy", reason="ROS 2 is not here: run `make test`")
    try:
        load_mujoco()
    except BackendError as error:
        pytest.skip(str(error))
    monkeypatch.delenv("ROS_DOMAIN_ID", raising=False)
    figures = tmp_path / "figures.json"
    table = simulate(Settings(episodes=3, seed=1, oracle="masks"), json=figures)
    document = json.loads(figures.read_text("utf-8"))
    right = document["figures"]["right"]
    assert right >= 2, table  # grasps are planned anew by every version
    assert f"right: {right} of 3 (" in table
    assert [one["text"] for one in document["episodes"]] == [
        "place the yellow ball on the pink dish",
        "put the black can on the white plate",
        "put the green can on the orange dish",
    ]
    for number, one in enumerate(document["episodes"], start=1):
        assert one["answer"]["instruction_seq"] >= number  # more where it was said before its image
        assert one["answer"]["target_frame"] == "base_link"
        assert one["answer"]["grasp"]["kind"] in ("top", "side")
        assert one["answer_s"] < 30.0


def test_with_true_poses_no_node_is_asked():
    try:
        table = simulate(Settings(episodes=1, seed=1, oracle="poses"))
    except BackendError as error:
        pytest.skip(str(error))
    assert "place the yellow ball on the pink dish  told    right" in table


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"episodes": 0}, "--episodes: expected at least 1, got 0"),
        ({"seed": -1}, "--seed: expected 0 or more, got -1"),
        ({"grounder": "magic"}, "--grounder: expected one of auto, geometric"),
        ({"oracle": "boxes"}, "--oracle: expected one of masks, poses; got 'boxes'"),
        ({"depth_noise": "lidar"}, "--depth-noise: expected one of none, kinect, d435"),
    ],
)
def test_wrong_settings_are_told(wrong, sentence):
    with pytest.raises(InputError, match=sentence):
        Settings(**wrong)
