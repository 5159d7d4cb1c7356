"""`--live`: bags are played to a node, and what it publishes is measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from grounding_ros.errors import InputError
from grounding_ros.evaluation.bags.reader import BagReader
from grounding_ros.evaluation.live_counts import LiveCounts
from grounding_ros.evaluation.record import Broken, SceneRecord
from grounding_ros.evaluation.runner import Conditions
from grounding_ros.evaluation.work import Job, Settings
from grounding_ros.live.dialogue import Dialogue
from grounding_ros.live.playback import Playback
from grounding_ros.live.records import judged_records, unjudged_records
from grounding_ros.live.running_node import node_under_test
from grounding_ros.live.script import Script, script_of
from grounding_ros.live.survey import survey
from grounding_ros.ros.health import TELLING_S, HealthListener
from grounding_ros.ros.listener import ResultListener
from grounding_ros.ros.player import BagPlayer
from grounding_ros.ros.session import spinning

_SETTLED_NS = 200_000_000


def run_live(
    jobs: Sequence[Job], settings: Settings, rate: float = 1.0, start_node: bool = False
) -> Iterator[SceneRecord | Broken]:
    """Play one bag after the other and yield their scenes in order.

    Parameters
    ----------
    jobs
        Whole bags.
    settings
        The grounder is that of a node that is started.
    rate
        Times the recorded speed.
    start_node
        Whether to start a node for each bag, in a DDS domain of its own; else one must be running.

    Raises
    ------
    InputError
        When something is asked for that a running node cannot give.
    BackendError
        When the grounder of the node is unknown or cannot be loaded.
    """
    _refuse(settings, rate, start_node)
    folders: set[Path] = set()
    for job in jobs:
        if job.position is not None:
            if job.source not in folders:
                yield Broken(job.source, _no_bag(job.source))
            folders.add(job.source)
            continue
        try:
            yield from _played(job.source, settings, rate, start_node)
        except InputError as error:
            yield Broken(job.source, str(error))


def _refuse(settings: Settings, rate: float, start_node: bool) -> None:
    if not rate > 0:
        raise InputError(f"--rate: expected a number above 0, got {rate}")
    if settings.conditions != Conditions():
        raise InputError(
            "--live: expected no --oracle and no --depth-noise, for a running node sees what the "
            "bag holds; evaluate the folder it was made from without --live"
        )
    if settings.grounder != Settings().grounder and not start_node:
        raise InputError(
            f"--grounder: expected none with a running node, which has its own, got "
            f"{settings.grounder!r}; give --start-node, or set the node's perception.grounder"
        )
    if settings.record is not None:
        raise InputError(
            "--record: expected none with --live, got one; use `ros2 bag record` beside it"
        )


def _refuse_pictures(script: Script, settings: Settings) -> None:
    if settings.evidence and script.truth is None:
        raise InputError(
            f"{script.path}: expected its truth beside it for --report with --live, got none; "
            "leave --report away"
        )


def _grown(
    key: str, before: Mapping[str, str] | None, after: Mapping[str, str] | None
) -> int | None:
    if before is None or after is None or key not in before or key not in after:
        return None
    return int(after[key]) - int(before[key])


def _no_bag(folder: Path) -> str:
    return (
        f"{folder}: expected a bag for --live, got a folder of scenes; turn it into one: "
        f"grounding-ros make-bag {folder} {folder}/bag"
    )


def _played(path: Path, settings: Settings, rate: float, start_node: bool) -> Iterator[SceneRecord]:
    """Play one bag and yield its scenes; the counts are with the last one."""
    with ExitStack() as stack:
        enter = stack.enter_context
        bag = enter(BagReader(path))
        script = script_of(bag, settings.asked, settings.camera)
        _refuse_pictures(script, settings)
        tested = enter(node_under_test(script, settings.grounder, start_node))
        node = enter(spinning("grounding_evaluation"))
        name = tested.find(node)
        listener = ResultListener(node, name, pictures=False)
        health = HealthListener(node, name.rpartition("/")[2])
        player = BagPlayer(node, script.played.items(), rate=rate)
        tested.wait_until_it_listens(player)
        tested.wait_until_it_is_ready(node, health)
        found = [] if script.truth is None else survey(bag, script, player, listener, health)
        before = health.wait(node.get_clock().now().nanoseconds, TELLING_S)
        playback = enter(Playback(player, script))
        dialogue = Dialogue(playback, listener, tested.check)
        if script.truth is None:
            records = unjudged_records(script, dialogue, settings)
        else:
            records = judged_records(script, dialogue, found, settings)
        last: SceneRecord | None = None
        for record in records:
            if last is not None:
                yield last
            last = record
        after = health.wait(node.get_clock().now().nanoseconds + _SETTLED_NS, TELLING_S)
    counts = LiveCounts(
        rate=rate,
        seconds=playback.seconds,
        instructions=dialogue.instructions,
        answered=dialogue.answered,
        older_frame=dialogue.older_frame,
        answers=dialogue.answers,
        incomplete=dialogue.incomplete,
        images_sent=playback.images,
        images_late=playback.late_images,
        late_max_ms=1e3 * playback.late_max_s,
        images_received=_grown("images", before, after),
        images_skipped=_grown("skipped", before, after),
    )
    if last is not None:
        yield replace(last, live=counts)
