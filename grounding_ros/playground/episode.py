"""One order, from saying it to judging what the hand did."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.transforms import transform
from grounding_ros.playground.true_masks import SentScenes
from grounding_ros.scene import CameraPose, Frame
from grounding_ros.simulation.pick_and_place.arena import Arena
from grounding_ros.simulation.pick_and_place.deed import Deed, Plan, carry_out
from grounding_ros.simulation.pick_and_place.film import Film
from grounding_ros.simulation.pick_and_place.judge import Verdict, judge
from grounding_ros.simulation.pick_and_place.motion import Hand
from grounding_ros.simulation.pick_and_place.perfect_plan import perfect_plan
from grounding_ros.simulation.pick_and_place.task import ANCHOR, TARGET
from grounding_ros.simulation.truth import BASE_FRAME, Scene

if TYPE_CHECKING:
    from grounding_ros.ros.camera_stream import CameraStream
    from grounding_ros.ros.planner import Planner, Reply

_ACTED_ON = ("grounded", "partly_grounded")
_SAME_BOX = 0.5
_PLACE_OFF_M, _SIZE_OFF_M = 0.012, 0.015


@dataclass(frozen=True)
class Episode:
    """How one order ended."""

    text: str
    predicate: str
    """"in", "on" or "next_to"."""
    target: str
    """The kind of what was to be picked."""
    anchor: str
    """The kind of what it was to be put in, on or next to."""
    status: str
    """Of the answer; "silent" when there was none, "told" when nobody was asked."""
    verdict: Verdict
    answer_s: float
    """Seconds from saying it to the answer with its poses."""
    disturbed_m: float
    """How far the thing that should have stayed and moved most was moved, metres."""
    answer: Mapping[str, Any]
    """The JSON of `~/answer`; only a status when there was none."""


@dataclass(frozen=True, eq=False)
class Table:
    """The robot's side: its camera, its planner, and what it is judged by."""

    stream: CameraStream
    planner: Planner
    sent: SentScenes
    depth_noise: str

    def play(self, arena: Arena, seed: tuple[int, ...], film: Film | None = None) -> Episode:
        """Show a table to the node, say the order, do what it answers and judge."""
        scene = arena.scene(self.depth_noise, np.random.default_rng(seed))
        since = self.stream.show(partial(self._take, scene))
        said = time.monotonic()
        reply = self.planner.ask(arena.task.text, since)
        answer_s = time.monotonic() - said
        self.stream.show(None)
        verdict, disturbed_m = misunderstood(reply, arena), 0.0
        if film is not None:
            film.begin(arena)
        if reply is not None and not verdict.cause:
            verdict, disturbed_m = _acted(_plan(reply), arena, film)
            verdict = blamed(verdict, reply, arena)
        if film is not None:
            film.end(verdict.cause or "right")
        answer = {"status": "silent"} if reply is None else reply.answer
        return _episode(arena, verdict, disturbed_m, answer, answer_s)

    def _take(self, scene: Scene, stamp_ns: int) -> tuple[Frame, CameraPose]:
        """Show the same picture, noise and all, at another time: a seed gives one answer."""
        seen = replace(scene, frame=replace(scene.frame, stamp_ns=stamp_ns))
        self.sent.add(seen)
        return seen.frame, CameraPose(BASE_FRAME, scene.base_from_camera)


def play_perfectly(arena: Arena, film: Film | None = None) -> Episode:
    """Do what is right by the truth, without a node, and judge: physics alone is tested."""
    if film is not None:
        film.begin(arena)
    verdict, disturbed_m = _acted(perfect_plan(arena), arena, film)
    if film is not None:
        film.end(verdict.cause or "right")
    return _episode(arena, verdict, disturbed_m, {"status": "told"}, 0.0)


def _acted(plan: Plan, arena: Arena, film: Film | None) -> tuple[Verdict, float]:
    """Let the hand act; return the verdict and how far what should have stayed was moved."""
    deed = carry_out(plan, arena, Hand(arena, None if film is None else film.watch))
    return judge(arena.task, arena.start, deed), _disturbed(arena, deed)


def _episode(
    arena: Arena,
    verdict: Verdict,
    disturbed_m: float,
    answer: Mapping[str, Any],
    answer_s: float,
) -> Episode:
    task = arena.task
    target, anchor = (task.things[row].kind.name for row in (TARGET, ANCHOR))
    return Episode(
        text=task.text,
        predicate=task.predicate,
        target=target,
        anchor=anchor,
        status=answer["status"],
        verdict=verdict,
        answer_s=answer_s,
        disturbed_m=disturbed_m,
        answer=answer,
    )


def misunderstood(reply: Reply | None, arena: Arena) -> Verdict:
    """Say what of an answer keeps the hand from acting; an empty verdict when nothing does."""
    if reply is None:
        return Verdict("grounding", "no answer came")
    answer = reply.answer
    if answer["status"] not in _ACTED_ON:
        return Verdict("grounding", f"{answer['status']}: {answer['message']}")
    for key, row in (("chosen", TARGET), ("places", ANCHOR)):
        taken = [_row_of(one["box"], arena) for one in answer[key]]
        if taken != [row]:
            names = ", ".join(_name(one, arena) for one in taken) or "nothing"
            return Verdict("grounding", f"{key}: expected {_name(row, arena)}, got {names}")
    if answer["chosen"][0]["center_m"] is None:
        return Verdict("lifting", answer["chosen"][0]["reason"])
    if reply.target_pose is None or reply.opening_m is None:
        return Verdict("grasp", answer["no_grasp"] or "no target pose came")
    if reply.place_pose is None:
        return Verdict("place", answer["message"])
    return Verdict()


def blamed(verdict: Verdict, reply: Reply, arena: Arena) -> Verdict:
    """Lay a failure of the hand to lifting where a box that it acted on was clearly wrong."""
    if not verdict.cause:
        return verdict
    acted_on = [("chosen", TARGET), ("places", ANCHOR)]
    for key, row in acted_on if verdict.cause == "place" else acted_on[:1]:
        seen, true = reply.answer[key][0], arena.objects[row]
        off, larger = _off(seen["center_m"], true.center_m), _off(seen["size_m"], true.size_m)
        if off > _PLACE_OFF_M or larger > _SIZE_OFF_M:
            box = f"the box of the {_name(row, arena)} was {1e3 * off:.0f} mm off"
            return Verdict("lifting", f"{verdict.why}; {box}, its size {1e3 * larger:.0f} mm")
    return verdict


def _off(seen: Any, true: Any) -> float:
    return float("inf") if seen is None else float(np.linalg.norm(np.subtract(seen, true)))


def _plan(reply: Reply) -> Plan:
    assert reply.opening_m is not None
    poses = (_matrix(reply.target_pose), _matrix(reply.place_pose))
    return Plan(*poses, reply.opening_m)


def _matrix(message: Any) -> NDArray[np.float64]:
    place, turn = message.pose.position, message.pose.orientation
    return transform((place.x, place.y, place.z), (turn.x, turn.y, turn.z, turn.w))


def _row_of(box: Any, arena: Arena) -> int | None:
    """Return the row of the thing whose pixels have this box, None: of none."""
    overlaps = [_overlap(box, _box(arena.picture.numbers == n)) for n in range(len(arena.start))]
    row = int(np.argmax(overlaps))
    return row if overlaps[row] >= _SAME_BOX else None


def _box(mask: NDArray[np.bool_]) -> tuple[float, float, float, float]:
    v, u = np.nonzero(mask)
    if len(u) == 0:
        return 0.0, 0.0, 0.0, 0.0
    return float(u.min()), float(v.min()), float(u.max()) + 1, float(v.max()) + 1


def _overlap(a: Any, b: Any) -> float:
    """Return the intersection over union of two xyxy boxes."""
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return float(width * height / max(areas - width * height, 1e-9))


def _name(row: int | None, arena: Arena) -> str:
    if row is None:
        return "no thing"
    thing = arena.task.things[row]
    return f"{thing.colors[0]} {thing.kind.name}"


def _disturbed(arena: Arena, deed: Deed) -> float:
    pairs = list(zip(arena.start, deed.after, strict=True))[TARGET + 1 :]
    return max(float(np.linalg.norm(after.center - before.center)) for before, after in pairs)
