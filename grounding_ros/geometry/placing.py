"""Where an object goes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import GeometryError
from grounding_ros.scene import Objects3D


def way_to(
    spot: tuple[float, float, float], objects: Objects3D, row: int, over: float = 0.0
) -> NDArray[np.float64]:
    """Return the way that an object's foot, and the hand that holds it, has to a spot.

    The object is carried without being turned.

    Parameters
    ----------
    spot
        Where its foot comes, metres in the frame of the objects.
    objects, row
        The object.
    over
        How far over the spot it is let go, metres.

    Returns
    -------
    NDArray[np.float64]
        (3,) metres, in the frame of the objects.

    Raises
    ------
    GeometryError
        With the reason why the object has no place in metres.
    """
    if objects.reasons[row]:
        raise GeometryError(objects.reasons[row])
    up = objects.rotations[row, :, 2]
    foot = objects.centers[row] - up * objects.sizes[row, 2] / 2
    return np.asarray(np.array(spot) + over * up - foot)
