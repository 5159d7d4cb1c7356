"""The arrays inside a value: shape and dtype are checked, then the array is frozen."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from grounding_ros.errors import GeometryError, ShapeError


def frozen(name: str, array: Any, shape: tuple[int | None, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return `array` as a read-only view after checking it.

    Parameters
    ----------
    name
        What the array is called in an error message.
    array
        The array; a list or a scalar sequence is converted.
    shape
        The expected shape; `None` stands for any length.
    dtype
        The expected dtype. Safe casts are done (float64 to float32 too), others are refused.

    Raises
    ------
    ShapeError
        With the expected and the actual shape or dtype.
    """
    values = np.asarray(array)
    wanted = np.dtype(dtype)
    if values.size == 0 and values.dtype != wanted:
        values = values.astype(wanted)  # an empty list is float64 by default
    if not np.can_cast(values.dtype, wanted, casting="same_kind"):
        raise ShapeError(f"{name}: expected dtype {wanted}, got {values.dtype}")
    if values.ndim != len(shape) or any(
        want is not None and want != got for want, got in zip(shape, values.shape, strict=True)
    ):
        raise ShapeError(f"{name}: expected shape {_spelled(shape)}, got {values.shape}")
    view: NDArray[Any] = values.astype(wanted, copy=False).view()
    view.flags.writeable = False
    return view


def rigid(name: str, matrix: Any, advice: str = "") -> NDArray[np.float64]:
    """Return a (4, 4) rigid transform as a read-only view after checking it.

    Raises
    ------
    GeometryError
        With the name, what came and the `advice` when it is none.
    """
    transform = frozen(name, matrix, (4, 4), np.float64)
    rotation = transform[:3, :3]
    if not (
        np.isfinite(transform).all()
        and np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-5)
        and np.linalg.det(rotation) > 0
        and np.allclose(transform[3], (0, 0, 0, 1))
    ):
        raise GeometryError(f"{name}: expected a rigid transform, got {transform.tolist()}{advice}")
    return transform


def _spelled(shape: tuple[int | None, ...]) -> str:
    return "(" + ", ".join("any" if n is None else str(n) for n in shape) + ")"
