"""Obstacles for MoveIt, by stand-ins with the fields of moveit_msgs and shape_msgs.

The fields are those of https://github.com/moveit/moveit_msgs and
https://github.com/ros2/common_interfaces; the real messages were not at hand.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from grounding_ros.adapters.planning_scene import obstacle_names, planning_scene


def struct(**fields):
    """A message type whose fields are made by calling these."""

    def make(**given):
        assert given.keys() <= fields.keys(), f"no field of that name: {given}"
        return SimpleNamespace(**({name: kind() for name, kind in fields.items()} | given))

    return make


pose = struct(
    position=struct(x=float, y=float, z=float),
    orientation=struct(x=float, y=float, z=float, w=lambda: 1.0),
)
collision_object = struct(
    header=object, pose=pose, id=str, type=struct(key=str, db=str), primitives=list,
    primitive_poses=list, meshes=list, mesh_poses=list, planes=list, plane_poses=list,
    subframe_names=list, subframe_poses=list, operation=bytes,
)  # fmt: skip
vars(collision_object).update(ADD=b"\x00", REMOVE=b"\x01", APPEND=b"\x02", MOVE=b"\x03")
solid = struct(type=int, dimensions=list, polygon=object)
vars(solid).update(BOX=1, SPHERE=2, CYLINDER=3, CONE=4, PRISM=5)
MOVEIT = SimpleNamespace(
    PlanningScene=struct(
        name=str, robot_state=struct(is_diff=bool), robot_model_name=str, is_diff=bool,
        world=struct(collision_objects=list, octomap=object),
    ),
    CollisionObject=collision_object,
)  # fmt: skip
SHAPES = SimpleNamespace(SolidPrimitive=solid)
GEOMETRY = SimpleNamespace(Pose=pose)


def test_every_object_in_metres_is_a_box_and_what_is_gone_is_removed(an_answer):
    answer, header = an_answer(chosen=(2,)), object()
    scene = planning_scene(answer, header, {"grounding_9"}, MOVEIT, SHAPES, GEOMETRY)
    assert scene.is_diff
    assert scene.robot_state.is_diff
    can, box, gone = scene.world.collision_objects
    assert [one.id for one in (can, box, gone)] == ["grounding_2", "grounding_3", "grounding_9"]
    assert [one.operation for one in (can, box, gone)] == [b"\x00", b"\x00", b"\x01"]
    assert all(one.header is header for one in (can, box, gone))
    assert vars(box.pose.position) == {"x": 0.1, "y": -0.2, "z": 0.5}
    turn = box.pose.orientation  # a quarter turn about z
    half = np.sqrt(0.5)
    assert (turn.x, turn.y, turn.z, turn.w) == pytest.approx((0, 0, half, half))
    (primitive,) = box.primitives
    assert (primitive.type, primitive.dimensions) == (1, [0.2, 0.1, 0.05])
    (where,) = box.primitive_poses
    assert (vars(where.position), where.orientation.w) == ({"x": 0.0, "y": 0.0, "z": 0.0}, 1.0)
    assert gone.primitives == []


def test_an_object_without_3d_is_no_obstacle(an_answer):
    assert obstacle_names(an_answer()) == {"grounding_2": 1, "grounding_3": 2}
