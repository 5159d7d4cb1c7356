"""Rigid transforms as values: (4, 4) matrices, `base_from_camera @ camera_from_tool`.

Quaternions are xyzw, the order of geometry_msgs/Quaternion. Angles are radians.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from grounding_ros.errors import GeometryError, ShapeError

Array = NDArray[np.float64]

_ORTHONORMAL = 1e-5
_NORM_TOLERANCE = 1e-2
"""tf2's own tolerance (QUATERNION_NORMALIZATION_TOLERANCE)."""


def transform(translation: ArrayLike, quaternion_xyzw: ArrayLike) -> Array:
    """Return the (4, 4) parent_from_child of a tf: translation (3,) metres, rotation (4,) xyzw.

    Raises
    ------
    GeometryError
        For numbers that are not finite or a quaternion that is not a unit one.
    """
    matrix = np.eye(4)
    matrix[:3, :3] = matrix_from_quaternion(quaternion_xyzw)
    matrix[:3, 3] = _finite("translation", translation, (3,))
    return matrix


def matrix_from_quaternion(quaternion_xyzw: ArrayLike) -> Array:
    """Return the (3, 3) rotation of a (4,) xyzw quaternion, which is normalised first.

    Raises
    ------
    GeometryError
        When its length is more than 1 % off: such a quaternion is broken, not rounded.
    """
    x, y, z, w = unit_quaternion(quaternion_xyzw)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def quaternion_from_matrix(rotation: ArrayLike) -> Array:
    """Return the (4,) xyzw unit quaternion of a (3, 3) rotation; of the two, the one with w >= 0.

    The best conditioned of Shepperd's four formulas (J. Guidance and Control, 1978) is taken.

    Raises
    ------
    GeometryError
        When the matrix is not a rotation.
    """
    # Plain floats: for nine numbers they are ten times as fast as arrays.
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = checked_rotation(rotation).tolist()
    squares = (1 + xx - yy - zz, 1 - xx + yy - zz, 1 - xx - yy + zz, 1 + xx + yy + zz)
    products = (
        (squares[0], xy + yx, xz + zx, zy - yz),
        (xy + yx, squares[1], yz + zy, xz - zx),
        (xz + zx, yz + zy, squares[2], yx - xy),
        (zy - yz, xz - zx, yx - xy, squares[3]),
    )
    row = products[squares.index(max(squares))]
    length = math.copysign(math.hypot(*row), row[3])
    return np.array([part / length for part in row])


def unit_quaternion(quaternion_xyzw: ArrayLike) -> Array:
    """Return a checked and normalised (4,) xyzw quaternion."""
    quaternion = _finite("quaternion", quaternion_xyzw, (4,))
    length = math.hypot(*quaternion.tolist())  # no overflow, however large they are
    if abs(length - 1) > _NORM_TOLERANCE:
        raise GeometryError(
            f"quaternion: expected length 1, got {length:.4g} of {quaternion.tolist()} (xyzw); "
            "check the publisher, (0, 0, 0, 0) is a message nobody filled in"
        )
    return np.asarray(quaternion / length)


def slerp(first: ArrayLike, second: ArrayLike, share: float) -> Array:
    """Return the rotation `share` of the way from one quaternion to another, the shorter way.

    Shoemake, SIGGRAPH 1985.
    """
    a, b = unit_quaternion(first), unit_quaternion(second)
    cosine = float(a @ b)
    if cosine < 0:
        b, cosine = -b, -cosine
    angle = math.acos(min(1.0, cosine))
    if angle < 1e-6:
        return unit_quaternion(a + share * (b - a))
    mixed = math.sin((1 - share) * angle) * a + math.sin(share * angle) * b
    return unit_quaternion(mixed / math.sin(angle))


def compose(*transforms: ArrayLike) -> Array:
    """Return the product: `compose(a_from_b, b_from_c)` is a_from_c; of nothing, the identity."""
    product = np.eye(4)
    for matrix in transforms:
        product = product @ _finite("transform", matrix, (4, 4))
    return product


def inverse(matrix: ArrayLike) -> Array:
    """Return camera_from_base of a rigid base_from_camera."""
    rigid = _finite("transform", matrix, (4, 4))
    rotation = checked_rotation(rigid[:3, :3])
    inverted = np.eye(4)
    inverted[:3, :3] = rotation.T
    inverted[:3, 3] = -rotation.T @ rigid[:3, 3]
    return inverted


def transform_points(matrix: ArrayLike, points: ArrayLike) -> Array:
    """Return points (..., 3) of the camera's frame in the base frame; NaN stays NaN."""
    rigid = _finite("transform", matrix, (4, 4))
    return np.asarray(np.asarray(points, np.float64) @ rigid[:3, :3].T + rigid[:3, 3])


def transform_covariance(matrix: ArrayLike, covariances: ArrayLike) -> Array:
    """Return covariances (..., 3, 3) of positions, rotated into the base frame."""
    rotation = _finite("transform", matrix, (4, 4))[:3, :3]
    return np.asarray(rotation @ np.asarray(covariances, np.float64) @ rotation.T)


def rotation_about_z(yaw: float) -> Array:
    """Return the (3, 3) rotation by `yaw` radians about z."""
    c, s = math.cos(yaw), math.sin(yaw)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def yaw_of(rotation: ArrayLike) -> float:
    """Return the angle of the first axis about z, in [-pi, pi], of a (3, 3) rotation.

    Meaningful in a frame whose z is up.

    Raises
    ------
    GeometryError
        When the matrix is not a rotation, or its first axis points straight up or down.
    """
    r = checked_rotation(rotation)
    if math.hypot(r[0, 0], r[1, 0]) < 1e-9:
        raise GeometryError("yaw: expected a first axis that is not vertical, it has none")
    return math.atan2(r[1, 0], r[0, 0])


def checked_rotation(rotation: ArrayLike) -> Array:
    """Return a (3, 3) matrix after checking that it is orthonormal and right-handed."""
    matrix = _finite("rotation", rotation, (3, 3))
    skewed = np.abs(matrix @ matrix.T - np.eye(3)).max() > _ORTHONORMAL
    if skewed or np.linalg.det(matrix) < 0:
        raise GeometryError(
            f"rotation: expected orthonormal, right-handed columns, got {matrix.tolist()}"
        )
    return matrix


def _finite(name: str, values: ArrayLike, shape: tuple[int, ...]) -> Array:
    array: NDArray[Any] = np.asarray(values, np.float64)
    if array.shape != shape:
        raise ShapeError(f"{name}: expected shape {shape}, got {array.shape}")
    if not np.isfinite(array).all():
        raise GeometryError(f"{name}: expected finite numbers, got {array.tolist()}")
    return array
