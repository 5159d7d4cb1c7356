"""The right answer to an expression, in the form in which the pipeline answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grounding_ros.evaluation.metrics.boxes3d import true_box
from grounding_ros.evaluation.metrics.matching import TrueObjects
from grounding_ros.scene import Answer, Detections, Objects3D, Status
from grounding_ros.simulation.truth import BASE_FRAME, Expression, Scene, SceneObject


def true_answer(scene: Scene, true: TrueObjects, spoken: Expression, stamp_ns: int) -> Answer:
    """Return an answer whose candidates are all true objects, rows of `true`, all of them sure.

    Chosen are the expected objects. `stamp_ns` is that of the frame. Objects of known pose have
    their box in `BASE_FRAME`.
    """
    things = [scene.object(id) for id in true.ids]
    return Answer(
        status=Status.GROUNDED if spoken.target_ids else Status.NOT_FOUND,
        text=spoken.text,
        task="",
        stamp_ns=stamp_ns,
        frame_id=scene.frame.frame_id,
        candidates=Detections(
            boxes=true.boxes.astype(np.float32),
            scores=np.ones(len(things), np.float32),
            labels=tuple(true_label(thing) for thing in things),
            image_size=(scene.frame.height, scene.frame.width),
            masks=true.masks,
            track_ids=true.ids,
        ),
        objects=_true_objects(things),
        chosen=tuple(true.rows(spoken.target_ids)),
        places=tuple(true.rows(spoken.place_ids)),
    )


def true_label(thing: SceneObject) -> str:
    """Return the plainest name with the main colour, "red box"."""
    return " ".join((*thing.colors[:1], *thing.names[:1]))


def _true_objects(things: Sequence[SceneObject]) -> Objects3D:
    centers, sizes = np.full((2, len(things), 3), np.nan)
    rotations = np.full((len(things), 3, 3), np.nan)
    covariances = np.full((len(things), 3, 3), np.nan)
    reasons = ["the true pose is not known"] * len(things)
    for row, thing in enumerate(things):
        box = true_box(thing)
        if box is not None:
            centers[row], sizes[row], rotations[row] = box.center, box.size, box.rotation
            covariances[row] = 0.0
            reasons[row] = ""
    return Objects3D(
        frame_id=BASE_FRAME,
        centers=centers,
        rotations=rotations,
        sizes=sizes,
        covariances=covariances,
        point_counts=np.zeros(len(things), np.int64),
        reasons=tuple(reasons),
        up=np.array([0.0, 0.0, 1.0]),
    )
