"""One pipeline for all cameras of a node."""

from __future__ import annotations

from collections.abc import Callable

from grounding_ros.pipeline import Pipeline, PipelineParameters


class SharedPipeline:
    """Builds a pipeline once for all who ask with the same parameters; one asks at a time."""

    def __init__(self, build: Callable[[PipelineParameters], Pipeline]) -> None:
        """Build with this function."""
        self._build = build
        self._built: tuple[PipelineParameters, Pipeline] | None = None

    def build(self, parameters: PipelineParameters) -> Pipeline:
        """Return the pipeline of these parameters; that of others is closed first."""
        if self._built is None or self._built[0] != parameters:
            self.close()  # two models at once may not fit into a GPU
            self._built = parameters, self._build(parameters)
        return self._built[1]

    def close(self) -> None:
        """Give the models' memory back, once nobody runs the pipeline any more."""
        if self._built is not None:
            self._built[1].close()
        self._built = None
