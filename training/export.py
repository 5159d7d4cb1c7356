"""Writes the two graphs: python -m training.export CHECKPOINT NAMES FOLDER.

CHECKPOINT is of training.train, NAMES of training.train_names. FOLDER gets tabletop_objects.onnx (a
picture to its objects) and tabletop_words.onnx (objects and their close-ups to words), which the
grounder `tabletop` loads.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from grounding_ros.perception.grounders import tabletop_closeups as closeups
from grounding_ros.perception.grounders.tabletop_inputs import CHANNELS, WIDTH
from grounding_ros.perception.grounders.tabletop_network import OBJECTS_FILE, STRIDE, WORDS_FILE
from training.kinds import KINDS, vocabulary
from training.names_network import NameNetwork, Told
from training.network import EMBEDDING, TabletopNetwork

_OPSET = 17
_OF_KINDS = 0.6
"""More than half: what is surely a can may be called a tin, though the word by itself is false."""


def main() -> None:
    """Export the averaged weights of a checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("names", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--closeness", type=float, default=0.7, help="weight of the close-up's logits, 0 to 1"
    )
    parser.add_argument(
        "--shift", type=float, default=0.0, help="logits added to every word; see training.tune"
    )
    parser.add_argument(
        "--color-shift", type=float, default=0.0, help="logits added to every colour, the same way"
    )
    arguments = parser.parse_args()
    network, words = load(arguments.checkpoint)
    names = load_names(arguments.names, words)
    named = Words(network, names, arguments.closeness, arguments.shift, arguments.color_shift)
    for path in export(network, named, words, arguments.folder):
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


class Words(nn.Module):
    """The second graph: objects and their close-ups to how probable each word is.

    A word that is said of kinds of things is as probable as it is by itself, and, which counts
    more, as the kinds of which it is said or of which some people say it: who asks for the ball
    means the orange where there is no other, and what may be a can or a tin is one of the two.
    """

    def __init__(
        self,
        network: TabletopNetwork,
        names: NameNetwork,
        closeness: float,
        shift: float,
        color_shift: float,
    ) -> None:
        """Take both networks; see the options of the command."""
        super().__init__()
        self.words, self.names = network.words, names
        self.closeness, self.shift, self.color_shift = closeness, shift, color_shift
        kinds = [kind for kind in KINDS if kind.builders]
        self.columns = [vocabulary().index(kind.name) for kind in kinds]
        said = [{kind.name, *kind.words.split(), *kind.perhaps.split()} for kind in kinds]
        table = [[float(word in words) for word in vocabulary()] for words in said]
        self.register_buffer("table", torch.tensor(table))
        self.eval()

    def forward(self, embeddings: Tensor, pictures: Tensor, measures: Tensor) -> Told:
        """Return probabilities of (N, EMBEDDING), (N, CHANNELS, SIDE, SIDE) and (N, MEASURES)."""
        near = self.names(pictures, measures)
        odds = self.closeness * near.words + (1 - self.closeness) * self.words(embeddings)
        alone = torch.sigmoid(odds + self.shift)
        of_kinds = torch.softmax(odds[:, self.columns], dim=1) @ self.table
        mixed = _OF_KINDS * of_kinds + (1 - _OF_KINDS) * alone
        words = torch.where(self.table.amax(dim=0) > 0, mixed, alone)
        near = near._replace(colors=near.colors + self.color_shift)
        return Told(words, *(torch.sigmoid(part) for part in near[1:]))


def load(checkpoint: Path) -> tuple[TabletopNetwork, tuple[str, ...]]:
    """Return the averaged network of a checkpoint, ready to be asked, and its words."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    words = tuple(state["words"])
    network = TabletopNetwork(len(words))
    network.load_state_dict(state["average"])
    return network.eval(), words


def load_names(checkpoint: Path, words: tuple[str, ...]) -> NameNetwork:
    """Return the averaged network of close-ups, ready to be asked.

    Raises
    ------
    ValueError
        When it was trained with other words.
    """
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    if tuple(state["words"]) != words:
        raise ValueError(f"{checkpoint}: expected the words of the other checkpoint; train anew")
    names = NameNetwork(len(words))
    names.load_state_dict(state["average"])
    return names.eval()


def export(
    network: TabletopNetwork, named: Words, words: tuple[str, ...], folder: Path
) -> tuple[Path, Path]:
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
            named,
            (
                torch.zeros(3, EMBEDDING),
                torch.zeros(3, closeups.CHANNELS, closeups.SIDE, closeups.SIDE),
                torch.zeros(3, closeups.MEASURES),
            ),
            str(scores),
            input_names=["embeddings", "pictures", "measures"],
            output_names=list(Told._fields),
            dynamic_axes={name: {0: "objects"} for name in ("embeddings", "pictures", "measures")},
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
