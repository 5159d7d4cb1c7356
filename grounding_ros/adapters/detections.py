"""An answer as vision_msgs: 2D and 3D detections, label map."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.transforms import quaternion_from_matrix
from grounding_ros.scene import Answer, Detections, Objects3D


def detections_2d(answer: Answer, header: Any, vision: Any) -> Any:
    """Return the chosen set as vision_msgs/Detection2DArray, best first, original pixels.

    Parameters
    ----------
    answer
        The answer; only its chosen rows are written.
    header
        std_msgs/Header of the image.
    vision
        The module `vision_msgs.msg` (version 4).
    """
    message = vision.Detection2DArray(header=header)
    results = _results(answer, vision.ObjectHypothesisWithPose)
    boxes = answer.candidates.boxes.tolist()
    for row in answer.chosen:
        detection = vision.Detection2D(
            header=header, id=str(answer.ids[row]), results=[results[row]]
        )
        x0, y0, x1, y1 = boxes[row]
        detection.bbox.center.position.x = (x0 + x1) / 2
        detection.bbox.center.position.y = (y0 + y1) / 2
        detection.bbox.size_x = x1 - x0
        detection.bbox.size_y = y1 - y0
        message.detections.append(detection)
    return message


def detections_3d(answer: Answer, header: Any, vision: Any) -> Any:
    """Return the chosen set as vision_msgs/Detection3DArray: oriented boxes with covariance.

    An object whose 3D is absent is left out; `~/answer` says why. `header` carries the image's
    stamp and the frame of `answer.objects`.
    """
    message = vision.Detection3DArray(header=header)
    for row in answer.chosen:
        if not answer.objects.reasons[row]:
            id = str(answer.ids[row])
            message.detections.append(detection_3d(answer, row, header, vision, id))
    return message


def detection_3d(answer: Answer, row: int, header: Any, vision: Any, id: str) -> Any:
    """Return one chosen object that has a box as vision_msgs/Detection3D."""
    result = _results(answer, vision.ObjectHypothesisWithPose)[row]
    detection = vision.Detection3D(header=header, id=id, results=[result])
    detection.bbox.center = result.pose.pose
    size = detection.bbox.size
    size.x, size.y, size.z = answer.objects.sizes[row].tolist()
    return detection


def label_info(answer: Answer, header: Any, vision: Any) -> Any:
    """Return the vision_msgs/LabelInfo that names the ids of the mask image."""
    classes = [
        vision.VisionClass(class_id=answer.ids[row], class_name=answer.candidates.labels[row])
        for row in answer.chosen
    ]
    return vision.LabelInfo(header=header, class_map=classes, threshold=0.0)


def instance_image(answer: Answer) -> NDArray[np.uint16]:
    """Return (H, W) uint16: the id, as in the detections, of the chosen object; 0 elsewhere.

    Where masks overlap the nearer object wins; an object without 3D counts as farthest.
    """
    masks = answer.candidates.masks
    image = np.zeros(answer.candidates.image_size, np.uint16)
    if masks is None:
        return image
    for k in np.argsort(-_distances(answer), kind="stable"):
        row = answer.chosen[k]
        np.copyto(image, answer.ids[row], where=masks[row])
    return image


def _distances(answer: Answer) -> NDArray[np.float64]:
    base_from_camera = None if answer.pose is None else answer.pose.base_from_camera
    camera = np.zeros(3) if base_from_camera is None else base_from_camera[:3, 3]
    centers = answer.objects.centers[list(answer.chosen)]
    distance = np.linalg.norm(centers - camera, axis=1)
    return np.where(np.isfinite(distance), distance, np.inf)


@lru_cache(maxsize=1)
def _results(answer: Answer, hypothesis_type: Any) -> dict[int, Any]:
    """Return the hypothesis of every chosen row, made once: the 2D and 3D messages share them."""
    return {
        row: _hypothesis(answer.candidates, answer.objects, row, hypothesis_type())
        for row in answer.chosen
    }


def _hypothesis(candidates: Detections, objects: Objects3D, row: int, result: Any) -> Any:
    result.hypothesis.class_id = candidates.labels[row]
    result.hypothesis.score = float(candidates.scores[row])
    if not objects.reasons[row]:
        pose = result.pose.pose
        pose.position.x, pose.position.y, pose.position.z = objects.centers[row].tolist()
        x, y, z, w = quaternion_from_matrix(objects.rotations[row]).tolist()
        pose.orientation.x, pose.orientation.y, pose.orientation.z, pose.orientation.w = x, y, z, w
        covariance = np.zeros((6, 6))
        covariance[:3, :3] = objects.covariances[row]
        result.pose.covariance = covariance.ravel()
    return result
