"""What stands in the report, in its order."""

from __future__ import annotations

from dataclasses import dataclass

from grounding_ros.evaluation.report.accuracy import accuracy_plot
from grounding_ros.evaluation.report.answers import answers_part
from grounding_ros.evaluation.report.errors import error_plots
from grounding_ros.evaluation.report.latency import latency_plot
from grounding_ros.evaluation.report.tables import (
    accuracy_table,
    boxes_table,
    broken_table,
    fault_table,
    instance_table,
    latency_table,
    live_table,
    status_table,
    waterfall_table,
)
from grounding_ros.evaluation.results import Results


@dataclass(frozen=True)
class Section:
    """A part of the page with a heading."""

    id: str
    title: str
    content: str
    """HTML."""


def sections(results: Results) -> tuple[Section, ...]:
    """Return the sections that have something to say."""
    has_truth = results.overall is not None
    accuracy = accuracy_plot(results), status_table(results), accuracy_table(results)
    objects = instance_table(results), boxes_table(results), error_plots(results)
    latency = latency_plot(results), latency_table(results), live_table(results)
    every = (
        _section("broken", "Could not be read", broken_table(results)),
        _section("accuracy", "Accuracy" if has_truth else "Statuses", *accuracy),
        _section("failures", "Failures", fault_table(results)),
        _section("waterfall", "Error by stage", waterfall_table(results)),
        _section("objects", "Objects", *objects),
        _section("latency", "Latency", *latency),
        _section("answers", "Answers", answers_part(results)),
    )
    return tuple(section for section in every if section.content)


def _section(id: str, title: str, *contents: str) -> Section:
    return Section(id, title, "".join(contents))
