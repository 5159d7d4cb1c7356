"""How many grasps would hold, and how long one takes to plan.

    python benchmarks/grasping.py [SCENES]

Scenes of the package's own generator, with true masks and the noise of a Kinect or none. A grasp
is planned for every object of which enough is seen, and judged by the true shapes: it holds when
the open hand touches nothing on its way, and closes on the object; of suction, when the surface
is under the cup. Times are of the processor.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import replace
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grounding_ros.geometry.grasping import GraspPlanner
from grounding_ros.geometry.gripper import GripperParameters
from grounding_ros.geometry.lifting import Lifter
from grounding_ros.geometry.parameters import LiftingParameters
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.geometry.transforms import rotation_about_z
from grounding_ros.scene import Answer, CameraPose, Detections, Frame, Grasp, Objects3D, Status
from grounding_ros.simulation.camera import sample_camera
from grounding_ros.simulation.depth_noise import add_depth_noise
from grounding_ros.simulation.engine import load_mujoco
from grounding_ros.simulation.picture import take_picture
from grounding_ros.simulation.plan import Thing, put_down, sample_wishes
from grounding_ros.simulation.settle import Rest, settle
from grounding_ros.simulation.upright_box import upright_box
from grounding_ros.simulation.world import World, build_world

MIN_VISIBLE_PX = 400
POINTS = 4000
Array = NDArray[np.float64]


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("scenes", nargs="?", type=int, default=40)
    arguments.add_argument("--noise", default="kinect")
    arguments.add_argument("--tool", default="fingers", choices=("fingers", "suction"))
    arguments.add_argument("--boxes", default="lifted", choices=("lifted", "true"))
    arguments.add_argument("--list", action="store_true", help="print every grasp that fails")
    given = arguments.parse_args()
    planner = GraspPlanner(GripperParameters(tool=given.tool))
    outcomes: dict[str, Counter[str]] = {}
    reasons: Counter[str] = Counter()
    times: list[float] = []
    for number in range(given.scenes):
        for thing, answer, row, frame, truth in looked(number, given.noise, given.boxes):
            planner.with_grasp(frame, answer) if number == 0 and not times else None  # warm up
            started = process_time()
            done = planner.with_grasp(frame, answer)
            times.append(1e3 * (process_time() - started))
            what = judged(done, row, truth, planner.gripper)
            kind = f"{thing.size_word} {thing.kind.name}"
            outcomes.setdefault(kind, Counter())[what] += 1
            if what == "no grasp":
                reasons[" ".join(done.no_grasp.split("(")[0].split()[:8])] += 1
            if given.list and what not in ("holds", "no grasp"):
                assert done.grasp is not None
                print(number, row, kind, what, done.grasp.kind, round(done.grasp.score, 2))
    names = sorted({name for counts in outcomes.values() for name in counts})
    print(f"{'object':<14}" + "".join(f"{name:>22}" for name in names))
    total: Counter[str] = Counter()
    for kind, counts in sorted(outcomes.items()):
        total += counts
        print(f"{kind:<14}" + "".join(f"{counts[name]:>22}" for name in names))
    print(f"{'all':<14}" + "".join(f"{total[name]:>22}" for name in names))
    tried = sum(total.values()) - total["no grasp"]
    print(f"hold: {total['holds'] / tried:.3f} of {tried} grasps; no grasp: {dict(reasons)}")
    p50, p95 = np.percentile(times, (50, 95))
    print(f"planning: p50 {p50:.1f} ms, p95 {p95:.1f} ms of processor time, {len(times)} objects")


def looked(number: int, noise: str, boxes: str = "lifted") -> Any:
    """Yield thing, answer, row, frame and the true points by row, of everything seen enough."""
    rng = np.random.default_rng((77, number))
    things = put_down(sample_wishes(rng), rng)
    camera = sample_camera(rng)
    world = build_world(things, camera, rng)
    rest = settle(world)
    if rest is None:
        return
    picture = take_picture(world, rest.data)
    depth = add_depth_noise(picture.depth, noise, rng)
    frame = Frame(picture.rgb, depth, camera.intrinsics, 0, "camera")
    masks = np.stack([picture.numbers == k for k in range(len(things))])
    n = len(things)
    seen = Detections(np.zeros((n, 4)), np.ones(n), ("thing",) * n, depth.shape, masks)
    sigma = {"none": 0.0005}.get(noise, 0.0015)
    pose = CameraPose("base", camera.base_from_camera)
    objects = Lifter(LiftingParameters(), SupportPlanes(sigma)).lift(frame, seen, pose)
    truth = [true_points(world, rest.data, body) for body in world.body_ids]
    if boxes == "true":
        objects = with_true_boxes(objects, things, rest)
    for row, thing in enumerate(things):
        if masks[row].sum() < MIN_VISIBLE_PX:
            continue
        answer = Answer(Status.GROUNDED, "", "pick", 0, "camera", seen, objects, pose, (row,))
        yield thing, answer, row, frame, truth


def with_true_boxes(objects: Objects3D, things: tuple[Thing, ...], rest: Rest) -> Objects3D:
    """The objects as a lifter would have them that makes no error."""
    placed = zip(things, rest.rotations, rest.positions, strict=True)
    boxes = [upright_box(thing.points @ turn.T + place) for thing, turn, place in placed]
    n = len(boxes)
    return replace(
        objects,
        centers=np.array([center for center, _, _ in boxes]),
        sizes=np.array([size for _, size, _ in boxes]),
        rotations=np.stack([rotation_about_z(yaw) for _, _, yaw in boxes]),
        covariances=np.zeros((n, 3, 3)),
        reasons=("",) * n,
    )


def true_points(world: World, data: Any, body: int) -> Array:
    """Points (M, 3) on the solids of a body, base frame."""
    mujoco = load_mujoco()
    model, rng = world.model, np.random.default_rng(body)
    found = []
    for geom in np.flatnonzero(model.geom_bodyid == body):
        if model.geom_contype[geom] == 0:
            continue
        kind, size = model.geom_type[geom], model.geom_size[geom]
        if kind == mujoco.mjtGeom.mjGEOM_BOX:
            points = rng.uniform(-1, 1, (POINTS, 3))
            axis = rng.integers(0, 3, POINTS)
            points[np.arange(POINTS), axis] = np.sign(points[np.arange(POINTS), axis])
            points = points * size
        else:
            around = rng.uniform(0, 2 * np.pi, POINTS)
            ring = np.column_stack([np.cos(around), np.sin(around)])
            if kind == mujoco.mjtGeom.mjGEOM_SPHERE:
                z = rng.uniform(-1, 1, POINTS)
                points = size[0] * np.column_stack([ring * np.sqrt(1 - z**2)[:, None], z])
            else:  # a cylinder or a capsule
                side = np.column_stack([size[0] * ring, rng.uniform(-1, 1, POINTS) * size[1]])
                lid = np.column_stack([ring * rng.uniform(0, size[0], (POINTS, 1)), side[:, 2]])
                lid[:, 2] = np.sign(lid[:, 2]) * size[1]
                points = np.vstack([side, lid])
        found.append(points @ data.geom_xmat[geom].reshape(3, 3).T + data.geom_xpos[geom])
    return np.vstack(found)


def judged(answer: Answer, row: int, truth: list[Array], gripper: GripperParameters) -> str:
    """Say what would come of the grasp."""
    grasp = answer.grasp
    if grasp is None:
        return "no grasp"
    if grasp.kind == "suction":
        return judged_suction(grasp, truth[row])
    if lowest(grasp, gripper) < 0:
        return "hits table"
    for other, points in enumerate(truth):
        if touches(grasp, points, gripper):
            return "hits object" if other == row else "hits neighbour"
    local = (truth[row] - grasp.pose[:3, 3]) @ grasp.pose[:3, :3]
    pads = (np.abs(local[:, 0]) < gripper.finger_width_m / 2) & (local[:, 2] < 0)
    pads &= (local[:, 2] > -0.02) & (np.abs(local[:, 1]) < grasp.opening_m / 2)
    return "holds" if pads.sum() >= 20 else "closes on nothing"


def judged_suction(grasp: Grasp, points: Array) -> str:
    """It holds when the surface all under the cup is within 4 mm of it."""
    local = (points - grasp.pose[:3, 3]) @ grasp.pose[:3, :3]
    under = np.hypot(local[:, 0], local[:, 1]) < 0.015
    near = under & (np.abs(local[:, 2]) < 0.004)
    return "holds" if near.sum() >= 20 else "off the surface"


def lowest(grasp: Grasp, gripper: GripperParameters) -> float:
    """Height of the hand's lowest point over the table, metres."""
    x, y, z = grasp.pose[2, :3]
    tips = grasp.pose[2, 3] - abs(x) * gripper.finger_width_m / 2 - abs(y) * grasp.opening_m / 2
    palm = grasp.pose[2, 3] - gripper.finger_length_m * z - abs(x) * gripper.palm_depth_m / 2
    return float(min(tips, palm))


def touches(grasp: Grasp, points: Array, gripper: GripperParameters) -> bool:
    """Whether the fingers or the palm go through any of some points on the way."""
    x, y, z = ((points - grasp.pose[:3, 3]) @ grasp.pose[:3, :3]).T
    x, y = np.abs(x), np.abs(y)
    half = grasp.opening_m / 2
    way = (z < 0) & (z > -0.16)
    fingers = (x < gripper.finger_width_m / 2) & (y > half)
    fingers &= y < half + gripper.finger_thickness_m
    palm = (z < -gripper.finger_length_m) & (x < gripper.palm_depth_m / 2)
    palm &= y < gripper.palm_width_m / 2
    return bool((way & (fingers | palm)).any())


if __name__ == "__main__":
    sys.exit(main())
