"""How objects are followed from frame to frame, declared once."""

from __future__ import annotations

from dataclasses import dataclass

from grounding_ros.declaration import parameter, validate


@dataclass(frozen=True)
class TrackingParameters:
    """Parameters of the tracker and of the steady count."""

    enabled: bool = parameter(
        True,
        "Keep the id of an object from frame to frame and steady the count of continuous answers; "
        "false numbers the objects of every frame anew.",
    )
    max_age_s: float = parameter(
        5.0,
        "How long an object that is not seen keeps its id, from the first frame without it, "
        "seconds.",
        minimum=0.0,
        maximum=600.0,
    )
    gate_m: float = parameter(
        0.15,
        "An object that is farther than this from where it was last seen is another one, metres.",
        minimum=0.01,
        maximum=2.0,
    )
    max_tracks: int = parameter(
        200,
        "Most objects that are remembered; what has been out of sight longest goes first.",
        minimum=1,
        maximum=1000,
    )
    count_window_s: float = parameter(
        1.0,
        "The count of a continuous answer is the median over this long, seconds; 0 counts every "
        "frame alone.",
        minimum=0.0,
        maximum=60.0,
    )

    def __post_init__(self) -> None:
        validate(self)
