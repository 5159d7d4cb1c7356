"""What users may turn of the models that see."""

from __future__ import annotations

from dataclasses import dataclass

from grounding_ros.declaration import parameter, validate


@dataclass(frozen=True)
class PerceptionParameters:
    """Which grounder and segmenter to use, and the thresholds of those that need no weights."""

    grounder: str = parameter(
        "geometric", "Name of the grounder, a key of GROUNDERS.", read_only=True
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
        0.3,
        "Tabletop grounder: how sure the network must be that something is an object where depth "
        "does not tell.",
        minimum=0.0,
        maximum=1.0,
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
