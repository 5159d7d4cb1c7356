"""A grounder that says what it was told to: for tests, demos and launch files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np

from grounding_ros.errors import BackendError
from grounding_ros.language.instruction import Phrase
from grounding_ros.scene import Detections, Frame


class ScriptedGrounder:
    """Finds the boxes a script gives for a phrase, in every frame.

    >>> ScriptedGrounder({"red mug": [[10, 10, 50, 60]]})
    ScriptedGrounder(['red mug'])
    """

    def __init__(self, script: Mapping[str, Sequence[Sequence[float]]]) -> None:
        """Take a script: name to boxes, xyxy pixels.

        Raises
        ------
        BackendError
            When a box is not four numbers.
        """
        for name, boxes in script.items():
            if np.shape(boxes) != (len(boxes), 4) and len(boxes) > 0:
                raise BackendError(
                    f"script of {name!r}: expected a list of boxes [x0, y0, x1, y1], got {boxes}"
                )
        self._script = {name.strip().lower(): list(boxes) for name, boxes in script.items()}

    @classmethod
    def from_json(cls, text: str) -> ScriptedGrounder:
        """Take the script as JSON.

        Raises
        ------
        BackendError
            When the text is not a JSON object of phrase to boxes.
        """
        try:
            script = json.loads(text)
        except json.JSONDecodeError as error:
            raise BackendError(f"script: expected JSON, got {text!r} ({error})") from error
        if not isinstance(script, dict) or not all(isinstance(v, list) for v in script.values()):
            raise BackendError(f"script: expected an object of phrase to boxes, got {text!r}")
        return cls(script)

    def __repr__(self) -> str:
        """Show the phrases of the script."""
        return f"{type(self).__name__}({sorted(self._script)})"

    def ground(self, frame: Frame, phrases: Sequence[Phrase]) -> Detections:
        """Give all scripted boxes; a phrase matches by its text or by its attributes and head."""
        named = [(name, box) for name, boxes in self._script.items() for box in boxes]
        matches = [[float(name in _names(phrase)) for phrase in phrases] for name, _ in named]
        return Detections(
            boxes=np.array([box for _, box in named], np.float32).reshape(-1, 4),
            scores=np.ones(len(named), np.float32),
            labels=tuple(name for name, _ in named),
            image_size=(frame.height, frame.width),
            phrases=tuple(phrase.text for phrase in phrases),
            matches=np.array(matches, np.float32).reshape(len(named), len(phrases)),
            attributes=tuple(tuple(name.split()) for name, _ in named),
        )


def _names(phrase: Phrase) -> set[str]:
    """What a script may call the phrase: "the red mug" and "red mug"."""
    return {phrase.text.strip().lower(), " ".join((*phrase.attributes, phrase.head)).lower()}
