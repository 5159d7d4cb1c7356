"""Which way to take hold of the chosen object."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import GeometryError
from grounding_ros.geometry.grasp_candidate import Candidate, fits, visibility
from grounding_ros.geometry.grasp_collision import APPROACH_M, finger_places, is_free
from grounding_ros.geometry.grasp_contact import Whole
from grounding_ros.geometry.grasp_rim import rim_grasps
from grounding_ros.geometry.grasp_side import side_grasps
from grounding_ros.geometry.grasp_suction import suction_grasps
from grounding_ros.geometry.grasp_top import narrowest, top_grasps
from grounding_ros.geometry.grasp_view import GraspView
from grounding_ros.geometry.gripper import GripperParameters
from grounding_ros.geometry.placing import place_pose
from grounding_ros.geometry.plane import DEPTH_NOISE
from grounding_ros.scene import Answer, Frame, Grasp

_BLOCKED = "something is in the way of every grasp"
_NEAR_M = 0.05
_WORST = 0.1
"""A score below which a grasp is no grasp."""
_NO_LID = "no part of its top is level and flat enough for the suction cup"


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
        gripper = self.gripper
        reach = max(gripper.palm_width_m, 2 * (gripper.finger_length_m + APPROACH_M)) / 2 + _NEAR_M
        view = GraspView.of(frame, answer, row, reach, self.depth_noise)
        if gripper.tool == "suction":
            best = self._best(view, suction_grasps(view, gripper), _NO_LID)
        else:
            best = self._between_fingers(view)
        pose = view.frame_from_object @ best.pose
        pose = pose if best.kind == "side" else _same_way_round(pose)
        return Grasp(best.kind, pose, best.opening_m, best.score)

    def _between_fingers(self, view: GraspView) -> Candidate:
        gripper, whole = self.gripper, Whole.of(view)
        found = [
            *top_grasps(view, whole, gripper),
            *side_grasps(view, whole, gripper),
            *rim_grasps(view, gripper),
        ]
        if not found:
            raise GeometryError(self._unheld(view, whole))
        try:
            return self._best(view, found, "")
        except GeometryError:
            shallow = top_grasps(view, whole, gripper, shallow=True)
            return self._best(view, shallow, "")

    def _best(self, view: GraspView, found: list[Candidate], otherwise: str) -> Candidate:
        """The best one to which the hand can come."""
        if not found:
            raise GeometryError(otherwise or _BLOCKED)
        places = np.stack([finger_places(one, self.gripper) for one in found])
        hidden = view.hidden(places).mean(axis=1)
        scores = [one.score * visibility(part) for one, part in zip(found, hidden, strict=True)]
        found_well = [k for k in range(len(found)) if scores[k] >= _WORST]
        for k in sorted(found_well, key=lambda k: -round(scores[k], 6)):
            one = found[k]
            if is_free(one, view.obstacles, view.points, self.gripper):
                return replace(one, score=scores[k])
        raise GeometryError(_BLOCKED)

    def _unheld(self, view: GraspView, whole: Whole) -> str:
        """Say why there is no grasp even if nothing were around."""
        width, widest = narrowest(view, whole, self.gripper), self.gripper.max_opening_m
        if not fits(width, self.gripper):
            return (
                f"it is wider than the gripper opens ({100 * width:.1f} cm, {100 * widest:.1f} cm)"
            )
        if view.size[2] < 2 * self.gripper.clearance_m:
            return f"it is too flat to be held ({100 * view.size[2]:.1f} cm)"
        return "no two sides of it face each other that fingers could hold"


def _same_way_round(pose: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the two ways round that are the same to two fingers, the one with x along the frame's."""
    return pose @ np.diag([-1.0, -1, 1, 1]) if pose[0, 0] < 0 else pose
