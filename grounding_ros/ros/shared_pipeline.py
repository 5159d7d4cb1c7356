"""One pipeline for all cameras of a node."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grounding_ros.language import parse
from grounding_ros.pipeline import Pipeline, PipelineParameters
from grounding_ros.scene import Frame, Intrinsics


class SharedPipeline:
    """Builds a pipeline once for all who ask with the same parameters; one asks at a time."""

    def __init__(self, build: Callable[[PipelineParameters], Pipeline]) -> None:
        """Build with this function."""
        self._build = build
        self._built: tuple[PipelineParameters, Pipeline] | None = None

    def build(self, parameters: PipelineParameters) -> Pipeline:
        """Return the pipeline of these parameters; warmed up; that of others is closed."""
        if self._built is None or self._built[0] != parameters:
            self.close()  # two models at once may not fit into a GPU
            pipeline = self._build(parameters)
            try:
                _warm_up(pipeline)
            except Exception:
                pipeline.close()
                raise
            self._built = parameters, pipeline
        return self._built[1]

    def close(self) -> None:
        """Give the models' memory back, once nobody runs the pipeline any more."""
        if self._built is not None:
            self._built[1].close()
        self._built = None


def _warm_up(pipeline: Pipeline) -> None:
    """Let lazy imports, thread pools and buffers cost the start, not the first instruction."""
    camera = Intrinsics(640, 480, 525.0, 525.0, 319.5, 239.5)
    depth = np.ones((480, 640), np.float32)
    depth[200:280, 280:360] = 0.9
    frame = Frame(np.full((480, 640, 3), 128, np.uint8), depth, camera)
    pipeline.run(frame, parse("find all objects"))
