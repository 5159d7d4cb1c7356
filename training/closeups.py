"""Renders close-ups of objects: python -m training.closeups OUT --worlds N --seed S.

They are cut out as the grounder does it, a little wider so that training can shift and turn them.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.perception.grounders.tabletop_closeups import REACH, SIDE, close_ups
from grounding_ros.perception.grounders.tabletop_inputs import inputs_of
from grounding_ros.scene import Frame
from training.kinds import vocabulary
from training.render import SPLITS, View, render_world, table_plane
from training.things import truth
from training.world import World

STORED_SIDE = 60
STORED_REACH = REACH * STORED_SIDE / SIDE
SCALE = 40.0
"""Channels other than colour are stored as int8: value times this."""
_WIDTH, _FRAMES, _CROWDED = 512, 10, 0.6


def main() -> None:
    """Render the worlds that are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--worlds", type=int, default=400)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--split", choices=SPLITS, default="train")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    arguments.out.mkdir(parents=True, exist_ok=True)
    start, done = time.perf_counter(), 0
    for number in range(arguments.first, arguments.worlds):
        path = arguments.out / f"world_{number:05d}.npz"
        if path.exists():
            continue
        rng = np.random.default_rng((arguments.seed, SPLITS[arguments.split], number))
        shifted = arguments.split == "shifted"
        done += write(path, render_world(rng, shifted, _FRAMES, _WIDTH, _CROWDED), rng)
        speed = done / (time.perf_counter() - start)
        print(f"world {number + 1}/{arguments.worlds}: {speed:.1f} close-ups/s", flush=True)


def write(path: Path, views: Iterable[tuple[View, World]], rng: np.random.Generator) -> int:
    """Write the close-ups of views at once, and return how many they are."""
    parts = [close_ups_of(view, world, rng) for view, world in views if view.places]
    names = ("rgb", "rest", "measures", "words")
    arrays = {
        name: np.concatenate(part)
        for name, part in zip(names, zip(*parts, strict=True), strict=True)
    }
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        np.savez(file, **arrays)
    draft.rename(path)
    return len(arrays["rgb"])


def close_ups_of(
    view: View, world: World, rng: np.random.Generator
) -> tuple[NDArray[np.generic], ...]:
    """Return colours, the other channels times SCALE, measures and words of a view's objects."""
    frame = Frame(view.rgb, view.depth, view.camera.intrinsics)
    inputs = inputs_of(frame, table_plane(view.camera, rng))
    masks = view.instances == np.arange(1, len(view.places) + 1)[:, None, None]
    pictures, measures = close_ups(frame, inputs, masks, STORED_SIDE, STORED_REACH)
    rgb = np.clip(np.rint((pictures[:, :3] + 2) * 64), 0, 255).astype(np.uint8)
    rest = np.clip(np.rint(pictures[:, 3:] * SCALE), -127, 127).astype(np.int8)
    things = ((world.things[place.thing], place.pose) for place in view.places)
    words = np.array([truth(thing, pose, vocabulary()) for thing, pose in things], np.int8)
    return rgb, rest, measures, words


if __name__ == "__main__":
    main()
