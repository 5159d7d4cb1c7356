"""One pipeline for several cameras: built and warmed up once, closed when another one follows."""

import pytest

from grounding_ros.pipeline import PipelineParameters
from grounding_ros.reasoning import ReasoningParameters
from grounding_ros.ros.shared_pipeline import SharedPipeline

USUAL = PipelineParameters()
OTHER = PipelineParameters(reasoning=ReasoningParameters(ambiguity_margin=0.5))


class Noting:
    """A pipeline that notes what is done to it."""

    def __init__(self, broken=False):
        self.done = []
        self._broken = broken

    def run(self, frame, instruction):
        self.done.append("run")
        if self._broken:
            raise RuntimeError("no kernel")

    def close(self):
        self.done.append("close")


def test_two_cameras_share_one_pipeline_that_is_warmed_up_once():
    made = [Noting(), Noting()]
    shared = SharedPipeline(lambda parameters: made[parameters is OTHER])
    assert shared.build(USUAL) is shared.build(USUAL) is made[0]
    assert made[0].done == ["run"]
    assert shared.build(OTHER) is made[1]
    assert made[0].done == ["run", "close"]
    shared.close()
    assert made[1].done == ["run", "close"]


def test_one_that_cannot_run_is_closed_and_not_shared():
    made = [Noting(broken=True), Noting()]
    left = iter(made)
    shared = SharedPipeline(lambda parameters: next(left))
    with pytest.raises(RuntimeError, match="no kernel"):
        shared.build(USUAL)
    assert made[0].done == ["run", "close"]
    assert shared.build(USUAL) is made[1]
