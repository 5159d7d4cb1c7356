"""The values that flow through the pipeline: frozen, validated, numpy only."""

from grounding_ros.scene.answer import Answer, LastChoice, Status
from grounding_ros.scene.detections import Detections
from grounding_ros.scene.frame import Frame
from grounding_ros.scene.grasp import Grasp
from grounding_ros.scene.intrinsics import Intrinsics
from grounding_ros.scene.objects3d import Objects3D
from grounding_ros.scene.pose import CameraPose

__all__ = [
    "Answer",
    "CameraPose",
    "Detections",
    "Frame",
    "Grasp",
    "Intrinsics",
    "LastChoice",
    "Objects3D",
    "Status",
]
