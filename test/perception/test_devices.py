"""Where models run, how they are loaded, and what happens when memory runs out."""

import json
from contextlib import nullcontext

import numpy as np
import pytest

from grounding_ros.errors import BackendError
from grounding_ros.perception.grounders import GROUNDERS
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.pipeline import PipelineParameters, build_pipeline
from grounding_ros.scene import Frame

torch = pytest.importorskip("torch", reason="needs the extra models")

from grounding_ros.perception.models.acceleration import Replayed, accelerated  # noqa: E402
from grounding_ros.perception.models.device import Device  # noqa: E402
from grounding_ros.perception.models.memory import Shrinking  # noqa: E402
from grounding_ros.perception.models.newest import Newest  # noqa: E402

CPU = Device("cpu", torch.float32)


def device(**changes):
    return Device.of(PerceptionParameters(**changes))


@pytest.mark.parametrize("name", ["", "gpu", "cpu:0", "cuda:x", "cuda:1:2"])
def test_a_device_that_is_none_is_refused(name):
    with pytest.raises(BackendError, match=f"auto, cpu, cuda or cuda:N; got '{name}'"):
        device(device=name)


def test_a_gpu_that_is_not_there_is_refused_with_what_to_do():
    with pytest.raises(BackendError, match=r"GPUs that torch .* sees, got 'cuda:99'; choose cpu"):
        device(device="cuda:99")


def test_a_cpu_computes_in_float32():
    assert device(device="cpu") == CPU
    for precision in ("bf16", "fp16"):
        with pytest.raises(BackendError, match=f"fp32 on a CPU, where {precision} is no faster"):
            device(device="cpu", precision=precision)


def test_products_are_reduced_in_precision_and_norms_and_exact_parts_are_not():
    half = Device("cpu", torch.bfloat16)
    model = half.prepare(
        torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.LayerNorm(4), torch.nn.Linear(4, 4))
    )
    half.exact(model[2])
    names = [str(part.weight.dtype) for part in model]
    assert names == ["torch.bfloat16", "torch.float32", "torch.float32"]
    assert not model.training
    with torch.inference_mode(), half.autocast():
        products = model[0](torch.ones(1, 4))
        assert products.dtype is torch.bfloat16
        with half.exactly():
            assert model[2](products.float()).dtype is torch.float32


def test_a_frozen_array_is_uploaded_without_a_warning():
    frame = Frame(np.full((2, 3, 3), 7, np.uint8))  # read-only
    tensor = CPU.upload(frame.rgb)
    assert tensor.shape == (2, 3, 3)
    tensor += 1
    assert frame.rgb.max() == 7


def test_out_of_memory_shrinks_the_picture_and_stays_there():
    shrinking, tried = Shrinking(CPU), []

    def attempt(scale):
        tried.append(scale)
        if scale > 0.5:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
        return "answer"

    assert shrinking.run(attempt) == "answer"
    assert shrinking.run(attempt) == "answer"
    assert tried == [1.0, 0.75, 0.5, 0.5]


def test_out_of_memory_at_the_smallest_size_is_an_error_that_says_what_to_do():
    def attempt(scale):
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9")

    with pytest.raises(BackendError, match=r"0\.5 of a picture of the model's.*a smaller model"):
        Shrinking(CPU).run(attempt)


def test_a_defect_is_no_lack_of_memory():
    def attempt(scale):
        raise RuntimeError("shapes do not match")

    with pytest.raises(RuntimeError, match="shapes do not match"):
        Shrinking(CPU).run(attempt)


def test_only_the_newest_frame_is_kept():
    newest, made = Newest(), []
    first, second = (Frame(np.zeros((1, 1, 3), np.uint8)) for _ in range(2))
    for frame, key in ((first, 1), (first, 1), (first, 2), (second, 2), (first, 2)):
        newest.of(frame, lambda: made.append(0) or len(made), key)
    assert (len(made), newest.hits) == (4, 1)


def test_on_a_cpu_nothing_is_compiled():
    def double(values):
        return 2 * values

    assert accelerated(double, "graphs", CPU) is double
    assert accelerated(double, "compile", CPU) is double


def test_a_part_that_cannot_be_recorded_runs_as_it_is(caplog):
    """As one that waits for the GPU; here there is no GPU to record on at all."""
    replayed = Replayed(lambda values, factor: [factor * values])
    for _ in range(2):
        (result,) = replayed(torch.ones(2), factor=3)
        assert result.tolist() == [3, 3]
    if not torch.cuda.is_available():
        assert caplog.text.count("CUDA graph refused") == 1


def test_what_is_recorded_is_replayed_on_new_inputs(monkeypatch):
    """With a stand-in for CUDA's graph that doubles what lies in the recorded input."""
    recorded, replays = [], []

    class Graph:
        def __init__(self):
            self.number = len(recorded)

        def replay(self):
            values, result = recorded[-1]
            result.copy_(2 * values)
            replays.append(self.number)

    class Nothing:
        def __getattr__(self, name):
            return lambda *args: None

    for name, stand_in in {
        "CUDAGraph": Graph,
        "Stream": Nothing,
        "current_stream": Nothing,
        "stream": lambda stream: nullcontext(),
        "graph": lambda graph: nullcontext(),
    }.items():
        monkeypatch.setattr(torch.cuda, name, stand_in)

    def double(values, factor):
        recorded.append((values, factor * values))
        return {"twice": recorded[-1][1]}

    replayed = Replayed(double)
    first = replayed(torch.tensor([1.0, 2.0]), factor=2)["twice"]
    second = replayed(torch.tensor([3.0, 4.0]), factor=2)["twice"]
    assert (first.tolist(), second.tolist()) == ([2, 4], [6, 8])
    assert (len(recorded), len(replays)) == (3, 2)  # two rounds before it is recorded
    replayed(torch.ones(5), factor=2)
    assert len(recorded) == 6  # another shape is another recording


def test_what_was_loaded_is_closed_when_the_rest_cannot_be(monkeypatch):
    """A detector that holds a GPU's memory, and a segmenter whose files are missing."""
    closed = []

    class Detector:
        def ground(self, frame, phrases):
            raise AssertionError("nothing is asked")

        def close(self):
            closed.append(self)

    monkeypatch.setitem(GROUNDERS, "held", lambda parameters, support: Detector())
    parameters = PerceptionParameters(grounder="held", segmenter="sam9")
    with pytest.raises(BackendError, match="segmenter: expected one of"):
        build_pipeline(PipelineParameters(perception=parameters))
    assert len(closed) == 1


def test_files_that_are_no_model_are_refused(tmp_path):
    pytest.importorskip("transformers", reason="needs the extra models")
    import tiny_detectors
    from transformers import AutoModelForZeroShotObjectDetection as Architecture

    from grounding_ros.perception.models.loading import load, load_tokenizer

    with pytest.raises(BackendError, match="AutoModelForZeroShotObjectDetection loads, got"):
        load(Architecture, tmp_path, CPU)
    with pytest.raises(BackendError, match="expected a tokenizer's files"):
        load_tokenizer(tmp_path)
    folder = tiny_detectors.owl(tmp_path / "owlv2")
    settings = json.loads((folder / "config.json").read_text("utf-8"))
    settings["vision_config"]["num_hidden_layers"] = 3
    (folder / "config.json").write_text(json.dumps(settings), "utf-8")
    with pytest.raises(BackendError, match=r"every weight of Owlv2.*layers\.2.*pull the model"):
        load(Architecture, folder, CPU)
