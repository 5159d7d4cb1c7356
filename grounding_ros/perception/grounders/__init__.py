"""Grounders by name: a plain dict from name to builder."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from grounding_ros.errors import BackendError
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.perception.models.missing import not_installed
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.protocols import Grounder, Notes


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


def _auto(parameters: PerceptionParameters, support: SupportPlanes) -> Grounder:
    """Build `tabletop` where what runs it is installed, else `geometric`, which needs nothing."""
    if find_spec("onnxruntime") is None:
        from grounding_ros.perception.grounders.geometric import GeometricGrounder

        missing = "tabletop: onnxruntime is not installed; pip install 'grounding_ros[cpu]'"
        return GeometricGrounder(parameters, support, Notes("geometric", (missing,)))
    return _tabletop(parameters, support)


def _grounding_dino(parameters: PerceptionParameters, support: SupportPlanes) -> Grounder:
    from grounding_ros.perception.grounders.grounding_dino import GroundingDino

    return GroundingDino.from_parameters(parameters, support)


def _owl(parameters: PerceptionParameters, support: SupportPlanes) -> Grounder:
    from grounding_ros.perception.grounders.owl import Owl

    return Owl.from_parameters(parameters, support)


def _omdet_turbo(parameters: PerceptionParameters, support: SupportPlanes) -> Grounder:
    from grounding_ros.perception.grounders.omdet_turbo import OmDetTurbo

    return OmDetTurbo.from_parameters(parameters, support)


def _sam3(parameters: PerceptionParameters, support: SupportPlanes) -> Grounder:
    from grounding_ros.perception.grounders.sam3 import Sam3

    return Sam3.from_parameters(parameters)


def _clipseg(parameters: PerceptionParameters, support: SupportPlanes) -> Grounder:
    from grounding_ros.perception.grounders.clipseg import ClipSeg

    return ClipSeg.from_parameters(parameters)


def _onnx(parameters: PerceptionParameters, support: SupportPlanes) -> Grounder:
    from grounding_ros.perception.grounders.onnx import OnnxGrounder

    return OnnxGrounder.from_parameters(parameters, support)


GROUNDERS: dict[str, Callable[[PerceptionParameters, SupportPlanes], Grounder]] = {
    "auto": _auto,
    "geometric": _geometric,
    "scripted": _scripted,
    "tabletop": _tabletop,
    "grounding_dino": _grounding_dino,
    "mm_grounding_dino": _grounding_dino,
    "llmdet": _grounding_dino,
    "owlv2": _owl,
    "owlvit": _owl,
    "omdet_turbo": _omdet_turbo,
    "sam3": _sam3,
    "clipseg": _clipseg,
    "onnx": _onnx,
}


def build_grounder(parameters: PerceptionParameters, support: SupportPlanes) -> Grounder:
    """Build the grounder that the parameters name; only now its libraries are imported.

    Raises
    ------
    BackendError
        For an unknown name, listing the known ones; for one whose libraries are not installed.
    """
    builder = GROUNDERS.get(parameters.grounder)
    if builder is None:
        known = ", ".join(sorted(GROUNDERS))
        raise BackendError(f"grounder: expected one of {known}; got {parameters.grounder!r}")
    try:
        return builder(parameters, support)
    except ModuleNotFoundError as error:
        raise not_installed(f"grounder {parameters.grounder}", error) from error
