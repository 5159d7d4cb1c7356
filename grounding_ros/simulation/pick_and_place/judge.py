"""Whether an order was carried out, and if not, which stage failed first."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from grounding_ros.simulation.pick_and_place.deed import Deed
from grounding_ros.simulation.pick_and_place.state import TABLE, Lying, level_gap
from grounding_ros.simulation.pick_and_place.task import ANCHOR, TARGET, Task

CAUSES = ("grounding", "lifting", "grasp", "physics", "place")
"""The stages that can fail, in their order."""

NEXT_TO_M = 0.15
"""What is farther from the thing is not next to it."""
_LIFTED_M = 0.1
_UPRIGHT = math.cos(math.radians(25))


@dataclass(frozen=True)
class Verdict:
    """How an episode ended."""

    cause: str = ""
    """One of `CAUSES`: the stage that failed; "" when the order was carried out."""
    why: str = ""
    """What went wrong, a clause."""


def judge(task: Task, before: tuple[Lying, ...], deed: Deed) -> Verdict:
    """Tell whether the target was lifted, held on the way and put where it belongs.

    Parameters
    ----------
    task
        The order.
    before
        How its things lay before the hand came.
    deed
        What the hand did.
    """
    if deed.rise_m < _LIFTED_M:
        return Verdict("grasp", f"it rose by {max(0.0, deed.rise_m):.2f} m when it was lifted")
    if not deed.held:
        return Verdict("physics", "it slipped from the hand on the way")
    after = deed.after[TARGET]
    why = misplaced(task.predicate, after, deed.after[ANCHOR])
    if not why and task.predicate != "in" and task.things[TARGET].kind.upright:
        why = _fallen(before[TARGET], after)
    return Verdict("place", why) if why else Verdict()


def misplaced(predicate: str, target: Lying, anchor: Lying) -> str:
    """Say why the target is not in, on or next to the anchor; "" when it is.

    "in" and "on": it rests on the anchor and not on the table, its middle over the anchor; in a
    bowl its foot is below the rim. "next_to": it stands on the table, at most `NEXT_TO_M` off.
    """
    if predicate == "next_to":
        gap = level_gap(target, anchor)
        if TABLE not in target.touches:
            return "it does not stand on the table"
        return f"it is {gap:.2f} m off" if gap > NEXT_TO_M else ""
    if TABLE in target.touches or ANCHOR not in target.touches:
        return f"it does not rest {predicate} it"
    away = float(np.linalg.norm(target.center[:2] - anchor.center[:2]))
    if away > np.ptp(anchor.points[:, :2], axis=0).mean() / 2:
        return f"its middle is {away:.2f} m off"
    return "it lies on the rim" if predicate == "in" and target.foot > anchor.top else ""


def _fallen(before: Lying, after: Lying) -> str:
    return "it fell over" if float(before.up @ after.up) < _UPRIGHT else ""
