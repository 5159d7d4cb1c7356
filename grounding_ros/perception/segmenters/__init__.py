"""Segmenters by name: a plain dict from name to builder."""

from __future__ import annotations

from collections.abc import Callable

from grounding_ros.errors import BackendError
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.protocols import Segmenter


def _box(parameters: PerceptionParameters, support: SupportPlanes) -> Segmenter:
    from grounding_ros.perception.segmenters.box import BoxSegmenter

    return BoxSegmenter()


def _depth(parameters: PerceptionParameters, support: SupportPlanes) -> Segmenter:
    from grounding_ros.perception.segmenters.depth import DepthSegmenter

    return DepthSegmenter(support)


SEGMENTERS: dict[str, Callable[[PerceptionParameters, SupportPlanes], Segmenter]] = {
    "box": _box,
    "depth": _depth,
}


def build_segmenter(parameters: PerceptionParameters, support: SupportPlanes) -> Segmenter:
    """Build the segmenter that the parameters name; only now its libraries are imported.

    Raises
    ------
    BackendError
        For an unknown name, listing the known ones.
    """
    builder = SEGMENTERS.get(parameters.segmenter)
    if builder is None:
        known = ", ".join(sorted(SEGMENTERS))
        raise BackendError(f"segmenter: expected one of {known}; got {parameters.segmenter!r}")
    return builder(parameters, support)
