"""Lens models: where a ray of the world lands on the normalised image plane, and back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import InputError
from grounding_ros.scene import Intrinsics

Array = NDArray[np.float64]
_Model = Callable[[Array, tuple[float, ...]], Array]

_ITERATIONS = 20
_CONVERGED = 1e-9
"""Of the normalised plane: a millionth of a pixel."""
_STEP = 1e-7


def distort(rays: Array, intrinsics: Intrinsics) -> Array:
    """Return where ideal rays land on the real lens' normalised image plane.

    Parameters
    ----------
    rays
        (M, 2) x/z and y/z in the optical frame.
    intrinsics
        The camera; without a distortion model the rays are returned as they are.

    Returns
    -------
    Array
        (M, 2) normalised coordinates; times f plus c they are pixels.

    Raises
    ------
    InputError
        For a distortion model that is not known, or a wrong number of coefficients.
    """
    model = _model(intrinsics)
    return rays if model is None else model(rays, intrinsics.distortion)


def undistort(landed: Array, intrinsics: Intrinsics) -> Array:
    """Return the rays that land on (M, 2) points: the inverse of `distort`, by Newton's method.

    A point that no ray reaches (outside the range where the model is valid) is NaN.
    """
    model = _model(intrinsics)
    if model is None:
        return landed
    coefficients = intrinsics.distortion
    with np.errstate(all="ignore"):  # points without a ray may overflow; they end as NaN
        start = _equidistant_start(landed) if model is _equidistant else landed
        rays = _newton(model, coefficients, landed, start)
        error = np.abs(model(rays, coefficients) - landed).max(axis=-1, initial=0.0)
        # Beyond its fold a polynomial has more solutions, mirrored or on the other side: not rays.
        mirrored = ~(_determinant(model, coefficients, rays) > 0)
        opposite = (rays * landed).sum(axis=-1) < 0
        wrong = ~(error < 100 * _CONVERGED) | mirrored | opposite
    return np.where(wrong[:, None], np.nan, rays)


def _brown_conrady(rays: Array, coefficients: tuple[float, ...]) -> Array:
    """plumb_bob (4 or 5 coefficients) and rational_polynomial (8): OpenCV's calib3d model."""
    k1, k2, p1, p2, k3, k4, k5, k6 = (*coefficients, *(0.0,) * 8)[:8]
    x, y = rays[:, 0], rays[:, 1]
    r2 = x * x + y * y
    radial = (1 + r2 * (k1 + r2 * (k2 + r2 * k3))) / (1 + r2 * (k4 + r2 * (k5 + r2 * k6)))
    return np.stack(
        [
            x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x),
            y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y,
        ],
        axis=-1,
    )


def _equidistant(rays: Array, coefficients: tuple[float, ...]) -> Array:
    """Kannala-Brandt fisheye: the angle to the axis, not its tangent, grows with the radius."""
    k1, k2, k3, k4 = coefficients
    r = np.hypot(rays[:, 0], rays[:, 1])
    t = np.arctan(r)
    t2 = t * t
    bent = t * (1 + t2 * (k1 + t2 * (k2 + t2 * (k3 + t2 * k4))))
    ratio = np.divide(bent, r, out=np.ones_like(r), where=r > 0)
    return np.asarray(rays * ratio[:, None])


def _equidistant_start(landed: Array) -> Array:
    angle = np.minimum(np.hypot(landed[:, 0], landed[:, 1]), 1.5)[:, None]
    return np.asarray(landed * np.where(angle > 0, np.tan(angle) / angle, 1.0))


_COEFFICIENTS: dict[str, tuple[_Model, tuple[int, ...]]] = {
    "plumb_bob": (_brown_conrady, (0, 4, 5)),
    "rational_polynomial": (_brown_conrady, (0, 8)),
    "equidistant": (_equidistant, (4,)),
}


def _model(intrinsics: Intrinsics) -> _Model | None:
    name, given = intrinsics.distortion_model, len(intrinsics.distortion)
    if not name:
        return None
    if name not in _COEFFICIENTS:
        raise InputError(
            f"distortion_model: expected one of {', '.join(_COEFFICIENTS)}, or none; got {name!r}; "
            "use the rectified image, or calibrate with one of these"
        )
    model, allowed = _COEFFICIENTS[name]
    if given not in allowed:
        counts = " or ".join(str(n) for n in allowed)
        raise InputError(f"{name}: expected {counts} coefficients, got {given}; check camera_info")
    if model is _brown_conrady and not any(intrinsics.distortion):
        return None
    return model


def _newton(model: _Model, coefficients: tuple[float, ...], landed: Array, start: Array) -> Array:
    rays = start
    for _ in range(_ITERATIONS):
        error = model(rays, coefficients) - landed
        if np.nanmax(np.abs(error), initial=0.0) < _CONVERGED:
            break
        dx, dy = _derivatives(model, coefficients, rays)
        determinant = dx[:, 0] * dy[:, 1] - dx[:, 1] * dy[:, 0]
        step = np.stack(
            [
                error[:, 0] * dy[:, 1] - error[:, 1] * dy[:, 0],
                error[:, 1] * dx[:, 0] - error[:, 0] * dx[:, 1],
            ],
            axis=-1,
        )
        rays = rays - step / determinant[:, None]
    return rays


def _derivatives(
    model: _Model, coefficients: tuple[float, ...], rays: Array
) -> tuple[Array, Array]:
    """How the landing point moves with each component of the ray, (M, 2) each."""
    x, y = np.array([_STEP, 0.0]), np.array([0.0, _STEP])
    dx = model(rays + x, coefficients) - model(rays - x, coefficients)
    dy = model(rays + y, coefficients) - model(rays - y, coefficients)
    return dx / (2 * _STEP), dy / (2 * _STEP)


def _determinant(model: _Model, coefficients: tuple[float, ...], rays: Array) -> Array:
    dx, dy = _derivatives(model, coefficients, rays)
    return np.asarray(dx[:, 0] * dy[:, 1] - dx[:, 1] * dy[:, 0])
