"""Milliseconds that the resolver takes, for few and for many objects.

    python benchmarks/reasoning.py [--rounds 300]

The objects lie at random on a table, in metres; every instruction has relations. A grounder takes
tens to hundreds of milliseconds a frame; `grounding-ros evaluate` prints what it took.
"""

from __future__ import annotations

import argparse
from time import perf_counter

import numpy as np

from grounding_ros.language import Instruction, Phrase, Relation, phrases_of
from grounding_ros.language.instruction import Ordinal
from grounding_ros.reasoning import resolve
from grounding_ros.scene import Detections, Objects3D

KINDS = ("box", "can", "mug", "ball", "bowl")
BOX, CAN, MUG = (Phrase(f"the {kind}", kind) for kind in KINDS[:3])
BOXES = Phrase("the boxes", "box", number="all")


def instructions() -> dict[str, Instruction]:
    """Programs with one relation and with many."""
    nested = Phrase("the can", "can", relations=(Relation("behind", (BOX,)),))
    phrases = {
        "the mug left of the box": Relation("left_of", (BOX,)),
        "the mug between the boxes": Relation("between", (BOXES,)),
        "the mug on the can behind the box": Relation("on", (nested,)),
        "the mug next to the can behind the box": Relation("next_to", (nested,)),
    }
    made = {
        text: Instruction(text, "find", Phrase(text, "mug", relations=(relation,)))
        for text, relation in phrases.items()
    }
    third = Phrase("the third mug from the left", "mug", ordinal=Ordinal(3, "left"))
    asked = Phrase("the mug", "mug")
    return {
        **made,
        third.text: Instruction(third.text, "find", third),
        "the mug (which one?)": Instruction("", "find", asked),
        "put the mug on the can": Instruction("", "place", asked, Relation("next_to", (CAN,))),
    }


def scene(count: int, rng: np.random.Generator) -> tuple[Detections, Objects3D, list[str]]:
    """Return `count` objects on a table before the camera, in its optical frame."""
    kinds = [KINDS[at % len(KINDS)] for at in range(count)]
    centers = rng.uniform((-0.5, -0.1, 0.7), (0.5, 0.3, 1.3), (count, 3))
    sizes = rng.uniform(0.04, 0.2, (count, 3))
    middle = 320 + 500 * centers[:, :2] / centers[:, 2:]
    half = 250 * sizes[:, :2] / centers[:, 2:]
    up = np.array([0.0, -0.8, -0.6])
    axes = np.stack([[1.0, 0, 0], np.cross(up, [1.0, 0, 0]), up], axis=1)
    seen = Detections(
        np.hstack([middle - half, middle + half]), np.ones(count), tuple(kinds), (480, 640)
    )
    lifted = Objects3D(
        frame_id="camera",
        centers=centers,
        rotations=np.tile(axes, (count, 1, 1)),
        sizes=sizes,
        covariances=np.zeros((count, 3, 3)),
        point_counts=np.full(count, 99),
        reasons=("",) * count,
        up=up,
        up_source="plane",
        floor=np.array([*up, -0.8]),
    )
    return seen, lifted, kinds


def grounded(instruction: Instruction, seen: Detections, kinds: list[str]) -> Detections:
    """Fill in which object is of which kind."""
    phrases = phrases_of(instruction)
    matches = np.array([[kind == one.head for one in phrases] for kind in kinds], np.float32)
    texts = tuple(one.text for one in phrases)
    return Detections(
        seen.boxes, seen.scores, seen.labels, seen.image_size, phrases=texts, matches=matches
    )


def main() -> None:
    """Print a table."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--rounds", type=int, default=300)
    rounds = reader.parse_args().rounds
    print(f"{'instruction':42} {'objects':>8} {'p50 ms':>8} {'p95 ms':>8}")
    for count in (10, 50):
        for text, instruction in instructions().items():
            rng = np.random.default_rng(count)
            took = []
            for _ in range(rounds):
                seen, lifted, kinds = scene(count, rng)
                seen = grounded(instruction, seen, kinds)
                start = perf_counter()
                resolve(instruction, seen, lifted)
                took.append(1e3 * (perf_counter() - start))
            p50, p95 = np.percentile(took, (50, 95))
            print(f"{text:42} {count:8} {p50:8.2f} {p95:8.2f}")


if __name__ == "__main__":
    main()
