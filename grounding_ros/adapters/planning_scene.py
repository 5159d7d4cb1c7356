"""The objects as obstacles for MoveIt."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from grounding_ros.adapters.grasp import fill_pose
from grounding_ros.scene import Answer

PREFIX = "grounding_"
"""How the names of our obstacles begin, before their id in the answer."""


def obstacle_names(answer: Answer) -> dict[str, int]:
    """Return the name of every object that has a box in metres, with its row."""
    rows = np.flatnonzero(answer.objects.present).tolist()
    return {f"{PREFIX}{answer.ids[row]}": row for row in rows}


def planning_scene(
    answer: Answer, header: Any, gone: Collection[str], moveit: Any, shapes: Any, geometry: Any
) -> Any:
    """Return a moveit_msgs/PlanningScene difference: a box for every object of an answer.

    Parameters
    ----------
    answer
        The answer; every candidate with a box in metres becomes an obstacle, the chosen too.
    header
        std_msgs/Header in the frame of `answer.objects`.
    gone
        Names of obstacles that were told before and are no more.
    moveit, shapes, geometry
        The modules `moveit_msgs.msg`, `shape_msgs.msg` and `geometry_msgs.msg`.
    """
    scene = moveit.PlanningScene(is_diff=True)
    scene.robot_state.is_diff = True  # else MoveIt takes the robot to have no joints
    kind = moveit.CollisionObject
    for name, row in obstacle_names(answer).items():
        one = kind(header=header, id=name, operation=kind.ADD)
        pose = np.eye(4)
        pose[:3, :3], pose[:3, 3] = answer.objects.rotations[row], answer.objects.centers[row]
        fill_pose(one.pose, pose)
        size = answer.objects.sizes[row].tolist()
        one.primitives.append(
            shapes.SolidPrimitive(type=shapes.SolidPrimitive.BOX, dimensions=size)
        )
        one.primitive_poses.append(geometry.Pose())  # the box stands at the object's own pose
        scene.world.collision_objects.append(one)
    for name in sorted(gone):
        scene.world.collision_objects.append(kind(header=header, id=name, operation=kind.REMOVE))
    return scene
