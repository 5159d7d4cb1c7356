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
from grounding_ros.scene import Frame
from grounding_ros.simulation.folder_writer import write_folder
from grounding_ros.simulation.truth import OPTICAL_FRAME, Expression, Scene, SceneObject
from training.kinds import KINDS, vocabulary
from training.render import SPLITS, View, render_world
from training.things import truth
from training.world import World

WIDTH = 640
_FRAMES_A_WORLD = 6
_ABSENT = 2


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
        for view, world in render_world(rng, split == "shifted", _FRAMES_A_WORLD, WIDTH):
            if made < count:
                yield scene_of(f"s{made:04d}", view, world, rng)
            made += 1


def scene_of(name: str, view: View, world: World, rng: np.random.Generator) -> Scene:
    """Return a view with the names of its objects and questions about it."""
    objects, names, doubtful = [], [], []
    for id, place in enumerate(view.places, start=1):
        values = truth(world.things[place.thing], place.pose, vocabulary())
        kind = world.things[place.thing].kind
        own = {word for word in _nouns() if word in (kind.name, *kind.words.split())}
        names.append(own)
        doubtful.append(set(kind.perhaps.split()))
        said = tuple(w for w, value in zip(vocabulary(), values, strict=True) if value == 1)
        objects.append(
            SceneObject(
                id,
                (kind.name, *sorted(own - {kind.name})),
                (),
                tuple(w for w in said if w not in own),
            )
        )
    frame = Frame(view.rgb, view.depth, view.camera.intrinsics, frame_id=OPTICAL_FRAME)
    return Scene(
        name=name,
        frame=frame,
        instances=view.instances.astype(np.uint16),
        objects=tuple(objects),
        expressions=tuple(_questions(name, names, doubtful, rng)),
        base_from_camera=view.camera.base_from_camera,
        source="training.scenes",
    )


def _questions(
    scene: str, names: list[set[str]], doubtful: list[set[str]], rng: np.random.Generator
) -> Iterator[Expression]:
    open_words = set().union(*doubtful)
    clear = [noun for noun in _nouns() if noun not in open_words]
    there = {
        noun: tuple(id for id, own in enumerate(names, start=1) if noun in own) for noun in clear
    }
    spoken: list[tuple[str, str, tuple[int, ...]]] = []
    for noun, ids in there.items():
        if len(ids) == 1:
            spoken.append(("attribute", f"the {noun}", ids))
        elif ids:
            spoken.append(("plural", f"all the {plural(noun)}", ids))
        if ids:
            spoken.append(("count", f"how many {plural(noun)} are there", ids))
    absent = [noun for noun, ids in there.items() if not ids]
    for noun in rng.permutation(absent)[:_ABSENT]:
        spoken.append(("absent", f"the {noun}", ()))
    for number, (kind, text, ids) in enumerate(spoken):
        yield Expression(scene, f"{scene}-{number:02d}", text, kind, ids)


def _nouns() -> tuple[str, ...]:
    """The nouns that are asked for: kinds, and "cup" and the like that are others' second names."""
    return tuple(kind.name for kind in KINDS if kind.name in vocabulary())


if __name__ == "__main__":
    main()
