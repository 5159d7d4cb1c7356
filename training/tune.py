"""Tries thresholds on validation scenes: python -m training.tune SCENES CHECKPOINT NAMES.

Prints what becomes of the network's own objects and of phrases with other options of
training.export (`--closeness`, `--shift`, `--color-shift`), and when an object must be surer to be
kept (`perception.min_proposal_score`).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2

from grounding_ros.evaluation.folder import Scene, SceneFolder
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.perception.grounders.tabletop import TabletopGrounder
from grounding_ros.perception.grounders.tabletop_network import OnnxNetwork
from grounding_ros.perception.parameters import PerceptionParameters
from training.evaluate import measure
from training.export import Words, export, load, load_names

_SHOWN = ("precision", "recall", "f1", "f1 nouns", "acc.5", "absent", "counts")


def main() -> None:
    """Print a row for each choice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("names", type=Path)
    parser.add_argument("--closeness", type=float, nargs="+", default=(0.4, 0.6, 0.8))
    parser.add_argument("--shifts", type=float, nargs="+", default=(0.0, 0.3, 0.6))
    parser.add_argument("--color-shifts", type=float, nargs="+", default=(0.0,))
    own = PerceptionParameters().min_proposal_score
    parser.add_argument("--scores", type=float, nargs="+", default=(own,))
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    scenes = list(SceneFolder(arguments.scenes))
    print("closeness  shift  color  score" + "".join(f"{name:>10}" for name in _SHOWN))
    network, words = load(arguments.checkpoint)
    names = load_names(arguments.names, words)
    for choice in product(arguments.closeness, arguments.shifts, arguments.color_shifts):
        with TemporaryDirectory() as folder:
            export(network, Words(network, names, *choice), words, Path(folder))
            for score, row in rows(scenes, OnnxNetwork(Path(folder)), arguments.scores):
                values = "".join(f"{row[name]:10.3f}" for name in _SHOWN)
                tried = "{:9.2f}  {:5.2f}  {:5.2f}  {:5.2f}".format(*choice, score)
                print(tried + values, flush=True)


def rows(
    scenes: Sequence[Scene], network: OnnxNetwork, scores: Sequence[float]
) -> Iterator[tuple[float, dict[str, float]]]:
    """Yield each least score with what is measured at it."""
    for score in scores:
        parameters = replace(PerceptionParameters(), min_proposal_score=score)
        tally = measure(
            lambda chosen=parameters: TabletopGrounder(chosen, SupportPlanes(), network, "network"),
            scenes,
        )
        yield score, tally.row()


if __name__ == "__main__":
    main()
