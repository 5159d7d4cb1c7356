"""Films episodes from the side, faster than they were."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import InputError
from grounding_ros.simulation.engine import load_mujoco
from grounding_ros.simulation.pick_and_place.arena import Arena
from grounding_ros.simulation.world import HIDDEN_GROUP

SIZE = (640, 480)
"""(width, height) of the film, pixels."""
_RATE = 15
_FASTER = 4
_STILL_S = 1.0
_LOOKS_AT = (0.02, 0.0, 0.08)


class Film:
    """An mp4 file that grows frame by frame; use it in a `with`."""

    def __init__(self, path: Path) -> None:
        """Begin a film.

        Raises
        ------
        InputError
            When the file cannot be written.
        """
        self._writer = cv2.VideoWriter(
            str(path), cv2.VideoWriter.fourcc(*"mp4v"), float(_RATE), SIZE
        )
        if not self._writer.isOpened():
            raise InputError(f"--video: expected an .mp4 file that can be written, got {path}")
        self._renderer: Any = None
        self._due = 0.0
        self._words = ""
        self._shown: NDArray[np.uint8] = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)

    def __enter__(self) -> Film:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()
        self._writer.release()

    def begin(self, arena: Arena) -> None:
        """Go to another table; first its camera's own picture is shown with what is said."""
        self._close()
        mujoco = load_mujoco()
        self._renderer = mujoco.Renderer(arena.world.model, SIZE[1], SIZE[0])
        self._eye = mujoco.MjvCamera()
        self._eye.lookat[:] = _LOOKS_AT
        self._eye.distance, self._eye.azimuth, self._eye.elevation = 0.95, 125.0, -28.0
        self._option = mujoco.MjvOption()
        self._option.geomgroup[HIDDEN_GROUP] = 0
        self._words, self._due = arena.task.text, 0.0
        self._show(cv2.resize(arena.picture.rgb, SIZE), _STILL_S)

    def watch(self, data: Any) -> None:
        """Take a picture of a mujoco.MjData when one is due."""
        if data.time < self._due:
            return
        self._due = data.time + _FASTER / _RATE
        self._renderer.update_scene(data, self._eye, self._option)
        self._show(self._renderer.render())

    def end(self, words: str) -> None:
        """Hold the last picture with what came of it."""
        self._words = f"{self._words}: {words}"
        self._show(self._shown, _STILL_S)

    def _show(self, rgb: NDArray[Any], seconds: float = 0.0) -> None:
        self._shown = np.array(rgb, np.uint8)
        picture = cv2.cvtColor(self._shown, cv2.COLOR_RGB2BGR)
        picture[:34] = picture[:34] // 4
        place, font, white = (10, 22), cv2.FONT_HERSHEY_SIMPLEX, (255, 255, 255)
        cv2.putText(picture, self._words, place, font, 0.5, white, 1, cv2.LINE_AA)
        for _ in range(max(1, round(seconds * _RATE))):
            self._writer.write(picture)

    def _close(self) -> None:
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None
