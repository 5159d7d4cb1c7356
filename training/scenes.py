"""Writes rendered scenes to be evaluated: python -m training.scenes OUT --split test --scenes 60.

OUT is a folder as `grounding-ros evaluate` reads it, at 640x480, with questions that have one right
answer: a noun that some people would say of an object there and others not is not asked for.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from grounding_ros.language.nouns import plural
from grounding_ros.perception.geometric.colors import COLORS, balanced_lab, color_truths
from grounding_ros.scene import Frame
from grounding_ros.simulation.folder_writer import write_folder
from grounding_ros.simulation.truth import OPTICAL_FRAME, Expression, Scene, SceneObject
from training.kinds import KINDS, vocabulary
from training.render import SPLITS, View, render_world
from training.things import truth
from training.world import World

WIDTH = 640
_CROWDED = 0.3  # more than in training, so that large numbers are asked for
_COLORED = 5
_SURE, _UNSURE = 0.75, 0.2  # truths of a colour: true from the first, false below the second
_FRAMES_A_WORLD = 6
_ABSENT = 2


_Spoken = tuple[str, str, tuple[int, ...]]
"""Kind of question, text and the objects that are right."""


def main() -> None:
    """Write the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--split", choices=SPLITS, default="test")
    parser.add_argument("--scenes", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    write_folder(arguments.out, scenes(arguments.split, arguments.scenes, arguments.seed))


def scenes(split: str, count: int, seed: int) -> Iterator[Scene]:
    """Yield `count` scenes of a split; every sixth has a new world of things."""
    made = 0
    for number in range(-(-count // _FRAMES_A_WORLD)):
        rng = np.random.default_rng((seed, SPLITS[split], number))
        for view, world in render_world(
            rng, split == "shifted", _FRAMES_A_WORLD, WIDTH, _CROWDED, painted=True
        ):
            if made < count:
                yield scene_of(f"s{made:04d}", view, world, rng)
            made += 1


def scene_of(name: str, view: View, world: World, rng: np.random.Generator) -> Scene:
    """Return a view with the names of its objects and questions about it."""
    objects, names, doubtful, colors = [], [], [], []
    for id, place in enumerate(view.places, start=1):
        values = truth(world.things[place.thing], place.pose, vocabulary())
        kind = world.things[place.thing].kind
        own = {word for word in _nouns() if word in (kind.name, *kind.words.split())}
        names.append(own)
        doubtful.append(set(kind.perhaps.split()))
        colors.append(_colors(view, id))
        said = tuple(w for w, value in zip(vocabulary(), values, strict=True) if value == 1)
        objects.append(
            SceneObject(
                id,
                (kind.name, *sorted(own - {kind.name})),
                tuple(sorted(color for color, true in colors[-1].items() if true)),
                tuple(w for w in said if w not in own),
            )
        )
    frame = Frame(view.rgb, view.depth, view.camera.intrinsics, frame_id=OPTICAL_FRAME)
    return Scene(
        name=name,
        frame=frame,
        instances=view.instances.astype(np.uint16),
        objects=tuple(objects),
        expressions=tuple(_questions(name, names, doubtful, colors, rng)),
        base_from_camera=view.camera.base_from_camera,
        source="training.scenes",
    )


def _colors(view: View, id: int) -> dict[str, bool]:
    """The colours that are true or false of an object's paint; those between are left out."""
    assert view.paint is not None
    pixels = view.paint[view.instances == id][None]
    truths = color_truths(balanced_lab(pixels, np.ones(3, np.float32))[0])
    return {
        color: bool(value >= _SURE)
        for color, value in zip(COLORS, truths, strict=True)
        if not _UNSURE <= value < _SURE
    }


def _questions(
    scene: str,
    names: list[set[str]],
    doubtful: list[set[str]],
    colors: list[dict[str, bool]],
    rng: np.random.Generator,
) -> Iterator[Expression]:
    open_words = set().union(*doubtful)
    clear = [noun for noun in _nouns() if noun not in open_words]
    there = {
        noun: tuple(id for id, own in enumerate(names, start=1) if noun in own) for noun in clear
    }
    spoken = [one for noun, ids in there.items() if ids for one in _spoken(noun, ids)]
    absent = [noun for noun, ids in there.items() if not ids]
    for noun in rng.permutation(absent)[:_ABSENT]:
        spoken.append(("absent", f"the {noun}", ()))
        spoken.append(("count", f"how many {plural(noun)} are there", ()))
    spoken += _colored(there, colors, rng)
    spoken.append(("count", "how many objects are there", tuple(range(1, len(names) + 1))))
    for number, (kind, text, ids) in enumerate(spoken):
        yield Expression(scene, f"{scene}-{number:02d}", text, kind, ids)


def _colored(
    there: dict[str, tuple[int, ...]], colors: list[dict[str, bool]], rng: np.random.Generator
) -> Iterator[_Spoken]:
    """Questions for some nouns with a colour of which it is known whether it is true of each."""
    known = [
        (noun, color)
        for noun, ids in there.items()
        for color in COLORS
        if ids and color != noun and all(color in colors[id - 1] for id in ids)
    ]
    true = [
        (noun, color) for noun, color in known if any(colors[id - 1][color] for id in there[noun])
    ]
    for noun, color in rng.permutation(np.array(true, str).reshape(-1, 2))[:_COLORED]:
        ids = tuple(id for id in there[noun] if colors[id - 1][color])
        yield from _spoken(f"{color} {noun}", ids)
    false = [pair for pair in known if pair not in true]
    for noun, color in rng.permutation(np.array(false, str).reshape(-1, 2))[:1]:
        yield ("absent", f"the {color} {noun}", ())


def _spoken(name: str, ids: tuple[int, ...]) -> Iterator[_Spoken]:
    if len(ids) == 1:
        yield ("attribute", f"the {name}", ids)
    else:
        yield ("plural", f"all the {plural(name)}", ids)
    yield ("count", f"how many {plural(name)} are there", ids)


def _nouns() -> tuple[str, ...]:
    """The nouns that are asked for: kinds, and "cup" and the like that are others' second names."""
    return tuple(kind.name for kind in KINDS if kind.name in vocabulary())


if __name__ == "__main__":
    main()
