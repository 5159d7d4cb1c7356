"""What /diagnostics says of models that choose what they run on."""

from types import SimpleNamespace

import pytest

pytest.importorskip("rclpy", reason="ROS 2 is not here: run `make test`")

from diagnostic_msgs.msg import DiagnosticStatus
from rclpy.time import Time

from grounding_ros.perception.protocols import Notes
from grounding_ros.ros.diagnostics import Diagnostics, Health
from grounding_ros.ros.statistics import Statistics


@pytest.fixture
def pipeline_status():
    """What is sent of the pipeline, for a state of health."""
    sent = []
    node = SimpleNamespace(
        get_name=lambda: "grounding",
        get_clock=lambda: SimpleNamespace(now=Time),
        create_publisher=lambda *_: SimpleNamespace(publish=sent.append),
    )
    diagnostics = Diagnostics(node, {"image": "/image"})

    def of(health):
        diagnostics.publish(None, Statistics(), health)
        (status,) = [one for one in sent[-1].status if one.name == "grounding: pipeline"]
        return status, {pair.key: pair.value for pair in status.values}

    return of


def test_a_refused_provider_is_a_warning_with_the_reason(pipeline_status):
    why = "TensorRT fp16: refused: detect.boxes 0.31 > 0.01"
    notes = (Notes("grounding_dino 960x544 on CUDA fp32", (why,)), Notes("sam2 1024x1024 on CUDA"))
    status, values = pipeline_status(Health("ready", notes=notes))
    assert (status.level, status.message) == (DiagnosticStatus.WARN, why)
    assert values["model_1"] == "grounding_dino 960x544 on CUDA fp32"
    assert values["model_2"] == "sam2 1024x1024 on CUDA"


def test_the_provider_that_was_wanted_is_no_warning(pipeline_status):
    notes = (Notes("owlv2 960x960 on TensorRT fp16"),)
    status, values = pipeline_status(Health("ready", notes=notes))
    assert (status.level, status.message) == (DiagnosticStatus.OK, "ready")
    assert values["model_1"] == "owlv2 960x960 on TensorRT fp16"


def test_what_fails_now_is_told_before_what_was_refused_at_the_start(pipeline_status):
    notes = (Notes("owlv2 960x960 on CPU fp32", ("CUDA fp32: refused",)),)
    status, _ = pipeline_status(Health("failed", "out of memory", notes))
    assert (status.level, status.message) == (DiagnosticStatus.ERROR, "out of memory")
