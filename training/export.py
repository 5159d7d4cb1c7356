"""Writes the two graphs: python -m training.export CHECKPOINT FOLDER.

FOLDER gets tabletop_objects.onnx (a picture to its objects) and tabletop_words.onnx (phrases to
scores), which the grounder `tabletop` loads.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import onnx
import torch

from grounding_ros.perception.grounders.tabletop_inputs import CHANNELS, WIDTH
from grounding_ros.perception.grounders.tabletop_network import OBJECTS_FILE, STRIDE, WORDS_FILE
from training.kinds import KINDS
from training.network import EMBEDDING, TabletopNetwork, WordScores

_OPSET = 17


def main() -> None:
    """Export the averaged weights of a checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--shift", type=float, default=0.0, help="logits added to every word; see training.tune"
    )
    arguments = parser.parse_args()
    network, words = load(arguments.checkpoint)
    with torch.no_grad():
        network.words.bias += arguments.shift
    for path in export(network, words, arguments.folder):
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


def load(checkpoint: Path) -> tuple[TabletopNetwork, tuple[str, ...]]:
    """Return the averaged network of a checkpoint, ready to be asked, and its words."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    words = tuple(state["words"])
    network = TabletopNetwork(len(words))
    network.load_state_dict(state["average"])
    return network.eval(), words


def export(network: TabletopNetwork, words: tuple[str, ...], folder: Path) -> tuple[Path, Path]:
    """Write the two graphs and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    objects, scores = folder / OBJECTS_FILE, folder / WORDS_FILE
    picture = torch.zeros(1, CHANNELS, WIDTH * 3 // 4, WIDTH)
    regions = torch.zeros(3, WIDTH * 3 // 4 // STRIDE, WIDTH // STRIDE)
    regions[:, 2:9, 3:9] = 1.0
    with torch.no_grad():
        torch.onnx.export(
            network,
            (picture, regions),
            str(objects),
            input_names=["picture", "regions"],
            output_names=[
                "boxes",
                "scores",
                "masks",
                "embeddings",
                "region_embeddings",
                "density",
            ],
            dynamic_axes={
                "picture": {2: "height", 3: "width"},
                "regions": {0: "regions", 1: "rows", 2: "columns"},
            },
            opset_version=_OPSET,
            dynamo=False,
        )
        torch.onnx.export(
            WordScores(network.words),
            (torch.zeros(4, EMBEDDING), torch.zeros(2, len(words))),
            str(scores),
            input_names=["embeddings", "phrases"],
            output_names=["matches"],
            dynamic_axes={"embeddings": {0: "objects"}, "phrases": {0: "phrases"}},
            opset_version=_OPSET,
            dynamo=False,
        )
    nouns = tuple(kind.name for kind in KINDS if kind.name in words and not kind.general)
    _describe(objects, {"words": words, "nouns": nouns, "width": WIDTH})
    return objects, scores


def _describe(path: Path, facts: dict[str, tuple[str, ...] | int]) -> None:
    """Write facts into the graph's metadata, as JSON."""
    graph = onnx.load(str(path))
    for name, value in facts.items():
        entry = graph.metadata_props.add()
        entry.key, entry.value = name, json.dumps(value)
    onnx.save(graph, str(path))


if __name__ == "__main__":
    main()
