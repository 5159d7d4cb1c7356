"""What somebody points at in a picture: a point, a box, an outline or a scribble."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grounding_ros.errors import InputError

MOST_POINTS = 10000
"""A longer scribble is no scribble."""


@dataclass(frozen=True)
class Region:
    """Pixels (u, v) of one image."""

    points: tuple[tuple[float, float], ...]
    """One is a point, two are opposite corners of a box, more are an outline or a scribble."""
    frame_id: str = ""
    """The frame of the image; "" when it was not said."""

    def __post_init__(self) -> None:
        if not 1 <= len(self.points) <= MOST_POINTS:
            raise InputError(
                f"region: expected 1 to {MOST_POINTS} points in pixels, got {len(self.points)}"
            )
        if not np.isfinite(self.points).all():
            raise InputError("region: expected finite pixels, got NaN or infinity among its points")

    def check(self, height: int, width: int, frame_id: str) -> None:
        """Make sure that all of it lies in an image.

        Raises
        ------
        InputError
            When a point is outside, or the region is of another frame.
        """
        if self.frame_id and frame_id and self.frame_id != frame_id:
            raise InputError(
                f'region: expected pixels of the image, whose frame is "{frame_id}", got a '
                f'polygon in "{self.frame_id}"; give it the frame of the image, or none'
            )
        for u, v in self.points:
            if not (0 <= u <= width and 0 <= v <= height):
                raise InputError(
                    f"region: expected pixels of the {width}x{height} image, got ({u:g}, {v:g})"
                )
