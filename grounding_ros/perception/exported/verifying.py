"""Compares every way to run an export with torch in float32, on pictures of the user's choice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grounding_ros.perception.exported.folder import read
from grounding_ros.perception.exported.opening import Trial, check_files, try_route
from grounding_ros.perception.exported.providers import routes_of
from grounding_ros.perception.exported.sessions import Opener, open_session
from grounding_ros.perception.parameters import PerceptionParameters


def trials(
    folder: Path,
    weights: Path | None,
    pictures: Sequence[NDArray[np.uint8]],
    parameters: PerceptionParameters,
    opener: Opener = open_session,
) -> Iterator[Trial]:
    """Yield what came of each provider, best first.

    Parameters
    ----------
    folder
        What export wrote.
    weights
        The model's own folder, for torch; None: the samples recorded at export are used.
    pictures
        (H, W, 3) uint8 RGB.
    parameters
        Say which providers, in which precision.
    opener
        Opens a graph.

    Raises
    ------
    BackendError
        When the folder is not an export, or was changed.
    """
    manifest = read(folder)
    check_files(folder, manifest)
    samples = None
    if weights is not None:
        from grounding_ros.perception.exported.exporting import samples_of
        from grounding_ros.perception.exported.plans import plan_of

        samples = samples_of(plan_of(manifest.model, weights, manifest.size), pictures)
    for route in routes_of(parameters):
        yield try_route(folder, manifest, route, opener, samples)[0]
