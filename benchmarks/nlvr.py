"""Whether statements about drawn shapes are true: `benchmarks/nlvr.py FILE`, NLVR's lines of JSON.

NLVR (Suhr, Lewis, Yeh and Artzi, "A Corpus of Natural Language for Visual Reasoning", ACL 2017) has
statements by people about three grey boxes with shapes in them, each true or false. Nothing is
seen here: the shapes are given, and language and reasoning decide, in pixels.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from grounding_ros.language import Instruction, Phrase, parse, phrases_of
from grounding_ros.language.program import PARTS
from grounding_ros.reasoning import resolve
from grounding_ros.scene import Detections, Objects3D

SIDE, GAP = 100, 20  # pixels: of a grey box, and between two of them
NAMES = {
    "square": {"square", "block", "object", "item", "shape", "thing"},
    "circle": {"circle", "object", "item", "shape", "thing"},
    "triangle": {"triangle", "object", "item", "shape", "thing"},
    "box": {"box", "square"},
    "wall": {"wall", "edge", "side"},
}
SIZES = {10: "small", 20: "medium", 30: "large"}
COLOURS = {"#0099ff": "blue", "Black": "black", "Yellow": "yellow"}
JUDGED = {"grey", "gray", *SIZES.values(), *COLOURS.values()}.union(*NAMES.values())


@dataclass(frozen=True)
class Shape:
    """A shape, one of the grey boxes, or one of their walls."""

    kind: str
    words: frozenset[str]
    """What is true of it."""
    box: tuple[float, float, float, float]
    """xyxy pixels."""


def shapes(boxes: list[list[dict[str, Any]]]) -> list[Shape]:
    """Draw the three boxes side by side, with their walls and what is in them."""
    drawn = []
    for at, items in enumerate(boxes):
        left, right = at * (SIDE + GAP), at * (SIDE + GAP) + SIDE
        drawn.append(Shape("box", frozenset({"grey", "gray", "square"}), (left, 0, right, SIDE)))
        walls = (
            (left - 1, 0, left, SIDE),
            (right, 0, right + 1, SIDE),
            (left, -1, right, 0),
            (left, SIDE, right, SIDE + 1),
        )
        drawn.extend(Shape("wall", frozenset(), wall) for wall in walls)
        for item in items:
            x, y, size = left + item["x_loc"], item["y_loc"], item["size"]
            words = frozenset({item["type"], COLOURS[item["color"]], SIZES[size]})
            drawn.append(Shape(item["type"], words, (x, y, x + size, y + size)))
    return drawn


def fits(shape: Shape, phrase: Phrase, drawn: list[Shape]) -> bool:
    """Tell whether what is judged of a phrase is true of a shape: its words and its contents."""
    head = phrase.head in NAMES[shape.kind] or phrase.head not in JUDGED
    words = all(word in shape.words for word in phrase.attributes if word in JUDGED)
    return head and words and all(has(shape, part, drawn) for part in parts(phrase))


def parts(phrase: Phrase) -> tuple[Phrase, ...]:
    """Return what a thing is "with", each part as a phrase."""
    return tuple(part for one in phrase.relations if one.predicate in PARTS for part in one.anchors)


def has(shape: Shape, part: Phrase, drawn: list[Shape]) -> bool:
    """Tell whether a grey box has things in it, in the number that is said."""
    low, _, high, _ = shape.box
    within = [one for one in drawn if low <= one.box[0] < high and one.kind not in {"box", "wall"}]
    count, number = sum(fits(one, part, drawn) for one in within), part.number
    if shape.kind != "box" or not isinstance(number, int):
        return shape.kind == "box" and count > 0
    if part.bound == "at_least":
        return count >= number
    return count <= number if part.bound == "at_most" else count == number


def unjudged(phrase: Phrase) -> tuple[str, ...]:
    """Return the words that are not judged; a part is, if it is said by words alone."""
    words = [word for word in (*phrase.attributes, phrase.head) if word not in JUDGED]
    for part in parts(phrase):
        plain = replace(part, text="", head="", attributes=(), number="one", bound="exactly")
        if plain != Phrase("", ""):
            words.append(f"with {part.text}")
        words.extend(unjudged(part))
    return tuple(dict.fromkeys(words))


def grounded(drawn: list[Shape], instruction: Instruction) -> Detections:
    """Return the shapes as an instruction's words fit them; other words are not judged."""
    phrases = phrases_of(instruction)
    return Detections(
        boxes=np.array([shape.box for shape in drawn], np.float32) + 1,
        scores=np.ones(len(drawn), np.float32),
        labels=tuple(shape.kind for shape in drawn),
        image_size=(SIDE + 2, 3 * SIDE + 2 * GAP + 2),
        phrases=tuple(phrase.text for phrase in phrases),
        matches=np.array(
            [[fits(shape, one, drawn) for one in phrases] for shape in drawn], np.float32
        ),
        unjudged=tuple(unjudged(one) for one in phrases),
        attributes=tuple(tuple(sorted(shape.words)) for shape in drawn),
    )


def truth(statement: str, boxes: list[list[dict[str, Any]]]) -> tuple[str, bool | None]:
    """Return how far a statement came ("not understood", "not judged", "judged"), and its truth."""
    instruction = parse(statement)
    if not instruction.understood or instruction.task != "verify":
        return "not understood", None
    drawn = shapes(boxes)
    found = grounded(drawn, instruction)
    answer = resolve(instruction, found, Objects3D.absent(len(drawn), "drawn", ""))
    return ("not judged", None) if answer.truth is None else ("judged", answer.truth)


def main() -> None:
    """Print the shares and the accuracy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="one JSON object a line, as in NLVR")
    parser.add_argument("--wrong", action="store_true", help="print the statements misjudged")
    given = parser.parse_args()
    lines = [json.loads(line) for line in given.file.read_text("utf-8").splitlines()]
    if not lines:
        parser.error("expected a file with at least one line")
    steps: Counter[str] = Counter()
    right = 0
    labels = Counter(line["label"] for line in lines)
    judged: Counter[str] = Counter()
    for line in lines:
        step, found = truth(line["sentence"], line["structured_rep"])
        steps[step] += 1
        if found is None:
            continue
        judged[line["label"]] += 1
        right += found == (line["label"] == "true")
        if given.wrong and found != (line["label"] == "true"):
            print(f"said {str(found).lower()}: {line['sentence']}")
    print(f"{'statements':22} {len(lines):6}")
    for step in ("not understood", "not judged", "judged"):
        print(f"{step:22} {steps[step]:6} {steps[step] / len(lines):8.3f}")
    print(f"{'right of the judged':22} {right:6} {right / max(steps['judged'], 1):8.3f}")
    often = max(judged.values(), default=0) / max(steps["judged"], 1)
    print(f"{'the commoner label':22} {max(judged.values(), default=0):6} {often:8.3f}")
    print(f"{'of all':22} {max(labels.values()):6} {max(labels.values()) / len(lines):8.3f}")


if __name__ == "__main__":
    main()
