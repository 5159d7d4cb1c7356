"""What is kept of a scene: numbers, text and one small picture, whatever the size of its masks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grounding_ros.evaluation.live_counts import LiveCounts
from grounding_ros.evaluation.metrics.instance_scores import SceneInstances
from grounding_ros.evaluation.metrics.judgement import Judgement
from grounding_ros.evaluation.report.evidence import SceneEvidence


@dataclass(frozen=True)
class Heard:
    """An answer whose truth is not known."""

    id: str
    text: str
    status: str
    timings_ms: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class SceneRecord:
    """One scene's part of the figures; it goes from process to process and is kept by thousands."""

    source: Path
    """The folder or the bag it is from."""
    scene: str
    instances: SceneInstances | None = None
    """None: it is not known what there was to be found."""
    judgements: tuple[Judgement, ...] = ()
    baselines: Mapping[str, tuple[Judgement, ...]] = field(default_factory=dict)
    heard: tuple[Heard, ...] = ()
    failures: tuple[str, ...] = ()
    """What the failed answers say."""
    evidence: SceneEvidence | None = None
    """For the report; None: none was asked for."""
    lines: tuple[str, ...] = ()
    """Of the dump's answers.jsonl."""
    live: LiveCounts | None = None
    """Of a whole bag, with its last scene; None: it was not played to a running node."""


@dataclass(frozen=True)
class Broken:
    """A source, or the rest of one, that could not be read."""

    source: Path
    reason: str
