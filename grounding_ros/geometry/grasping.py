"""Which way to take hold of the chosen object."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import GeometryError
from grounding_ros.geometry.grasp_candidate import Array, Candidate, fits, visibility
from grounding_ros.geometry.grasp_collision import APPROACH_M, hand_places, is_free
from grounding_ros.geometry.grasp_contact import Whole
from grounding_ros.geometry.grasp_rim import BEST_RIM, rim_grasps
from grounding_ros.geometry.grasp_side import BEST_SIDE, side_grasps
from grounding_ros.geometry.grasp_suction import suction_grasps
from grounding_ros.geometry.grasp_top import top_grasps
from grounding_ros.geometry.grasp_view import GraspView
from grounding_ros.geometry.gripper import GripperParameters
from grounding_ros.geometry.placing import way_to
from grounding_ros.geometry.plane import DEPTH_NOISE
from grounding_ros.geometry.transforms import inverse, rotation_about_z
from grounding_ros.scene import Answer, Frame, Grasp

_BLOCKED = "something is in the way of every grasp, or hides it"
_NEAR_M = 0.05
_WORST = 0.1
"""A score below which a grasp is no grasp."""
_TURNS_THERE = tuple(math.radians(turn) for turn in (0, 30, -30, 60, -60, 90))
"""By which a hand may be turned on its way; two fingers are the same after half a turn."""
_TIGHT_THERE = 0.5
"""What a grasp is worth with which the hand meets something where the object goes."""
_NOTHING = np.empty((0, 3), np.float32)


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
            carried = self._carried(answer, row, over_rim)
            grasp, turned = self._planned(frame, answer, row, carried)
        except GeometryError as error:
            return replace(answer, no_grasp=str(error))
        if carried is None:
            return replace(answer, grasp=grasp)
        pose = turned @ grasp.pose
        pose[:3, 3] += carried
        return replace(answer, grasp=grasp, place_pose=pose)

    def plan(self, frame: Frame, answer: Answer, row: int, carried: Array | None = None) -> Grasp:
        """Return the best grasp of one candidate of an answer.

        Parameters
        ----------
        frame, answer, row
            The candidate `row` of an answer on a frame.
        carried
            (3,) metres, in the frame of the objects: how far the object is carried. A grasp with
            which the hand is free there too is better.

        Raises
        ------
        GeometryError
            With the reason why there is none, a clause.
        """
        return self._planned(frame, answer, row, carried)[0]

    def _planned(
        self, frame: Frame, answer: Answer, row: int, carried: Array | None
    ) -> tuple[Grasp, Array]:
        """The best grasp, and (4, 4) how the object is turned on its foot on the way."""
        gripper = self.gripper
        reach = max(gripper.palm_width_m, 2 * (gripper.finger_length_m + APPROACH_M)) / 2 + _NEAR_M
        view = GraspView.of(frame, answer, row, reach, self.depth_noise, carried)
        best = self._of_cup(view) if gripper.tool == "suction" else self._of_fingers(view)
        pose = view.frame_from_object @ best.pose
        pose = pose if best.kind == "side" else _same_way_round(pose)
        turned = view.frame_from_object @ _about_up(best.turned) @ inverse(view.frame_from_object)
        return Grasp(best.kind, pose, best.opening_m, best.score), turned

    def _carried(self, answer: Answer, row: int, over_rim: bool) -> Array | None:
        """How far the object goes, (3,) metres; None where it goes nowhere."""
        if answer.free_spot is None:
            return None
        over = self.gripper.release_height_m if over_rim else 0.0
        return way_to(answer.free_spot, answer.objects, row, over)

    def _of_cup(self, view: GraspView) -> Candidate:
        found = suction_grasps(view, self.gripper)
        if not found:
            raise GeometryError("no part of its top is level and flat enough for the suction cup")
        best = self._best(view, found)
        if best is None:
            raise GeometryError(_BLOCKED)
        return best

    def _of_fingers(self, view: GraspView) -> Candidate:
        """The best of all ways to hold it; those that cannot be better are not looked for."""
        gripper, whole = self.gripper, Whole.of(view)
        tops, width = top_grasps(view, whole, gripper)
        found, best = len(tops), self._best(view, tops)
        if best is None or best.score < BEST_SIDE:
            sides = side_grasps(view, whole, gripper)
            found, best = found + len(sides), self._best(view, sides, best)
        if best is None or best.score < BEST_RIM:
            rims = rim_grasps(view, gripper)
            found, best = found + len(rims), self._best(view, rims, best)
        if not found:
            raise GeometryError(self._unheld(view, width))
        if best is None:
            best = self._best(view, top_grasps(view, whole, gripper, shallow=True)[0])
        if best is None:
            raise GeometryError(_BLOCKED)
        return best

    def _best(
        self, view: GraspView, found: list[Candidate], other: Candidate | None = None
    ) -> Candidate | None:
        """The best one to which the hand can come, or the other one if that is as good."""
        if not found:
            return other
        places = np.stack([hand_places(one, self.gripper) for one in found])
        hidden = view.hidden(places).mean(axis=1)
        scores = [one.score * visibility(part) for one, part in zip(found, hidden, strict=True)]
        best = other
        for k in sorted(range(len(found)), key=lambda k: -round(scores[k], 6)):
            if scores[k] < (_WORST if best is None else best.score):
                break
            one = replace(found[k], score=scores[k])
            if not is_free(one, view.obstacles, view.points, self.gripper):
                continue
            turned = self._turned_there(one, view)
            if turned is None:
                one = replace(one, score=one.score * _TIGHT_THERE)
            else:
                one = replace(one, turned=turned)
            if best is None or one.score > best.score:
                best = one
        return best

    def _turned_there(self, one: Candidate, view: GraspView) -> float | None:
        """How the hand is turned so that it is free where the object goes; None: in no way."""
        for turn in _TURNS_THERE:
            turned = replace(one, pose=_about_up(turn) @ one.pose)
            if is_free(turned, view.obstacles_there, _NOTHING, self.gripper):
                return turn
        return None

    def _unheld(self, view: GraspView, width: float) -> str:
        """Say why there is no grasp even if nothing were around, from the width of `top_grasps`."""
        widest = self.gripper.max_opening_m
        if width == 0:
            return f"it is too flat to be held ({100 * view.size[2]:.1f} cm)"
        if math.isfinite(width) and not fits(width, self.gripper):
            return (
                f"it is wider than the gripper opens ({100 * width:.1f} cm, {100 * widest:.1f} cm)"
            )
        return "no two sides of it face each other that fingers could hold"


def _about_up(turn: float) -> Array:
    """(4, 4) a turn about the object's z."""
    turned = np.eye(4)
    turned[:3, :3] = rotation_about_z(turn)
    return turned


def _same_way_round(pose: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the two ways round that are the same to two fingers, the one with x along the frame's."""
    return pose @ np.diag([-1.0, -1, 1, 1]) if pose[0, 0] < 0 else pose
