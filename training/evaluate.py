"""Measures grounders side by side: python -m training.evaluate FOLDER... [--model FOLDER].

FOLDER holds scenes as `grounding-ros evaluate` reads them: rendered ones by training.scenes, or
real ones. Grounders: geometric; tabletop with the objects of geometry; with its own; with both.

object recall, precision, iou   one-to-one pairs of at least IoU 0.5, whatever they are called
named                           share of the objects of a kind whose label has one of their names,
                                averaged over the kinds; what is not found is not named
f1                              objects returned for a noun against those expected
acc                             the best object for "the mug" is the mug
absent                          share of the absent things for which something is returned
counts                          share of "how many" that are right
ms                              median processor time of a frame with eight phrases, all threads
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from grounding_ros.evaluation.folder import Scene, SceneFolder
from grounding_ros.evaluation.metrics.matching import TrueObjects, object_ious, pairs
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.language.instruction import Phrase
from grounding_ros.language.parser import parse
from grounding_ros.perception.grounders.geometric import GeometricGrounder
from grounding_ros.perception.grounders.tabletop import TabletopGrounder
from grounding_ros.perception.grounders.tabletop_network import Network, OnnxNetwork
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.protocols import Grounder
from grounding_ros.scene import Detections, Frame

THRESHOLD = 0.5
_SAME_KIND = {"tin": "can"}
"""People call one thing either."""
_EIGHT = tuple(Phrase(f"the {noun}", noun) for noun in
               ("mug", "box", "can", "bowl", "book", "bottle", "banana", "plate"))  # fmt: skip


@dataclass
class Tally:
    """What is counted over the scenes of a folder."""

    true: int = 0
    found: int = 0
    ious: list[float] = field(default_factory=list)
    named: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    right: int = 0
    returned: int = 0
    expected: int = 0
    best: list[bool] = field(default_factory=list)
    absent: list[bool] = field(default_factory=list)
    counts: list[bool] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def row(self) -> dict[str, float]:
        """Return the figures by name; NaN where nothing was asked."""
        kinds = [_share(named) for named in self.named.values()]
        return {
            "recall": len(self.ious) / max(self.true, 1),
            "precision": len(self.ious) / max(self.found, 1),
            "iou": _share(self.ious),
            "named": _share(kinds),
            "f1": 2 * self.right / max(self.returned + self.expected, 1),
            "acc": _share(self.best),
            "absent": _share(self.absent),
            "counts": _share(self.counts),
            "ms": 1e3 * float(np.median(self.seconds)),
        }


def main() -> None:
    """Print a table a folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, default=Path("models"))
    parser.add_argument("--no-depth", action="store_true", help="colour alone")
    parser.add_argument("--kinds", action="store_true", help="also what each kind is called")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    builders = grounders(OnnxNetwork(arguments.model), arguments.no_depth)
    for folder in arguments.folders:
        print(folder)
        for number, (name, build) in enumerate(builders.items()):
            tally = measure(build, SceneFolder(folder), arguments.no_depth)
            row = tally.row()
            if number == 0:
                print(f"{'':20}" + "".join(f"{column:>10}" for column in row))
            print(f"{name:20}" + "".join(f"{value:10.3f}" for value in row.values()), flush=True)
            if arguments.kinds:
                told = (f"{kind} {_share(own):.2f} of {len(own)}" for kind, own in
                        sorted(tally.named.items()))  # fmt: skip
                print("    " + ", ".join(told))


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
    build: Callable[[], Grounder], scenes: Iterable[Scene], no_depth: bool = False
) -> Tally:
    """Ask a grounder about every scene."""
    tally = Tally()
    for scene in scenes:
        frame = Frame(scene.frame.rgb) if no_depth else scene.frame
        asked = [(one, parse(one.text).target) for one in scene.expressions]
        nouns = [(one, phrase) for one, phrase in asked if _is_noun(phrase)]
        found = build().ground(frame, [phrase for _, phrase in nouns if phrase is not None])
        start = time.process_time()
        build().ground(frame, _EIGHT)
        tally.seconds.append(time.process_time() - start)
        true = TrueObjects.of(scene)
        overlap = object_ious(found, true)
        partners = {g: n for n, g in pairs(overlap)}
        tally.true += len(true.ids)
        tally.found += len(found)
        tally.ious += [float(overlap[n, g]) for g, n in partners.items()]
        _name(tally, scene, found, {true.ids[g]: n for g, n in partners.items()})
        ids = {n: true.ids[g] for g, n in partners.items()}
        for column, (one, _) in enumerate(nouns):
            _ask(tally, one.kind, set(one.target_ids), found, column, ids)
    return tally


def _is_noun(phrase: Phrase | None) -> bool:
    """Whether only a noun is asked for: the rest is the program's business."""
    return phrase is not None and not (
        phrase.attributes or phrase.relations or phrase.superlative or phrase.ordinal
        or phrase.excluded or phrase.alternatives or phrase.reference
        or phrase.head in ("object", "")
    )  # fmt: skip


def _name(tally: Tally, scene: Scene, found: Detections, partners: dict[int, int]) -> None:
    for thing in scene.objects:
        names = {_SAME_KIND.get(name, name) for name in thing.names}
        kind = _SAME_KIND.get(thing.names[0], thing.names[0])
        partner = partners.get(thing.id)
        called = "" if partner is None else found.labels[partner].split()[-1]
        tally.named[kind].append(_SAME_KIND.get(called, called) in names)


def _ask(
    tally: Tally,
    kind: str,
    expected: set[int],
    found: Detections,
    column: int,
    ids: dict[int, int],
) -> None:
    """Count one question; a phrase that could not be judged returns nothing."""
    assert found.matches is not None
    match = found.matches[:, column]
    judged = not found.unjudged[column]
    rows = np.flatnonzero(match >= THRESHOLD).tolist() if judged else []
    if kind == "count":
        tally.counts.append(judged and len(rows) == len(expected))
        return
    if kind == "absent":
        tally.absent.append(bool(rows))
    if kind == "attribute" and len(expected) == 1:
        best = int(match.argmax()) if len(match) and judged else -1
        tally.best.append(ids.get(best) in expected)
    if kind in ("attribute", "plural", "absent"):
        tally.returned += len(rows)
        tally.expected += len(expected)
        tally.right += sum(ids.get(row) in expected for row in rows)


def _share(values: Iterable[float]) -> float:
    values = list(values)
    return float(np.mean(values)) if values else float("nan")


if __name__ == "__main__":
    main()
