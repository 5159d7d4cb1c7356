"""A bag without truth: how long its answers take and what status they have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grounding_ros.errors import InputError
from grounding_ros.evaluation.bag_reader import BagReader
from grounding_ros.evaluation.progress import progress
from grounding_ros.evaluation.replay import Replayed, replay
from grounding_ros.evaluation.results import latency_json
from grounding_ros.evaluation.scores import Latency, latencies
from grounding_ros.evaluation.table import latency_lines, status_lines
from grounding_ros.evaluation.topics import find_topics
from grounding_ros.parameters import InputParameters
from grounding_ros.pipeline import Pipeline


@dataclass(frozen=True)
class BagResults:
    """What can be said of answers whose truth is not known."""

    answers: tuple[tuple[str, str], ...]
    """Instruction and status of each, in the bag's order."""
    latency_ms: Mapping[str, Latency]

    def as_table(self) -> str:
        """Return the figures as a person reads them."""
        statuses = Counter(status for _, status in self.answers)
        lines = [
            f"{len(self.answers)} instructions, no truth: latency and statuses only",
            "",
            *status_lines(statuses),
            "",
            *latency_lines(self.latency_ms),
        ]
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """Return the same keys as of a folder; null where the truth would be needed."""
        return {
            "instances": None,
            "overall": None,
            "by_kind": {},
            "boxes3d": None,
            "latency_ms": latency_json(self.latency_ms),
            "expressions": [
                {
                    "id": f"{number:06d}",
                    "exact": None,
                    "status": status,
                    "returned_ids": None,
                    "expected_ids": None,
                }
                for number, (_, status) in enumerate(self.answers)
            ],
        }


def run_bag(path: Path, pipeline: Pipeline) -> BagResults:
    """Answer every instruction of a bag on the newest frame of its moment.

    Raises
    ------
    InputError
        When it is no bag, or has no camera or no instruction.
    """
    answers, timings = [], []
    with BagReader(path) as bag:
        for one in replayed_bag(bag, pipeline):
            answers.append((one.text, one.answer.status.value))
            timings.append(one.answer.timings_ms)
    return BagResults(tuple(answers), latencies(timings))


def replayed_bag(bag: BagReader, pipeline: Pipeline, target_frame: str = "") -> Iterator[Replayed]:
    """Yield the answers of a bag, whose camera is looked for, with a progress bar.

    Raises
    ------
    InputError
        When it has no camera or no instruction.
    """
    topics = find_topics({name: topic.type for name, topic in bag.topics.items()})
    if not topics.instruction:
        raise InputError(
            f"{bag.path}: expected a topic `instruction` of std_msgs/String, got "
            f"{', '.join(bag.topics)}; record the instructions too"
        )
    total = bag.topics[topics.instruction].count
    answers = replay(bag, topics, pipeline, InputParameters(), target_frame)
    yield from progress(answers, "instructions", total)
