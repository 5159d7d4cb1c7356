"""SAM, SAM 2 and EdgeTAM from tiny checkpoints: random weights test the wiring, never the masks."""

import gc
import json
import weakref
from types import SimpleNamespace

import numpy as np
import pytest
import real_pictures

from grounding_ros.errors import BackendError, ShapeError
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.language import parse
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.segmenters import build_segmenter
from grounding_ros.pipeline import PipelineParameters, build_pipeline
from grounding_ros.scene import Detections, Frame

torch = pytest.importorskip("torch", reason="needs the extra models")
pytest.importorskip("transformers", reason="needs the extra models")

import tiny_masks  # noqa: E402

from grounding_ros.perception.models.device import Device  # noqa: E402
from grounding_ros.perception.models.images import ImageRule  # noqa: E402
from grounding_ros.perception.segmenters.promptable import PromptableSegmenter  # noqa: E402
from grounding_ros.perception.segmenters.repvit import RepVit  # noqa: E402

NAMES = ("sam", "sam2", "edgetam")
BOXES = np.array([[20, 30, 180, 170], [5, 5, 90, 100], [60, 40, 200, 90]], np.float32)
CPU = Device("cpu", torch.float32)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    root = tmp_path_factory.mktemp("weights")
    for name in NAMES:
        getattr(tiny_masks, name)(root / name)
    return root


@pytest.fixture(scope="module")
def frame():
    return real_pictures.frames()[0]


def build(name, store, **changes):
    parameters = PerceptionParameters(segmenter=name, weights=str(store), device="cpu", **changes)
    return build_segmenter(parameters, SupportPlanes())


def agreement(first, second):
    return (first == second).mean()


@pytest.mark.parametrize("name", NAMES)
def test_random_weights_go_through_the_pipeline(name, store, frame):
    script = json.dumps({"red mug": [BOXES[0].tolist()], "box": BOXES[1:].tolist()})
    pipeline = build_pipeline(
        PipelineParameters(
            perception=PerceptionParameters(
                grounder="scripted",
                script=script,
                segmenter=name,
                weights=str(store),
                device="cpu",
            )
        )
    )
    answer = pipeline.run(frame, parse("find the red mug"))
    assert answer.status == "grounded", answer.message
    masks = answer.candidates.masks
    assert masks.shape == (3, frame.height, frame.width)
    assert masks.dtype == bool
    expected = build(name, store).of_boxes(frame, BOXES)
    assert agreement(masks, expected) == 1.0
    assert 0.01 < expected.mean() < 0.999


@pytest.mark.parametrize("name", NAMES)
def test_a_frame_is_encoded_once(name, store, frame):
    segmenter = build(name, store)
    segmenter.warm_up((48, 64))
    runs = []
    encoder = segmenter._encoder
    segmenter._encoder = lambda pixels: runs.append(pixels.shape) or encoder(pixels)
    first = segmenter.of_boxes(frame, BOXES)
    segmenter.of_points(frame, BOXES[:, None, :2])
    assert (len(runs), segmenter.encoded.hits) == (1, 1)
    other = Frame(np.ascontiguousarray(frame.rgb[:, ::-1]))
    assert agreement(segmenter.of_boxes(other, BOXES), first) < 1.0
    assert len(runs) == 2
    assert agreement(segmenter.of_boxes(frame, BOXES), first) == 1.0
    assert runs == [(1, 3, tiny_masks.SIDE, tiny_masks.SIDE)] * 3


@pytest.mark.parametrize("name", NAMES)
def test_many_boxes_give_what_each_gives_alone(name, store, frame):
    segmenter = build(name, store)
    many = np.tile(BOXES, (7, 1)) + np.arange(21, dtype=np.float32)[:, None]
    together = segmenter.of_boxes(frame, many)
    assert len(together) == 21
    for row in (0, 15, 16, 20):
        alone = segmenter.of_boxes(frame, many[row : row + 1])[0]
        assert agreement(together[row], alone) > 0.999
    assert segmenter.of_boxes(frame, many[:0]).shape == (0, frame.height, frame.width)


@pytest.mark.parametrize("name", NAMES)
def test_points_are_prompts_too(name, store, frame):
    segmenter = build(name, store)
    points = np.array([[[50.0, 60.0], [200.0, 100.0]], [[10.0, 20.0], [30.0, 40.0]]])
    on = segmenter.of_points(frame, points)
    off = segmenter.of_points(frame, points, np.array([[True, False], [True, True]]))
    assert on.shape == off.shape == (2, frame.height, frame.width)
    assert agreement(on[0], off[0]) < 1.0
    assert agreement(on[1], off[1]) == 1.0
    with pytest.raises(ShapeError, match=r"points: expected \(N, P, 2\)"):
        segmenter.of_points(frame, points[0])
    with pytest.raises(ShapeError, match=r"inside: expected \(2, 2\), got \(2,\)"):
        segmenter.of_points(frame, points, np.ones(2, bool))


def test_masks_that_are_there_are_kept(store, frame):
    masks = np.zeros((3, frame.height, frame.width), bool)
    given = Detections(BOXES, np.ones(3), ("a",) * 3, (frame.height, frame.width), masks)
    segmenter = build("sam", store)
    assert segmenter.segment(frame, given) is given
    assert segmenter.segment(frame, given.with_masks(None)).masks.any()


@pytest.mark.parametrize("name", NAMES)
def test_bfloat16_features_point_the_same_way(name, store, frame, monkeypatch):
    """What runs in bfloat16 on a GPU is run so on the CPU, where no user would."""
    full = features(build(name, store), frame)
    monkeypatch.setattr(Device, "of", lambda parameters: Device("cpu", torch.bfloat16))
    segmenter = build(name, store)
    half = features(segmenter, frame)
    assert (full - half).abs().max() > 0
    assert torch.nn.functional.cosine_similarity(full, half, dim=0) > 0.995
    assert segmenter.of_boxes(frame, BOXES).shape == (3, frame.height, frame.width)
    decoders = (segmenter._model.prompt_encoder, segmenter._model.mask_decoder)
    assert {weight.dtype for part in decoders for weight in part.parameters()} == {torch.float32}


def features(segmenter, frame):
    found, _ = segmenter._encode(frame)
    parts = found if isinstance(found, list) else [found]
    return torch.cat([part.float().flatten() for part in parts])


def test_closing_gives_the_memory_back(store, frame):
    segmenter = build("sam2", store)
    segmenter.of_boxes(frame, BOXES)
    model = weakref.ref(segmenter._model)
    segmenter.close()
    gc.collect()
    assert model() is None


def test_the_weights_of_another_model_are_refused(store, tmp_path):
    (tmp_path / "sam").symlink_to(store / "sam2")
    with pytest.raises(BackendError, match="SamModel"):
        build("sam", tmp_path)


def test_an_edgetam_on_another_backbone_is_refused(store, tmp_path):
    (tmp_path / "edgetam").mkdir()
    said = json.loads((store / "edgetam/config.json").read_text())
    said["vision_config"]["backbone_config"]["architecture"] = "resnet50"
    (tmp_path / "edgetam/config.json").write_text(json.dumps(said))
    (tmp_path / "edgetam/model.safetensors").symlink_to(store / "edgetam/model.safetensors")
    with pytest.raises(BackendError, match="backbone repvit_m1, got 'resnet50'"):
        build("edgetam", tmp_path)


def test_the_backbone_of_edgetam_has_timms_names_and_sizes():
    state = RepVit().state_dict()
    shapes = {name: tuple(value.shape) for name, value in state.items()}
    assert len(state) == 676
    assert sum(value.numel() for name, value in RepVit().named_parameters()) == 4_713_712
    assert shapes["stem.conv1.c.weight"] == (24, 3, 3, 3)
    assert shapes["stages_0.blocks.0.token_mixer.conv1.bn.running_var"] == (48,)
    assert shapes["stages_1.downsample.pre_block.channel_mixer.conv2.c.weight"] == (48, 96, 1, 1)
    assert shapes["stages_2.blocks.12.se.fc1.weight"] == (48, 192, 1, 1)
    assert shapes["stages_3.downsample.channel_downsample.c.weight"] == (384, 192, 1, 1)
    assert shapes["stages_3.downsample.ffn.conv1.c.weight"] == (768, 384, 1, 1)


class Planned:
    """Its mask k of a prompt is True in k + 1 columns; it trusts the second most."""

    def __init__(self, most=16):
        self.most = most
        self.asked = []

    def get_image_embeddings(self, pixels):
        return pixels

    def __call__(self, image_embeddings, multimask_output, input_boxes):
        count = input_boxes.shape[1]
        self.asked.append(count)
        if count > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9 GiB")
        columns = torch.arange(8).expand(1, count, 3, 8, 8)
        masks = torch.where(columns <= torch.arange(3).view(3, 1, 1), 1.0, -1.0)
        trust = torch.tensor([0.1, 0.9, 0.5]).expand(1, count, 3)
        return SimpleNamespace(pred_masks=masks, iou_scores=trust)


def planned(most=16, pad="none"):
    policy = "exact" if pad == "none" else "longest"
    model = Planned(most)
    return model, PromptableSegmenter(model, ImageRule(policy, (8, 8), pad), CPU)


def test_the_mask_that_the_model_trusts_most_is_taken():
    _, segmenter = planned()
    mask = segmenter.of_boxes(Frame(np.zeros((8, 8, 3), np.uint8)), BOXES[:1])[0]
    assert mask.sum(axis=1).tolist() == [2] * 8


def test_what_pads_the_picture_is_cut_off_its_masks():
    """A picture 4 wide and 8 high fills the left half: two of its columns are two of eight."""
    _, segmenter = planned(pad="square_last")
    mask = segmenter.of_boxes(Frame(np.zeros((8, 4, 3), np.uint8)), BOXES[:1])[0]
    assert mask.sum(axis=1).tolist() == [2] * 8
    _, stretched = planned()
    mask = stretched.of_boxes(Frame(np.zeros((8, 4, 3), np.uint8)), BOXES[:1])[0]
    assert mask.sum(axis=1).tolist() == [1] * 8


def test_fewer_boxes_at_a_time_when_memory_runs_out():
    model, segmenter = planned(most=4)
    frame = Frame(np.zeros((8, 8, 3), np.uint8))
    boxes = np.tile(BOXES[:1], (9, 1))
    assert segmenter.of_boxes(frame, boxes).sum(axis=(1, 2)).tolist() == [16] * 9
    assert model.asked == [9, 4, 4, 1]
    segmenter.of_boxes(frame, boxes)
    assert model.asked[4:] == [4, 4, 1]  # what did not fit once is not tried again


def test_no_memory_for_one_box_is_an_error():
    model, segmenter = planned(most=0)
    with pytest.raises(BackendError, match=r"memory for 0\.0625 of 16 prompts at a time"):
        segmenter.of_boxes(Frame(np.zeros((8, 8, 3), np.uint8)), BOXES)
    assert model.asked == [3, 3, 1]
