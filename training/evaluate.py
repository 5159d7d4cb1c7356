"""Measures grounders side by side: python -m training.evaluate FOLDER... [--model FOLDER].

FOLDER holds scenes as `grounding-ros evaluate` reads them: rendered ones by training.scenes, or
real ones. Grounders: geometric; tabletop with the objects of geometry; with its own; with both.

precision, recall, iou   of objects: one-to-one pairs of masks of at least IoU 0.5, whatever they
                         are called
named                    share of the objects of a kind whose label has one of their names, averaged
                         over the kinds; what is not found is not named
familiar                 the same over box, can or tin, book, bowl and mug
color                    share of the found objects whose label has one of their colours
f1, f1 nouns             objects returned for a phrase against those expected, at IoU 0.5; for
                         phrases without a colour
acc.5, acc.75            the best object for "the red mug" is the mug, at such an IoU
absent                   share of the absent things for which something is returned
counts                   share of "how many" that are right; below by the true number
density                  how far the integral of the network's density is off, by the true number
ms                       median time of a frame with eight phrases, plane and inputs included
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.evaluation.folder import Expression, Scene, SceneFolder
from grounding_ros.evaluation.metrics.matching import TrueObjects, object_ious, pairs
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.language.instruction import Phrase
from grounding_ros.language.parser import parse
from grounding_ros.perception.geometric.colors import COLORS
from grounding_ros.perception.grounders.geometric import GeometricGrounder
from grounding_ros.perception.grounders.tabletop import TabletopGrounder
from grounding_ros.perception.grounders.tabletop_network import Found, Network, OnnxNetwork, Told
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.protocols import Grounder
from grounding_ros.scene import Detections, Frame
from training.tally import Tally, share

THRESHOLD = 0.5
_SAME_KIND = {"tin": "can"}
"""People call one thing either."""
_EIGHT = tuple(Phrase(f"the {noun}", noun) for noun in
               ("mug", "box", "can", "bowl", "book", "bottle", "banana", "plate"))  # fmt: skip


def main() -> None:
    """Print a table a folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, default=Path("models"))
    parser.add_argument("--no-depth", action="store_true", help="colour alone")
    parser.add_argument("--kinds", action="store_true", help="also what each kind is called")
    parser.add_argument("--only", nargs="+", default=(), help="names of grounders")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    heard = Heard(OnnxNetwork(arguments.model))
    builders = grounders(heard, arguments.no_depth)
    for folder in arguments.folders:
        print(folder)
        for name in arguments.only or builders:
            tally = measure(builders[name], SceneFolder(folder), arguments.no_depth, heard)
            _tell(name, tally, arguments.kinds)


def _tell(name: str, tally: Tally, kinds: bool) -> None:
    row = tally.row()
    print(f"{name:16}" + "".join(f"{column:>10}" for column in row))
    print(f"{'':16}" + "".join(f"{value:10.3f}" for value in row.values()))
    for title, table in (("counts", tally.by_count()), ("density off by", tally.density())):
        told = ", ".join(f"{span}: {value:.2f} of {n}" for span, (value, n) in table.items() if n)
        print(f"    {title} {told}")
    if kinds:
        print("    " + ", ".join(f"{kind} {share(own):.2f} of {len(own)}"
                                 for kind, own in sorted(tally.named.items())))  # fmt: skip
    sys.stdout.flush()


class Heard:
    """A network that remembers how many objects it last saw."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.words, self.nouns, self.width = network.words, network.nouns, network.width
        self.count = math.nan

    def look(self, picture: NDArray[np.float32], regions: NDArray[np.float32]) -> Found:
        """Find objects, and remember their number."""
        found = self._network.look(picture, regions)
        self.count = found.count
        return found

    def tell(self, *objects: NDArray[np.float32]) -> Told:
        """Return what the network says."""
        return self._network.tell(*objects)


def grounders(network: Network, no_depth: bool = False) -> dict[str, Callable[[], Grounder]]:
    """Return builders of what is compared; the geometric ones need depth."""
    parameters = PerceptionParameters()

    def tabletop(proposals: str) -> Callable[[], Grounder]:
        return lambda: TabletopGrounder(parameters, SupportPlanes(), network, proposals)

    if no_depth:
        return {"tabletop, own": tabletop("network")}
    return {
        "geometric": lambda: GeometricGrounder(parameters, SupportPlanes()),
        "tabletop": tabletop("geometry"),
        "tabletop, own": tabletop("network"),
        "tabletop, both": tabletop("both"),
    }


def measure(
    build: Callable[[], Grounder],
    scenes: Iterable[Scene],
    no_depth: bool = False,
    heard: Heard | None = None,
) -> Tally:
    """Ask a grounder about every scene."""
    tally = Tally()
    for scene in scenes:
        frame = Frame(scene.frame.rgb) if no_depth else scene.frame
        asked = [(one, parse(one.text).target) for one in scene.expressions]
        plain = [(one, phrase) for one, phrase in asked if _is_plain(phrase)]
        found = build().ground(frame, [phrase for _, phrase in plain if phrase is not None])
        start = time.perf_counter()
        build().ground(frame, _EIGHT)
        tally.seconds.append(time.perf_counter() - start)
        true = TrueObjects.of(scene)
        overlap = object_ious(found, true)
        partners = {g: n for n, g in pairs(overlap)}
        tally.true += len(true.ids)
        tally.found += len(found)
        tally.ious += [float(overlap[n, g]) for g, n in partners.items()]
        if heard is not None and not math.isnan(heard.count):
            tally.densities.append((len(true.ids), heard.count))
        _name(tally, scene, found, {true.ids[g]: n for g, n in partners.items()})
        pairing = {n: (true.ids[g], float(overlap[n, g])) for g, n in partners.items()}
        for column, (one, phrase) in enumerate(plain):
            colored = phrase is not None and bool(phrase.attributes)
            _ask(tally, one, colored, found, column, pairing)
    return tally


def _is_plain(phrase: Phrase | None) -> bool:
    """Whether only a noun and colours are asked for: the rest is the program's business."""
    return phrase is not None and not (
        set(phrase.attributes) - set(COLORS) or phrase.relations or phrase.superlative
        or phrase.ordinal or phrase.excluded or phrase.alternatives or phrase.reference
        or phrase.head == ""
    )  # fmt: skip


def _name(tally: Tally, scene: Scene, found: Detections, partners: dict[int, int]) -> None:
    for thing in scene.objects:
        names = {_SAME_KIND.get(name, name) for name in thing.names}
        kind = _SAME_KIND.get(thing.names[0], thing.names[0])
        partner = partners.get(thing.id)
        called = "" if partner is None else found.labels[partner].split()[-1]
        tally.named[kind].append(_SAME_KIND.get(called, called) in names)
        if partner is not None and thing.colors:
            tally.colored.append(bool(set(found.labels[partner].split()) & set(thing.colors)))


def _ask(
    tally: Tally,
    question: Expression,
    colored: bool,
    found: Detections,
    column: int,
    pairing: dict[int, tuple[int, float]],
) -> None:
    """Count one question; a phrase that could not be judged returns nothing."""
    assert found.matches is not None
    kind, expected = question.kind, set(question.target_ids)
    match = found.matches[:, column]
    judged = not found.unjudged[column]
    rows = np.flatnonzero(match >= THRESHOLD).tolist() if judged else []
    if kind == "count":
        tally.counts.append((len(expected), judged and len(rows) == len(expected)))
        return
    if kind == "absent":
        tally.absent.append(bool(rows))
    if kind == "attribute" and len(expected) == 1:
        best = int(match.argmax()) if len(match) and judged else -1
        id, iou = pairing.get(best, (0, 0.0))
        tally.best.append(iou if id in expected else 0.0)
    if kind in ("attribute", "plural", "absent"):
        right = sum(pairing.get(row, (0, 0.0))[0] in expected for row in rows)
        tally.answers.append((colored, right, len(rows), len(expected)))


if __name__ == "__main__":
    main()
