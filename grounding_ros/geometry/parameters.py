"""The parameters of the depth sensor and of lifting, declared once."""

from __future__ import annotations

from dataclasses import dataclass

from grounding_ros.declaration import parameter, validate
from grounding_ros.errors import InputError
from grounding_ros.geometry.sensor import SENSORS, DepthSensor


@dataclass(frozen=True)
class SensorParameters:
    """What is known of the depth camera, for everybody who reads its depth."""

    model: str = parameter(
        "kinect",
        "The kind of depth camera: how its error grows with the distance and over how many pixels "
        "it is alike.",
        choices=tuple(SENSORS),
    )
    depth_noise: float = parameter(
        0.0,
        "Standard deviation of the depth at one metre, metres; it grows with the square of the "
        "distance. In place of the model's; 0: the model's.",
        minimum=0.0,
        maximum=0.05,
    )

    def __post_init__(self) -> None:
        validate(self)

    @property
    def sensor(self) -> DepthSensor:
        """The model, with its noise replaced where one is given."""
        known = SENSORS[self.model]
        return known.with_noise(self.depth_noise) if self.depth_noise > 0 else known


@dataclass(frozen=True)
class LiftingParameters:
    """How masks and depth become boxes in metres."""

    min_points: int = parameter(
        25, "Depth points an object needs under its mask to get a 3D box.", minimum=3, maximum=10000
    )
    min_depth_m: float = parameter(
        0.1, "Depth below this is not believed, metres.", minimum=0.0, maximum=100.0
    )
    max_depth_m: float = parameter(
        10.0, "Depth above this is not believed, metres.", minimum=0.0, maximum=1000.0
    )
    rim_px: int = parameter(
        2,
        "Rim of each mask, pixels, that counts only where its depth continues the inside; for "
        "segmenters whose outlines take in the background.",
        minimum=0,
        maximum=20,
    )
    max_hidden_m: float = parameter(
        0.3,
        "Most by which a box is extended down to its support where its foot is hidden, metres.",
        minimum=0.0,
        maximum=10.0,
    )
    extent_uncertainty: float = parameter(
        0.05,
        "Standard deviation of the centre along each axis of the box, as a share of its size, "
        "where no shape was recognised.",
        minimum=0.0,
        maximum=1.0,
    )

    def __post_init__(self) -> None:
        validate(self)
        if self.min_depth_m >= self.max_depth_m:
            raise InputError(
                f"min_depth_m: expected below max_depth_m ({self.max_depth_m}), "
                f"got {self.min_depth_m}"
            )
