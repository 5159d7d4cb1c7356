"""Chooses the first way to run an exported model that agrees with torch."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grounding_ros.errors import BackendError
from grounding_ros.perception.exported.folder import Manifest, Sample, read, read_samples
from grounding_ros.perception.exported.parity import Deviation, deviations
from grounding_ros.perception.exported.providers import Route
from grounding_ros.perception.exported.sessions import (
    AbsentProvider,
    Opener,
    Session,
    open_session,
)
from grounding_ros.perception.models.store import digest
from grounding_ros.perception.protocols import Notes

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trial:
    """What came of one route for a whole model."""

    route: Route
    worst: tuple[Deviation, ...] = ()
    """The largest of each output over all samples, named `graph.output`."""
    error: str = ""
    """Why it could not be run; "" when it ran."""
    is_absent: bool = False
    """Whether this ONNX Runtime has no such provider."""

    @property
    def is_refused(self) -> bool:
        """Whether the route must not be used."""
        return bool(self.error) or any(one.is_over for one in self.worst)

    def __str__(self) -> str:
        told = self.error or "; ".join(str(one) for one in self.worst if one.is_over)
        return f"{self.route}: {f'refused: {told}' if self.is_refused else 'agrees with torch'}"


@dataclass(frozen=True)
class Opened:
    """An exported model, ready to run."""

    manifest: Manifest
    sessions: Mapping[str, Session]
    """By graph."""
    route: Route
    refused: tuple[Trial, ...]
    """The routes before it, which are not used."""

    @property
    def notes(self) -> Notes:
        """What diagnostics have to say; a provider that is not installed is nothing to say."""
        height, width = self.manifest.size
        return Notes(
            f"{self.manifest.model} {width}x{height} on {self.route}",
            tuple(str(trial) for trial in self.refused if not trial.is_absent),
        )


def open_exported(folder: Path, routes: Sequence[Route], opener: Opener = open_session) -> Opened:
    """Open every graph of a folder in the first way that agrees with torch.

    The samples on which this is seen are those that export recorded; running them also warms up.

    Raises
    ------
    BackendError
        When the folder is not an export or was changed, or when every route is refused.
    """
    manifest = read(folder)
    check_files(folder, manifest)
    refused: list[Trial] = []
    for route in routes:
        trial, sessions = try_route(folder, manifest, route, opener)
        if not trial.is_refused:
            return Opened(manifest, sessions, route, tuple(refused))
        if not trial.is_absent:
            _logger.warning("%s: %s", folder.name, trial)
        refused.append(trial)
    raise BackendError(
        f"{folder}: expected a provider that agrees with torch, got none: "
        f"{' | '.join(map(str, refused))}"
    )


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare the graphs' checksums with those of the export.

    Raises
    ------
    BackendError
        When a graph is gone or is another one.
    """
    for graph in manifest.graphs.values():
        path = folder / graph.file
        got = digest(path) if path.is_file() else "no file"
        if got != graph.sha256:
            raise BackendError(
                f"{path}: expected the graph with the SHA-256 {graph.sha256}, got {got}; export "
                "the model again"
            )


def try_route(
    folder: Path,
    manifest: Manifest,
    route: Route,
    opener: Opener = open_session,
    samples: Mapping[str, Iterable[Sample]] | None = None,
) -> tuple[Trial, dict[str, Session]]:
    """Open every graph in one way and compare it on samples; those of the export when None."""
    sessions: dict[str, Session] = {}
    worst: dict[str, Deviation] = {}
    try:
        for name, graph in manifest.graphs.items():
            sessions[name] = opener(folder / graph.file, route)
            several = read_samples(folder, name) if samples is None else samples[name]
            for sample in several:
                got = sessions[name].run(sample.inputs)
                for one in deviations(sample.outputs, got, graph.outputs, route.precision):
                    _keep_worst(worst, f"{name}.{one.output}", one)
    except AbsentProvider as error:
        return Trial(route, error=str(error), is_absent=True), {}
    except BackendError as error:
        return Trial(route, tuple(worst.values()), str(error)), {}
    return Trial(route, tuple(worst.values())), sessions


def _keep_worst(worst: dict[str, Deviation], name: str, one: Deviation) -> None:
    before = worst.get(name)
    # A NaN is worse than every number, and stays.
    if before is None or not (np.isnan(before.value) or one.value <= before.value):
        worst[name] = Deviation(name, one.value, one.limit)
