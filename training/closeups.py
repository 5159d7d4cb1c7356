"""Renders close-ups of objects: python -m training.closeups OUT --worlds N --seed S.

They are cut out as the grounder does it, a little wider so that training can shift and turn them:
by the true masks, and by those that an earlier network (--model) and geometry propose.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from grounding_ros.evaluation.metrics.matching import box_ious
from grounding_ros.geometry.plane import DEPTH_NOISE, Plane
from grounding_ros.perception.geometric.colors import balanced_lab, color_truths
from grounding_ros.perception.geometric.instances import find_instances
from grounding_ros.perception.grounders.tabletop_closeups import REACH, SIDE, Square, close_ups
from grounding_ros.perception.grounders.tabletop_inputs import Inputs, inputs_of
from grounding_ros.perception.grounders.tabletop_network import Network, OnnxNetwork
from grounding_ros.perception.grounders.tabletop_proposals import Proposals
from grounding_ros.perception.grounders.tabletop_regions import regions_of
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.segmenters.box import mask_boxes
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
_LEAST_SCORE = 0.1  # of the network's proposals: more than the grounder looks at
_BY_GEOMETRY = 0.4  # of the frames have its proposals too, which take long


def main() -> None:
    """Render the worlds that are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--worlds", type=int, default=400)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--split", choices=SPLITS, default="train")
    parser.add_argument("--model", type=Path, default=Path("models"), help="what proposes objects")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    arguments.out.mkdir(parents=True, exist_ok=True)
    network = OnnxNetwork(arguments.model)
    start, done = time.perf_counter(), 0
    for number in range(arguments.first, arguments.worlds):
        path = arguments.out / f"world_{number:05d}.npz"
        if path.exists():
            continue
        rng = np.random.default_rng((arguments.seed, SPLITS[arguments.split], number))
        shifted = arguments.split == "shifted"
        views = render_world(rng, shifted, _FRAMES, _WIDTH, _CROWDED, painted=True)
        done += write(path, views, network, rng)
        speed = done / (time.perf_counter() - start)
        print(f"world {number + 1}/{arguments.worlds}: {speed:.1f} close-ups/s", flush=True)


def write(
    path: Path, views: Iterable[tuple[View, World]], network: Network, rng: np.random.Generator
) -> int:
    """Write the close-ups of views at once, and return how many they are."""
    parts = [close_ups_of(view, world, network, rng) for view, world in views if view.places]
    arrays = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        np.savez(file, **arrays)
    draft.rename(path)
    return len(arrays["rgb"])


def close_ups_of(
    view: View, world: World, network: Network, rng: np.random.Generator
) -> dict[str, NDArray[np.generic]]:
    """Return the close-ups of a view, each row with what is true of its object.

    `rgb`, and the other channels times SCALE as `rest`; `measures`; `whole` (N, side, side) the
    object's true mask, 255 inside, and `inside`, the share of it that is shown; `iou` and `box_iou`
    of the mask and the box that were given; `words`; `colors` true of its paint, in hundredths.
    """
    frame = Frame(view.rgb, view.depth, view.camera.intrinsics)
    plane = table_plane(view.camera, rng)
    inputs = inputs_of(frame, plane)
    true = view.instances == np.arange(1, len(view.places) + 1)[:, None, None]
    proposed = _proposed(frame, inputs, plane, network, rng)
    masks = np.concatenate([true, *(masks for masks, _ in proposed)])
    boxes = np.concatenate([mask_boxes(true), *(boxes for _, boxes in proposed)])
    ious = _ious(masks, view.instances, len(true))
    of_boxes = box_ious(boxes, mask_boxes(true))
    owner = (ious + of_boxes).argmax(axis=1)
    pictures, measures = close_ups(frame, inputs, masks, boxes, STORED_SIDE, STORED_REACH)
    shown = [
        (Square.around(mask, box, STORED_REACH), true[row].view(np.uint8))
        for mask, box, row in zip(masks, boxes, owner, strict=True)
    ]
    rows = np.arange(len(masks))
    things = ((world.things[place.thing], place.pose) for place in view.places)
    words = np.array([truth(thing, pose, vocabulary()) for thing, pose in things], np.int8)
    return {
        "rgb": np.clip(np.rint((pictures[:, :3] + 2) * 64), 0, 255).astype(np.uint8),
        "rest": np.clip(np.rint(pictures[:, 3:] * SCALE), -127, 127).astype(np.int8),
        "measures": measures,
        "whole": np.array([square.shrunk(whole, STORED_SIDE, 255) for square, whole in shown]),
        "inside": np.array([_inside(square, whole) for square, whole in shown], np.float32),
        "iou": ious[rows, owner].astype(np.float32),
        "box_iou": of_boxes[rows, owner].astype(np.float32),
        "words": words[owner],
        "colors": np.array([_colors(view, mask) for mask in true])[owner],
    }


def _proposed(
    frame: Frame, inputs: Inputs, plane: Plane, network: Network, rng: np.random.Generator
) -> list[tuple[NDArray[np.bool_], NDArray[np.float32]]]:
    """Masks (N, H, W) and boxes (N, 4) of what is taken for objects, rightly or not."""
    nothing = np.zeros((0, frame.height, frame.width), bool)
    regions = regions_of(nothing, inputs)
    found = network.look(inputs.values, regions)
    shape = frame.height, frame.width
    own = Proposals.of_network(found, inputs, shape, _LEAST_SCORE, regions)
    proposed = [(own.masks, own.boxes)]
    if rng.random() < _BY_GEOMETRY:
        masks = find_instances(frame, plane, DEPTH_NOISE, PerceptionParameters()).masks
        proposed.append((masks, mask_boxes(masks)))
    return proposed


def _ious(
    masks: NDArray[np.bool_], instances: NDArray[np.uint8], count: int
) -> NDArray[np.float64]:
    """(N, G) of masks (N, H, W) and the objects of a picture (H, W)."""
    sizes = np.bincount(instances.ravel(), minlength=count + 1)[1:]
    shared = np.array([np.bincount(instances[mask], minlength=count + 1)[1:] for mask in masks])
    return np.asarray(shared / (masks.sum(axis=(1, 2))[:, None] + sizes - shared))


def _inside(square: Square, whole: NDArray[np.uint8]) -> float:
    """The share of a mask (H, W) that a square shows."""
    rows = slice(max(square.top, 0), square.top + square.length)
    columns = slice(max(square.left, 0), square.left + square.length)
    return float(whole[rows, columns].sum() / whole.sum())


def _colors(view: View, mask: NDArray[np.bool_]) -> NDArray[np.int8]:
    assert view.paint is not None
    lab = balanced_lab(view.paint[mask][None], np.ones(3, np.float32))[0]
    return np.rint(100 * np.asarray(color_truths(lab))).astype(np.int8)


if __name__ == "__main__":
    main()
