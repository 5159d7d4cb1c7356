"""The ways to run a graph: their order, what providers are told, progress, what is not there."""

import threading
from dataclasses import replace

import pytest

from grounding_ros.errors import BackendError
from grounding_ros.perception.exported import sessions
from grounding_ros.perception.exported.progress import telling
from grounding_ros.perception.exported.providers import CPU, CUDA, TENSORRT, Route, routes_of
from grounding_ros.perception.parameters import PerceptionParameters


@pytest.mark.parametrize(
    ("precision", "routes"),
    [
        ("auto", ["TensorRT fp16", "CUDA fp32", "CPU fp32"]),
        ("fp32", ["TensorRT fp32", "CUDA fp32", "CPU fp32"]),
        ("fp16", ["TensorRT fp16", "CUDA fp16", "CPU fp16"]),
    ],
)
def test_the_usual_routes(precision, routes):
    parameters = PerceptionParameters(precision=precision)
    assert [str(route) for route in routes_of(parameters)] == routes


def test_a_user_chooses_providers_and_their_order():
    chosen = PerceptionParameters(providers=f" {CPU},{CUDA}, ")
    assert routes_of(chosen) == (Route(CPU, "fp32"), Route(CUDA, "fp32"))
    with pytest.raises(BackendError, match=r"expected some of TensorrtExec.*; got CudaProvider"):
        routes_of(replace(chosen, providers="CudaProvider"))
    with pytest.raises(BackendError, match="expected auto, fp32 or fp16 for an ONNX model"):
        routes_of(replace(chosen, precision="bf16"))


def test_engines_are_kept_by_model_size_precision_and_gpu(tmp_path, monkeypatch):
    monkeypatch.setattr(sessions, "gpu_name", lambda: "NVIDIA-Thor")
    graph = tmp_path / "owlv2-960x960" / "image.onnx"
    caches = set()
    for precision in ("fp16", "fp32"):
        told = sessions.provider_options(graph, Route(TENSORRT, precision))
        assert told["trt_fp16_enable"] == str(int(precision == "fp16"))
        assert told["trt_engine_cache_enable"] == "1"
        caches.add(told["trt_engine_cache_path"])
    engines = tmp_path / "owlv2-960x960" / "engines"
    assert caches == {str(engines / f"image-{one}-NVIDIA-Thor") for one in ("fp16", "fp32")}
    assert all(path.is_dir() for path in engines.iterdir())


def test_float32_on_cuda_means_float32():
    """Else matrix products are rounded to ten bits, a thousandth off."""
    assert sessions.provider_options(None, Route(CUDA, "fp32")) == {"use_tf32": "0"}
    assert sessions.provider_options(None, Route(CPU, "fp32")) == {}


def test_a_machine_without_nvidia_has_a_gpu_name_too(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert sessions.gpu_name() == "gpu"


def test_a_provider_that_is_not_installed_is_absent_not_wrong(tmp_path):
    runtime = pytest.importorskip("onnxruntime", reason="needs the extra cpu")
    if CUDA in runtime.get_available_providers():
        pytest.skip("this onnxruntime has CUDA")
    with pytest.raises(sessions.AbsentProvider, match="expected CUDAExecutionProvider in onnxrun"):
        sessions.open_session(tmp_path / "any.onnx", Route(CUDA, "fp32"))


def test_a_file_that_is_no_graph_is_a_sentence(tmp_path):
    pytest.importorskip("onnxruntime", reason="needs the extra cpu")
    (tmp_path / "broken.onnx").write_bytes(b"no graph")
    with pytest.raises(BackendError, match="ONNX Runtime: "):
        sessions.open_session(tmp_path / "broken.onnx", Route(CPU, "fp32"))


def test_a_slow_block_is_told_of_and_a_quick_one_is_not():
    told = []
    heard = threading.Event()

    def tell(sentence):
        told.append(sentence)
        heard.set()

    with telling("building", tell, every_s=30.0):
        pass
    assert told == []
    with telling("building", tell, every_s=0.01):
        assert heard.wait(10.0)
    assert told[0].startswith("building: 0 s so far")
    assert not any(thread.name == "progress" for thread in threading.enumerate())
