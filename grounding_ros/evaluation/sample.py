"""The bag that ships with the package, and how it is remade.

    python -m grounding_ros.evaluation.sample OUT

renders its scenes anew (it needs the `sim` extra) and writes the bag with `expected.json` to OUT.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from grounding_ros.errors import GroundingRosError, InputError
from grounding_ros.evaluation.bags.writer import Slot, make_bag, timeline
from grounding_ros.evaluation.folder import SceneFolder
from grounding_ros.simulation.folder_writer import write_folder
from grounding_ros.simulation.plan import Wish
from grounding_ros.simulation.render import render_shot
from grounding_ros.simulation.truth import Expression, Scene, SceneObject

EXPECTED = "expected.json"
PERIOD_S = 2.0

_SEED = 5
_GROUNDED = ("grounded",)


@dataclass(frozen=True)
class Line:
    """An instruction of the script; its targets are the objects of this name and colour."""

    text: str
    kind: str
    name: str
    color: str = ""
    """"" for any colour."""
    statuses: tuple[str, ...] = _GROUNDED
    """The right ways to answer, by what a grounder knows."""

    def targets(self, scene: Scene) -> tuple[int, ...]:
        """Return the ids of what it is about."""
        return tuple(
            thing.id
            for thing in scene.objects
            if self.name in thing.names and self.color in ("", thing.colors[0])
        )


@dataclass(frozen=True)
class Act:
    """A scene of the script: what lies on the table, and what is said about it."""

    things: tuple[tuple[str, str, str], ...]
    """Size word, colour and kind of each object."""
    lines: tuple[Line, ...]


SCRIPT = (
    Act(
        (("large", "red", "box"), ("medium", "blue", "box"), ("medium", "green", "can"),
         ("medium", "yellow", "ball")),
        (
            Line("pick up the red box", "attribute", "box", "red"),
            Line("find the yellow ball", "attribute", "ball", "yellow"),
            Line("how many boxes are there?", "count", "box"),
        ),
    ),
    Act(
        (("medium", "blue", "box"), ("large", "yellow", "box"), ("medium", "green", "box"),
         ("medium", "white", "bowl"), ("medium", "orange", "ball")),
        (
            Line("find all the boxes", "plural", "box"),
            Line("pick up the white bowl", "attribute", "bowl", "white"),
        ),
    ),
    Act(
        (("medium", "red", "box"), ("large", "red", "box"), ("large", "green", "can"),
         ("large", "blue", "ball")),
        (
            Line("pick up the red box", "ambiguous", "box", "red", ("ambiguous",)),
            Line("pick up the green can", "attribute", "can", "green"),
        ),
    ),
    Act(
        (("large", "red", "ball"), ("medium", "purple", "can"), ("medium", "yellow", "box"),
         ("large", "blue", "bowl")),
        (
            Line("find the green ball", "absent", "ball", "green", ("not_found",)),
            Line("pick up the banana", "absent", "banana", statuses=("cannot_judge", "not_found")),
            Line("where is the blue bowl?", "attribute", "bowl", "blue"),
        ),
    ),
    Act(
        (("medium", "red", "ball"), ("large", "blue", "ball"), ("medium", "green", "ball"),
         ("large", "orange", "box")),
        (
            Line("how many balls are on the table?", "count", "ball"),
            Line("give me the blue ball", "attribute", "ball", "blue"),
            Line("how many bowls are there?", "count", "bowl", "", ("grounded", "not_found")),
        ),
    ),
    Act(
        (("large", "yellow", "can"), ("medium", "blue", "can"), ("large", "green", "box"),
         ("medium", "red", "bowl")),
        (
            Line("all the cans", "plural", "can"),
            Line("pick up the green box", "attribute", "box", "green"),
        ),
    ),
)  # fmt: skip
"""What the shipped bag shows."""


def sample_bag_path() -> Path:
    """Return the folder of the bag that ships with the package.

    Raises
    ------
    InputError
        When the package was installed without it.
    """
    path = Path(str(files("grounding_ros") / "sample_bag"))
    if not (path / "metadata.yaml").is_file():
        raise InputError(
            f"{path}: expected the sample bag, got none; reinstall the package, or remake the bag "
            "with `python -m grounding_ros.evaluation.sample OUT`"
        )
    return path


def sample_expected() -> list[dict[str, Any]]:
    """Return the right answers to the shipped bag's instructions, in order.

    Each has text, kind, scene, stamp_ns (of the frame), bag_time_ns (of the instruction), the right
    statuses, the target count and the targets with box_xyxy (pixels), center_m, size_m, yaw_rad
    (in the base frame).
    """
    content = json.loads((sample_bag_path() / EXPECTED).read_text(encoding="utf-8"))
    instructions: list[dict[str, Any]] = content["instructions"]
    return instructions


def make_sample_bag(out: Path) -> Path:
    """Render the script's scenes, write them as the new bag `out` and return it.

    Raises
    ------
    InputError
        When `out` exists.
    BackendError
        When MuJoCo or OpenGL is missing.
    """
    with TemporaryDirectory() as folder:
        scenes = write_folder(Path(folder) / "scenes", sample_scenes())
        make_bag(scenes, out, period_s=PERIOD_S, repeat_frames=True, compressed=True)
        slots = timeline(SceneFolder(scenes), PERIOD_S, repeat_frames=True)
        lines = [line for act in SCRIPT for line in act.lines]
        answers = [_answer(slot, line) for slot, line in zip(slots, lines, strict=True)]
    text = json.dumps({"seed": _SEED, "instructions": answers}, indent=1)
    (out / EXPECTED).write_text(text + "\n", encoding="utf-8")
    return out


def sample_scenes() -> Iterator[Scene]:
    """Yield the script's scenes with their instructions; the same at each call."""
    for number, act in enumerate(SCRIPT):
        wishes = tuple(
            Wish(kind, size_word, (color,), pose="standing", stackable=False)
            for size_word, color, kind in act.things
        )
        scene = render_shot(f"sample{number}", (_SEED, number), wishes).scene
        yield replace(scene, expressions=tuple(_expressions(scene, act)))


def _expressions(scene: Scene, act: Act) -> Iterator[Expression]:
    for number, line in enumerate(act.lines, start=1):
        id = f"{scene.name}-{number:02d}"
        yield Expression(scene.name, id, line.text, line.kind, line.targets(scene))


def _answer(slot: Slot, line: Line) -> dict[str, Any]:
    assert slot.expression is not None and slot.expression.text == line.text
    targets = [slot.scene.object(id) for id in slot.expression.target_ids]
    return {
        "text": line.text,
        "kind": line.kind,
        "scene": slot.scene.name,
        "stamp_ns": slot.stamp_ns,
        "bag_time_ns": slot.instruction_ns,
        "statuses": list(line.statuses),
        "count": len(targets),
        "targets": [_target(slot.scene, thing) for thing in targets],
    }


def _target(scene: Scene, thing: SceneObject) -> dict[str, Any]:
    return {
        "id": thing.id,
        "names": list(thing.names),
        "colors": list(thing.colors),
        "box_xyxy": list(scene.box(thing.id)),
        "center_m": thing.center_m,
        "size_m": thing.size_m,
        "yaw_rad": thing.yaw_rad,
    }


def main(arguments: list[str] | None = None) -> int:
    """Remake the sample bag from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m grounding_ros.evaluation.sample")
    parser.add_argument("out", type=Path, help="the bag's folder, not there yet")
    try:
        print(make_sample_bag(parser.parse_args(arguments).out))
    except GroundingRosError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
