"""Grounders by name: a plain dict from name to builder."""

from __future__ import annotations

from collections.abc import Callable

from grounding_ros.errors import BackendError
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.protocols import Grounder


def _geometric(parameters: PerceptionParameters, support: SupportPlanes) -> Grounder:
    from grounding_ros.perception.grounders.geometric import GeometricGrounder

    return GeometricGrounder(parameters, support)


def _scripted(parameters: PerceptionParameters, support: SupportPlanes) -> Grounder:
    from grounding_ros.perception.grounders.scripted import ScriptedGrounder

    return ScriptedGrounder.from_json(parameters.script)


def _tabletop(parameters: PerceptionParameters, support: SupportPlanes) -> Grounder:
    from pathlib import Path

    from grounding_ros.perception.grounders.tabletop import TabletopGrounder
    from grounding_ros.shared_files import share

    folder = Path(parameters.model_folder) if parameters.model_folder else share("models")
    return TabletopGrounder.from_folder(parameters, support, folder or Path("models"))


GROUNDERS: dict[str, Callable[[PerceptionParameters, SupportPlanes], Grounder]] = {
    "geometric": _geometric,
    "scripted": _scripted,
    "tabletop": _tabletop,
}


def build_grounder(parameters: PerceptionParameters, support: SupportPlanes) -> Grounder:
    """Build the grounder that the parameters name; only now its libraries are imported.

    Raises
    ------
    BackendError
        For an unknown name, listing the known ones.
    """
    builder = GROUNDERS.get(parameters.grounder)
    if builder is None:
        known = ", ".join(sorted(GROUNDERS))
        raise BackendError(f"grounder: expected one of {known}; got {parameters.grounder!r}")
    return builder(parameters, support)
