"""The true boxes in metres in the place of the lifter's."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from grounding_ros.evaluation.metrics.boxes3d import true_box
from grounding_ros.evaluation.metrics.matching import TrueObjects, stand_for
from grounding_ros.pipeline import Lifter
from grounding_ros.scene import CameraPose, Detections, Frame, Objects3D
from grounding_ros.simulation.truth import BASE_FRAME, Scene


@dataclass(frozen=True, eq=False)
class TrueBoxes:
    """A lifter that knows better where it can."""

    lifter: Lifter
    """Measures whatever has no known pose."""
    scene: Scene
    true: TrueObjects

    def lift(self, frame: Frame, detections: Detections, pose: CameraPose | None) -> Objects3D:
        """Return the true box of whatever stands for an object of known pose, exactly there.

        Everything else is measured, all of it without a camera pose.
        """
        measured = self.lifter.lift(frame, detections, pose)
        if measured.frame_id != BASE_FRAME:  # without the camera's pose
            return measured
        centers, sizes = measured.centers.copy(), measured.sizes.copy()
        rotations, covariances = measured.rotations.copy(), measured.covariances.copy()
        reasons = list(measured.reasons)
        for row, id in enumerate(stand_for(detections, self.true)):
            box = None if id is None else true_box(self.scene.object(id))
            if box is not None:
                centers[row], sizes[row], rotations[row] = box.center, box.size, box.rotation
                covariances[row] = 0.0
                reasons[row] = ""
        return replace(
            measured,
            centers=centers,
            rotations=rotations,
            sizes=sizes,
            covariances=covariances,
            reasons=tuple(reasons),
            up=np.array([0.0, 0.0, 1.0]),  # of the base frame; a lifter without depth has none
            up_source="tf",
        )
