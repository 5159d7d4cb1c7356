"""How well a box's centre is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def center_covariance(
    center: NDArray[np.float64],
    axes: NDArray[np.float64],
    size: NDArray[np.float64],
    *,
    pixel: float,
    depth_noise: float,
    extent_uncertainty: float,
) -> NDArray[np.float64]:
    """Return the covariance of the centre of a box, or of each of several boxes.

    Three independent parts: the depth error along the line of sight, which neighbouring pixels
    share, so that averaging does not remove it; half a pixel of the outline across the line of
    sight; a share of the size along each axis of the box, for the sides that are not seen.

    Parameters
    ----------
    center
        (..., 3) metres, optical frame.
    axes
        (..., 3, 3), columns are the axes of the box in the optical frame.
    size
        (..., 3) metres.
    pixel
        Width of a pixel at one metre.
    depth_noise
        Standard deviation of depth at one metre, metres; grows with the square of z.
    extent_uncertainty
        Standard deviation along each axis as a share of the size.

    Returns
    -------
    NDArray[np.float64]
        (..., 3, 3) square metres, optical frame; symmetric and positive definite.
    """
    z = center[..., 2, None]
    error = center / np.linalg.norm(center, axis=-1, keepdims=True) * (depth_noise * z**2)
    along = error[..., :, None] * error[..., None, :]
    across = np.eye(3) * ((0.5 * pixel * z) ** 2)[..., None]
    spread = axes * (extent_uncertainty * size)[..., None, :]
    return np.asarray(along + across + spread @ spread.swapaxes(-1, -2))
