"""Which way to take hold of the chosen object."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import GeometryError
from grounding_ros.geometry.gripper import GripperParameters
from grounding_ros.geometry.placing import place_pose
from grounding_ros.geometry.plane import DEPTH_NOISE
from grounding_ros.scene import Answer, Frame, Grasp, Objects3D

_PAD_M = 0.02
"""Length of the fingertip that is meant to touch."""


@dataclass(frozen=True)
class GraspPlanner:
    """Finds the best grasp of one object for one gripper."""

    gripper: GripperParameters
    depth_noise: float = DEPTH_NOISE
    """Standard deviation of depth at one metre, metres."""

    def with_grasp(self, frame: Frame, answer: Answer, *, over_rim: bool = False) -> Answer:
        """Return an answer with a grasp of its one chosen object, or the reason why it has none.

        Parameters
        ----------
        frame
            What the answer is about.
        answer
            With exactly one chosen object. Where it has a free spot it gets a place pose too.
        over_rim
            Whether the object is let go over the rim of a container.
        """
        (row,) = answer.chosen
        try:
            grasp = self.plan(frame, answer, row)
        except GeometryError as error:
            return replace(answer, no_grasp=str(error))
        pose = None
        if answer.free_spot is not None:
            over = self.gripper.release_height_m if over_rim else 0.0
            pose = place_pose(grasp, answer.objects, row, answer.free_spot, over)
        return replace(answer, grasp=grasp, place_pose=pose)

    def plan(self, frame: Frame, answer: Answer, row: int) -> Grasp:
        """Return the best grasp of one candidate of an answer.

        Raises
        ------
        GeometryError
            With the reason why there is none, a clause.
        """
        return self._across(_upright(answer.objects, row))

    def _across(self, box: _Box) -> Grasp:
        gripper = self.gripper
        width = float(box.size[1])
        room = 2 * gripper.clearance_m
        if width + gripper.clearance_m > gripper.max_opening_m:
            raise GeometryError(
                f"it is wider than the gripper opens ({100 * width:.1f} cm, "
                f"{100 * gripper.max_opening_m:.1f} cm)"
            )
        height = float(box.size[2])
        tip = max(gripper.clearance_m, height - gripper.finger_length_m, height / 2 - _PAD_M / 2)
        up = box.axes[:, 2]
        y = box.axes[:, 1]
        x = np.cross(y, -up)
        if x[0] < 0:  # a parallel gripper looks the same after half a turn
            x, y = -x, -y
        pose = np.eye(4)
        pose[:3, :3] = np.stack([x, y, -up], axis=1)
        pose[:3, 3] = box.foot + tip * up
        return Grasp("top", pose, min(width + room, gripper.max_opening_m), 0.5)


@dataclass(frozen=True, eq=False)
class _Box:
    foot: NDArray[np.float64]
    axes: NDArray[np.float64]
    size: NDArray[np.float64]


def _upright(objects: Objects3D, row: int) -> _Box:
    if objects.reasons[row]:
        raise GeometryError(objects.reasons[row])
    if not np.isfinite(objects.up).all():
        raise GeometryError("which way is up is not known")
    axes, size = objects.rotations[row], objects.sizes[row]
    return _Box(objects.centers[row] - axes[:, 2] * size[2] / 2, axes, size)
