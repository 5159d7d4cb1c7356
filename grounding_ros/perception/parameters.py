"""What users may turn of the models that see."""

from __future__ import annotations

from dataclasses import dataclass

from grounding_ros.declaration import parameter, validate


@dataclass(frozen=True)
class PerceptionParameters:
    """Which grounder and segmenter to use, and the thresholds of those that need no weights."""

    grounder: str = parameter(
        "auto",
        "Name of the grounder, a key of GROUNDERS; auto: the bundled tabletop where ONNX Runtime "
        "is installed, else geometric.",
        read_only=True,
    )
    segmenter: str = parameter(
        "depth", "Name of the segmenter, a key of SEGMENTERS.", read_only=True
    )
    min_object_size: float = parameter(
        0.02,
        "Geometric grounder: what is smaller along its longest side is no object, metres.",
        minimum=0.0,
        maximum=1.0,
        read_only=True,
    )
    max_object_size: float = parameter(
        0.6,
        "Geometric grounder: what is larger along its longest side is no object (a wall, a "
        "person), metres.",
        minimum=0.01,
        maximum=10.0,
        read_only=True,
    )
    max_height: float = parameter(
        0.6,
        "Geometric grounder: what lies higher above the support is ignored, metres.",
        minimum=0.01,
        maximum=10.0,
        read_only=True,
    )
    model_folder: str = parameter(
        "",
        "Tabletop grounder: the folder of its two graphs; empty: the package's own models/.",
        read_only=True,
    )
    min_proposal_score: float = parameter(
        0.45,
        "Tabletop grounder: how sure the network must be that something is an object.",
        minimum=0.0,
        maximum=1.0,
        read_only=True,
    )
    device: str = parameter(
        "auto",
        "Models with weights: where they run: auto (a GPU when torch sees one), cpu, cuda, cuda:N.",
        read_only=True,
    )
    precision: str = parameter(
        "auto",
        "Models with weights: numbers of the matrix products; auto: bf16 or fp16 on a GPU that has "
        "it, fp32 elsewhere.",
        choices=("auto", "fp32", "fp16", "bf16"),
        read_only=True,
    )
    weights: str = parameter(
        "",
        "Models with weights: the folder that holds a folder for each model, of its name; empty: "
        "where `grounding-ros models pull` writes.",
        read_only=True,
    )
    score_threshold: float = parameter(
        0.0,
        "Grounder's model: an object scored lower for a phrase does not fit it; 0: the model's "
        "own.",
        minimum=0.0,
        maximum=0.99,
        read_only=True,
    )
    image_size: str = parameter(
        "",
        "Grounder's model: the size of its input in pixels, as 960x544; empty: the model's own.",
        read_only=True,
    )
    compile: str = parameter(
        "none",
        "Models with weights, on a GPU: `graphs` replays CUDA graphs, `compile` uses "
        "torch.compile; both are warmed up at configure.",
        choices=("none", "graphs", "compile"),
        read_only=True,
    )
    providers: str = parameter(
        "",
        "ONNX models: ONNX Runtime's execution providers in the order in which they are tried, "
        "separated by commas; empty: TensorRT, CUDA, CPU.",
        read_only=True,
    )
    grounder_export: str = parameter(
        "",
        "ONNX grounder: the folder that `grounding-ros models export` wrote, as owlv2-960x960; "
        "empty: the only one there is.",
        read_only=True,
    )
    segmenter_export: str = parameter(
        "",
        "ONNX segmenter: the folder that `grounding-ros models export` wrote, as sam2-1024x1024; "
        "empty: the only one there is.",
        read_only=True,
    )
    script: str = parameter(
        "{}",
        'Scripted grounder: JSON of phrase to boxes in pixels, {"red mug": [[x0, y0, x1, y1]]}.',
        read_only=True,
    )

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        validate(self)
