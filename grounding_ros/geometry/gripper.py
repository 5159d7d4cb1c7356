"""The gripper, declared once: the defaults are those of a Panda hand (Franka Robotics)."""

from __future__ import annotations

from dataclasses import dataclass

from grounding_ros.declaration import parameter, validate


@dataclass(frozen=True)
class GripperParameters:
    """The tool that grasps are planned for."""

    tool: str = parameter(
        "fingers",
        "What the robot grasps with: `fingers` (a parallel gripper) or `suction` (a cup).",
        choices=("fingers", "suction"),
    )
    max_opening_m: float = parameter(
        0.08, "Most that the gripper opens between its fingers, metres.", minimum=0.005, maximum=1.0
    )
    finger_length_m: float = parameter(
        0.045,
        "From the palm to the end of the fingertips, metres: nothing deeper can be reached around.",
        minimum=0.005,
        maximum=0.5,
    )
    finger_thickness_m: float = parameter(
        0.014, "Of a finger along the closing direction, metres.", minimum=0.001, maximum=0.1
    )
    finger_width_m: float = parameter(
        0.02, "Of a finger across the closing direction, metres.", minimum=0.001, maximum=0.2
    )
    palm_width_m: float = parameter(
        0.204, "Of the hand along the closing direction, metres.", minimum=0.01, maximum=1.0
    )
    palm_depth_m: float = parameter(
        0.064, "Of the hand across the closing direction, metres.", minimum=0.01, maximum=1.0
    )
    clearance_m: float = parameter(
        0.005,
        "Air between the object and each finger on the way, and between the fingertips and what "
        "the object stands on, metres.",
        minimum=0.0,
        maximum=0.1,
    )
    suction_radius_m: float = parameter(
        0.015, "Of the suction cup, metres.", minimum=0.001, maximum=0.2
    )
    suction_tilt_deg: float = parameter(
        15.0,
        "Most by which a top that the suction cup takes may be off level, degrees.",
        minimum=0.0,
        maximum=90.0,
    )
    suction_roughness_m: float = parameter(
        0.003,
        "Most by which a top under the suction cup may be off flat, root mean square, metres; no "
        "less than the depth noise.",
        minimum=0.0005,
        maximum=0.05,
    )
    release_height_m: float = parameter(
        0.02,
        "How far over the rim of a container an object's foot is let go, metres.",
        minimum=0.0,
        maximum=0.5,
    )

    def __post_init__(self) -> None:
        validate(self)
