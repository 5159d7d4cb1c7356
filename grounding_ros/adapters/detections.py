"""An answer as vision_msgs: 2D and 3D detections, label map."""

from __future__ import annotations

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
    for row in answer.chosen:
        detection = vision.Detection2D(header=header, id=str(row + 1))
        x0, y0, x1, y1 = map(float, answer.candidates.boxes[row])
        detection.bbox.center.position.x = (x0 + x1) / 2
        detection.bbox.center.position.y = (y0 + y1) / 2
        detection.bbox.size_x = x1 - x0
        detection.bbox.size_y = y1 - y0
        detection.results = [_hypothesis(answer.candidates, answer.objects, row, vision)]
        message.detections.append(detection)
    return message


def detections_3d(answer: Answer, header: Any, vision: Any) -> Any:
    """Return the chosen set as vision_msgs/Detection3DArray: oriented boxes with covariance.

    An object whose 3D is absent is left out; `~/answer` says why. `header` carries the image's
    stamp and the frame of `answer.objects`.
    """
    message = vision.Detection3DArray(header=header)
    for row in answer.chosen:
        if answer.objects.reasons[row]:
            continue
        result = _hypothesis(answer.candidates, answer.objects, row, vision)
        detection = vision.Detection3D(header=header, id=str(row + 1), results=[result])
        detection.bbox.center = result.pose.pose
        size = detection.bbox.size
        size.x, size.y, size.z = map(float, answer.objects.sizes[row])
        message.detections.append(detection)
    return message


def label_info(answer: Answer, header: Any, vision: Any) -> Any:
    """Return the vision_msgs/LabelInfo that names the ids of the mask image."""
    classes = [
        vision.VisionClass(class_id=row + 1, class_name=answer.candidates.labels[row])
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
        image[masks[row]] = row + 1
    return image


def _distances(answer: Answer) -> NDArray[np.float64]:
    base_from_camera = None if answer.pose is None else answer.pose.base_from_camera
    camera = np.zeros(3) if base_from_camera is None else base_from_camera[:3, 3]
    distance = np.linalg.norm(answer.objects3d.centers - camera, axis=1)
    return np.where(np.isfinite(distance), distance, np.inf)


def _hypothesis(candidates: Detections, objects: Objects3D, row: int, vision: Any) -> Any:
    result = vision.ObjectHypothesisWithPose()
    result.hypothesis.class_id = candidates.labels[row]
    result.hypothesis.score = float(candidates.scores[row])
    if not objects.reasons[row]:
        pose = result.pose.pose
        pose.position.x, pose.position.y, pose.position.z = map(float, objects.centers[row])
        x, y, z, w = map(float, quaternion_from_matrix(objects.rotations[row]))
        pose.orientation.x, pose.orientation.y, pose.orientation.z, pose.orientation.w = x, y, z, w
        covariance = np.zeros((6, 6))
        covariance[:3, :3] = objects.covariances[row]
        result.pose.covariance = covariance.ravel()
    return result
