"""What decides between one object and several."""

from __future__ import annotations

from dataclasses import dataclass

from grounding_ros.declaration import parameter, validate


@dataclass(frozen=True)
class ReasoningParameters:
    """Parameters of the resolver."""

    match_threshold: float = parameter(
        0.3,
        "An object fits a phrase when its match is at least this, 0 to 1.",
        minimum=1e-6,
        maximum=1.0,
    )
    ambiguity_margin: float = parameter(
        0.25,
        "Objects whose match is within this fraction of the best match fit equally well.",
        minimum=0.0,
        maximum=1.0,
    )
    robot_frame: str = parameter(
        "",
        "The frame whose x is the robot's forward, for left and right \"from the robot's side\": "
        "they are judged where `target_frame` is this frame; empty: in any `target_frame`.",
    )

    def __post_init__(self) -> None:
        validate(self)
