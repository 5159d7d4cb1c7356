"""The same objects in metres."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import ShapeError
from grounding_ros.scene.arrays import frozen


@dataclass(frozen=True, eq=False)
class Objects3D:
    """N oriented boxes in one frame; row n belongs to detection n.

    A row that could not be lifted is NaN throughout and carries its reason.
    """

    frame_id: str
    """The frame of every number here: the target frame, or the camera's optical frame."""
    centers: NDArray[np.float64]
    """(N, 3) metres, centre of the oriented box."""
    rotations: NDArray[np.float64]
    """(N, 3, 3), columns are the box's own axes; the third points up where gravity is known."""
    sizes: NDArray[np.float64]
    """(N, 3) metres, full extents along the box's own axes."""
    covariances: NDArray[np.float64]
    """(N, 3, 3) square metres, of the centre."""
    point_counts: NDArray[np.int64]
    """(N,) depth points that survived outlier removal."""
    reasons: tuple[str, ...]
    """N sentences: why the 3D is absent; "" where it is there."""
    up: NDArray[np.float64]
    """(3,) unit vector against gravity in `frame_id`; NaN when unknown."""
    up_source: str = ""
    """Where `up` comes from: "tf", "plane" (the support plane's normal) or "" (unknown)."""
    floor: NDArray[np.float64] = field(default_factory=lambda: np.full(4, np.nan))
    """(4,) the support plane `normal . p = offset` in `frame_id`: its unit normal, towards the
    camera, then its offset in metres; NaN when none was found."""
    assumptions: tuple[str, ...] = ()
    """N sentences: what was taken for granted about the sides that are not seen; "" where the box
    holds only what is seen. () for none at all."""

    def __post_init__(self) -> None:
        n = len(self.reasons)
        shapes: dict[str, tuple[int, ...]] = {
            "centers": (n, 3),
            "rotations": (n, 3, 3),
            "sizes": (n, 3),
            "covariances": (n, 3, 3),
            "up": (3,),
            "floor": (4,),
        }
        for name, shape in shapes.items():
            array = frozen(name, getattr(self, name), shape, np.float64)
            object.__setattr__(self, name, array)
        counts = frozen("point_counts", self.point_counts, (n,), np.int64)
        object.__setattr__(self, "point_counts", counts)
        if not self.assumptions:
            object.__setattr__(self, "assumptions", ("",) * n)
        if len(self.assumptions) != n:
            raise ShapeError(f"assumptions: expected one a row ({n}), got {len(self.assumptions)}")
        places: list[list[float]] = self.centers.tolist()
        for row, (reason, place) in enumerate(zip(self.reasons, places, strict=True)):
            if bool(reason) == all(map(math.isfinite, place)):
                raise ShapeError(
                    f"objects3d row {row}: expected either a finite centre or a reason, "
                    f"got centre {self.centers[row]} and reason {reason!r}"
                )

    @classmethod
    def absent(cls, count: int, reason: str, frame_id: str = "") -> Objects3D:
        """`count` objects without 3D, all for the same reason."""
        return cls(
            frame_id=frame_id,
            centers=np.full((count, 3), np.nan),
            rotations=np.full((count, 3, 3), np.nan),
            sizes=np.full((count, 3), np.nan),
            covariances=np.full((count, 3, 3), np.nan),
            point_counts=np.zeros(count, np.int64),
            reasons=(reason,) * count,
            up=np.full(3, np.nan),
        )

    def __len__(self) -> int:
        return len(self.reasons)

    def __getitem__(self, keep: NDArray[np.bool_] | NDArray[np.intp] | list[int]) -> Objects3D:
        """The chosen objects, in the order of `keep`: a mask (N,) or indices."""
        index = np.asarray(keep)
        index = np.flatnonzero(index) if index.dtype == bool else index.astype(np.intp)
        return replace(
            self,
            centers=self.centers[index],
            rotations=self.rotations[index],
            sizes=self.sizes[index],
            covariances=self.covariances[index],
            point_counts=self.point_counts[index],
            reasons=tuple(self.reasons[i] for i in index),
            assumptions=tuple(self.assumptions[i] for i in index),
        )

    @property
    def present(self) -> NDArray[np.bool_]:
        """(N,) True where the object has a 3D box."""
        return np.array([not reason for reason in self.reasons], dtype=bool)
