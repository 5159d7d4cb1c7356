"""The tabletop network's two graphs, run by ONNX Runtime."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import BackendError
from grounding_ros.perception.grounders.tabletop_inputs import WIDTH

OBJECTS_FILE = "tabletop_objects.onnx"
WORDS_FILE = "tabletop_words.onnx"
STRIDE = 4
"""Network pixels along one side of a mask's cell."""


@dataclass(frozen=True, eq=False)
class Found:
    """K objects that the network proposes, and the R regions that it was given."""

    boxes: NDArray[np.float32]
    """(K, 4) xyxy, network pixels."""
    scores: NDArray[np.float32]
    """(K,) in [0, 1], falling."""
    masks: NDArray[np.float32]
    """(K, h/4, w/4) probabilities."""
    embeddings: NDArray[np.float32]
    """(K, D) of the proposed objects."""
    region_embeddings: NDArray[np.float32]
    """(R, D) of the given regions."""
    count: float = math.nan
    """How many objects there are by the integral of their density; NaN = not estimated."""


@dataclass(frozen=True, eq=False)
class Told:
    """What close-ups of N objects show, all of it in [0, 1]."""

    words: NDArray[np.float32]
    """(N, V) how probable each taught word is."""
    colors: NDArray[np.float32]
    """(N, len(COLORS)) how true each colour is of the paint."""
    masks: NDArray[np.float32]
    """(N, SIDE, SIDE) the objects in their close-ups, finer than the masks that were given."""
    quality: NDArray[np.float32]
    """(N,) how far `masks` overlap with an object: half or less is none."""


class Network(Protocol):
    """What the grounder needs of a network; tests put others in its place."""

    words: tuple[str, ...]
    """The V words that it was taught."""
    nouns: tuple[str, ...]
    """Those of them that name a kind of thing."""
    width: int
    """Columns of the picture that it was made for."""

    def look(self, picture: NDArray[np.float32], regions: NDArray[np.float32]) -> Found:
        """Find objects in a picture (C, h, w), and embed regions (R, h/4, w/4) of it."""
        ...

    def tell(
        self,
        embeddings: NDArray[np.float32],
        pictures: NDArray[np.float32],
        measures: NDArray[np.float32],
    ) -> Told:
        """Look at each object once more: its embedding (D,) and its close-up, see there."""
        ...


class OnnxNetwork:
    """The exported graphs; words, nouns and width are in the metadata of the first."""

    def __init__(self, folder: Path) -> None:
        """Load the two graphs.

        Raises
        ------
        BackendError
            When ONNX Runtime or a graph is missing, or a graph is not one of ours.
        """
        try:
            runtime = import_module("onnxruntime")
        except ImportError as error:
            raise BackendError(
                "tabletop grounder: expected the onnxruntime package, got none; "
                "pip install 'grounding_ros[cpu]', or choose the grounder `geometric`"
            ) from error
        self._objects = _session(runtime, folder / OBJECTS_FILE)
        self._words = _session(runtime, folder / WORDS_FILE)
        told = self._objects.get_modelmeta().custom_metadata_map
        if not {"words", "nouns"} <= set(told):
            raise BackendError(
                f"{folder / OBJECTS_FILE}: expected words and nouns in the metadata, got "
                f"{sorted(told)}; use a graph written by training.export"
            )
        self.words: tuple[str, ...] = tuple(json.loads(told["words"]))
        self.nouns: tuple[str, ...] = tuple(json.loads(told["nouns"]))
        self.width = int(json.loads(told.get("width", str(WIDTH))))
        self._outputs = [output.name for output in self._objects.get_outputs()]
        self._told = [output.name for output in self._words.get_outputs()]

    def look(self, picture: NDArray[np.float32], regions: NDArray[np.float32]) -> Found:
        """Find objects in a picture (C, h, w), and embed regions (R, h/4, w/4) of it."""
        told = self._objects.run(None, {"picture": picture[None], "regions": regions})
        named = dict(zip(self._outputs, told, strict=True))
        density = named.pop("density", None)
        return Found(**named, count=math.nan if density is None else float(density.sum()))

    def tell(
        self,
        embeddings: NDArray[np.float32],
        pictures: NDArray[np.float32],
        measures: NDArray[np.float32],
    ) -> Told:
        """Look at each object once more: its embedding (D,) and its close-up, see there."""
        inputs = {"embeddings": embeddings, "pictures": pictures, "measures": measures}
        if not len(embeddings):  # the graph cannot be run on nothing
            inputs = {name: np.zeros((1, *x.shape[1:]), x.dtype) for name, x in inputs.items()}
        told = [part[: len(embeddings)] for part in self._words.run(None, inputs)]
        return Told(**dict(zip(self._told, told, strict=True)))


def _session(runtime: Any, path: Path) -> Any:
    if not path.is_file():
        raise BackendError(
            f"tabletop grounder: expected the network {path.name} in {path.parent}, got none; "
            "make it with training.export, set perception.model_folder, or choose the grounder "
            "`geometric`"
        )
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 2
    # Waiting in a loop takes a core from the rest of the robot, and here from the network itself.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        providers = runtime.get_available_providers()
        return runtime.InferenceSession(str(path), options, providers=providers)
    except Exception as error:  # onnxruntime's errors share no base class of their own
        raise BackendError(f"{path}: expected a graph that loads, got: {error}") from error
