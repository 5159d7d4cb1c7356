"""Tries thresholds on validation scenes: python -m training.tune SCENES --model FOLDER.

Prints, for the network's own objects, what becomes of them and of phrases when an object must be
surer to be kept (`perception.min_proposal_score`), and when words are taken to be more probable
than the network says (`--shift` of training.export).
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.evaluation.folder import SceneFolder
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.perception.grounders.tabletop import TabletopGrounder
from grounding_ros.perception.grounders.tabletop_network import Found, Network, OnnxNetwork
from grounding_ros.perception.parameters import PerceptionParameters
from training.evaluate import measure

_SHOWN = ("precision", "recall", "f1", "acc.5", "absent", "counts")


class Shifted:
    """A network whose words are all more or less probable by some logits."""

    def __init__(self, network: Network, shift: float) -> None:
        self._network, self._shift = network, shift
        self.words, self.nouns, self.width = network.words, network.nouns, network.width

    def look(self, picture: NDArray[np.float32], regions: NDArray[np.float32]) -> Found:
        """Return what the network finds."""
        return self._network.look(picture, regions)

    def truths(self, embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what the network says, shifted."""
        odds = np.log(np.clip(self._network.truths(embeddings), 1e-6, 1 - 1e-6))
        odds -= np.log1p(-np.exp(odds))
        return np.asarray(1 / (1 + np.exp(-odds - self._shift)), np.float32)


def main() -> None:
    """Print a row for each pair of thresholds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", type=Path)
    parser.add_argument("--model", type=Path, default=Path("models"))
    parser.add_argument("--scores", type=float, nargs="+", default=(0.2, 0.3, 0.4))
    parser.add_argument("--shifts", type=float, nargs="+", default=(-0.5, 0.0, 0.5, 1.0))
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    network = OnnxNetwork(arguments.model)
    scenes = list(SceneFolder(arguments.scenes))
    print("score  shift" + "".join(f"{name:>10}" for name in _SHOWN))
    for score in arguments.scores:
        parameters = replace(PerceptionParameters(), min_proposal_score=score)
        for shift in arguments.shifts:
            told = Shifted(network, shift)
            row = measure(
                lambda p=parameters, n=told: TabletopGrounder(p, SupportPlanes(), n, "network"),
                scenes,
            ).row()
            values = "".join(f"{row[name]:10.3f}" for name in _SHOWN)
            print(f"{score:5.2f}  {shift:5.2f}{values}", flush=True)


if __name__ == "__main__":
    main()
