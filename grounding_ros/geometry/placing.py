"""Where the tool is when it lets an object go."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grounding_ros.scene import Grasp, Objects3D


def place_pose(
    grasp: Grasp, objects: Objects3D, row: int, spot: tuple[float, float, float], over: float = 0.0
) -> NDArray[np.float64]:
    """Return the tool's pose at which the grasped object's foot is on a spot.

    The object is carried without being turned.

    Parameters
    ----------
    grasp
        How object `row` is held.
    objects
        The objects; this one has a place and up is known, else it had no grasp.
    row
        Which object it is.
    spot
        Where its foot comes, metres in the frame of the objects.
    over
        How far over the spot it is let go, metres.

    Returns
    -------
    NDArray[np.float64]
        (4, 4), in the frame of the objects.
    """
    up = objects.rotations[row, :, 2]
    foot = objects.centers[row] - up * objects.sizes[row, 2] / 2
    pose = np.array(grasp.pose)
    pose[:3, 3] += np.array(spot) + over * up - foot
    return pose
