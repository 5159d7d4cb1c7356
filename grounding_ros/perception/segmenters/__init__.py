"""Segmenters by name: a plain dict from name to builder."""

from __future__ import annotations

from collections.abc import Callable

from grounding_ros.errors import BackendError
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.perception.models.missing import not_installed
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.protocols import Segmenter


def _box(parameters: PerceptionParameters, support: SupportPlanes) -> Segmenter:
    from grounding_ros.perception.segmenters.box import BoxSegmenter

    return BoxSegmenter()


def _depth(parameters: PerceptionParameters, support: SupportPlanes) -> Segmenter:
    from grounding_ros.perception.segmenters.depth import DepthSegmenter

    return DepthSegmenter(support)


def _segment_anything(parameters: PerceptionParameters, support: SupportPlanes) -> Segmenter:
    from grounding_ros.perception.segmenters.segment_anything import segment_anything

    return segment_anything(parameters)


def _onnx(parameters: PerceptionParameters, support: SupportPlanes) -> Segmenter:
    from grounding_ros.perception.segmenters.onnx import OnnxSegmenter

    return OnnxSegmenter.from_parameters(parameters)


SEGMENTERS: dict[str, Callable[[PerceptionParameters, SupportPlanes], Segmenter]] = {
    "box": _box,
    "depth": _depth,
    "sam": _segment_anything,
    "sam2": _segment_anything,
    "edgetam": _segment_anything,
    "onnx": _onnx,
}


def build_segmenter(parameters: PerceptionParameters, support: SupportPlanes) -> Segmenter:
    """Build the segmenter that the parameters name; only now its libraries are imported.

    Raises
    ------
    BackendError
        For an unknown name, listing the known ones; for one whose libraries are not installed.
    """
    builder = SEGMENTERS.get(parameters.segmenter)
    if builder is None:
        known = ", ".join(sorted(SEGMENTERS))
        raise BackendError(f"segmenter: expected one of {known}; got {parameters.segmenter!r}")
    try:
        return builder(parameters, support)
    except ModuleNotFoundError as error:
        raise not_installed(f"segmenter {parameters.segmenter}", error) from error
