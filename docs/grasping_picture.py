"""Makes the picture of grasping.md: `python docs/grasping_picture.py` (needs MuJoCo)."""

from pathlib import Path

import cv2
import numpy as np

from grounding_ros.geometry.grasping import GraspPlanner
from grounding_ros.geometry.gripper import GripperParameters
from grounding_ros.geometry.lifting import Lifter
from grounding_ros.geometry.parameters import LiftingParameters
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.geometry.projection import project
from grounding_ros.geometry.transforms import inverse, transform_points
from grounding_ros.scene import Answer, CameraPose, Detections, Frame, Status
from grounding_ros.simulation.plan import Wish
from grounding_ros.simulation.render import render_shot

WISHES = (
    Wish("box", "small", ("red",), "standing", stackable=False),
    Wish("can", "medium", ("blue",), "standing", stackable=False),
    Wish("bowl", "medium", ("white",), "standing", stackable=False),
    Wish("ball", "small", ("yellow",), "standing", stackable=False),
)
SEED = (5, 3)
SHOWN = ("box", "can", "bowl")
OUT = Path(__file__).with_name("grasping.jpg")
AXES = ((0, (230, 40, 40), "x"), (1, (40, 200, 60), "y"), (2, (60, 120, 255), "z"))
HAND = GripperParameters()
CORNERS = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
EDGES = [(a, b) for a in range(8) for b in range(a) if bin(a ^ b).count("1") == 1]


def main() -> None:
    """Render a table, plan three grasps by true masks and draw the hand in each."""
    shot = render_shot("picture", SEED, WISHES)
    scene, frame = shot.scene, shot.scene.frame
    masks = np.stack([scene.mask(one.id) for one in scene.objects])
    n = len(masks)
    names = tuple(one.names[0] for one in scene.objects)
    boxes = np.array([scene.box(one.id) for one in scene.objects], np.float32)
    seen = Detections(boxes, np.ones(n), names, masks.shape[1:], masks)
    pose = CameraPose("base_link", scene.base_from_camera)
    objects = Lifter(LiftingParameters(), SupportPlanes(0.0005)).lift(frame, seen, pose)
    cards = []
    for name in SHOWN:
        row = names.index(name)
        answer = Answer(Status.GROUNDED, "", "pick", 0, frame.frame_id, seen, objects, pose, (row,))
        cards.append(card(frame, GraspPlanner(HAND, 0.0005).with_grasp(frame, answer)))
    sheet = cv2.cvtColor(np.hstack(cards), cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(OUT), sheet, [cv2.IMWRITE_JPEG_QUALITY, 85])


def card(frame: Frame, answer: Answer) -> np.ndarray:
    """Draw the hand about the chosen object, and cut the picture out around it."""
    picture = cv2.resize(frame.rgb, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR)
    grasp, masks = answer.grasp, answer.detections.masks
    assert grasp is not None and masks is not None, answer.no_grasp
    outline, _ = cv2.findContours(
        cv2.resize(masks[0].astype(np.uint8), None, fx=2, fy=2), cv2.RETR_EXTERNAL,
        cv2.CHAIN_APPROX_SIMPLE,
    )  # fmt: skip
    cv2.drawContours(picture, outline, -1, (255, 230, 60), 2, cv2.LINE_AA)
    half = grasp.opening_m / 2 + HAND.finger_thickness_m / 2
    finger = (HAND.finger_width_m, HAND.finger_thickness_m, HAND.finger_length_m)
    palm = (HAND.palm_depth_m, HAND.palm_width_m, 0.03)
    for side in (-1, 1):
        solid(picture, frame, answer, (0, side * half, -HAND.finger_length_m / 2), finger)
    solid(picture, frame, answer, (0, 0, -HAND.finger_length_m - 0.015), palm)
    for axis, colour, name in AXES:
        start, end = pixels(frame, answer, np.array([np.zeros(3), 0.06 * np.eye(3)[axis]]))
        cv2.arrowedLine(picture, start, end, colour, 3, cv2.LINE_AA, tipLength=0.2)
        cv2.putText(picture, name, (end[0] + 5, end[1]), 0, 0.7, colour, 2, cv2.LINE_AA)
    u, v = pixels(frame, answer, np.array([[0, 0, -0.04]]))[0]
    top, left = max(0, min(v - 200, 560)), max(0, min(u - 190, 900))
    cut = np.ascontiguousarray(picture[top : top + 400, left : left + 380])
    words = f"{grasp.kind}, open {100 * grasp.opening_m:.1f} cm"
    cut[:34] //= 4
    cv2.putText(cut, words, (8, 23), 0, 0.6, (255, 255, 255), 1, cv2.LINE_AA)
    return np.pad(cut, ((3, 3), (3, 3), (0, 0)), constant_values=255)


def solid(picture: np.ndarray, frame: Frame, answer: Answer, middle: tuple, size: tuple) -> None:
    """Draw the edges of a block of the tool."""
    corners = pixels(frame, answer, CORNERS * np.array(size) / 2 + np.array(middle))
    for a, b in EDGES:
        cv2.line(picture, corners[a], corners[b], (40, 40, 40), 4, cv2.LINE_AA)
        cv2.line(picture, corners[a], corners[b], (240, 240, 240), 2, cv2.LINE_AA)


def pixels(frame: Frame, answer: Answer, points: np.ndarray) -> list[tuple[int, int]]:
    """Pixels, of the picture twice as large, of points of the tool."""
    assert answer.grasp is not None and answer.pose is not None and frame.intrinsics is not None
    placed = transform_points(answer.grasp.pose, points)
    seen = transform_points(inverse(answer.pose.base_from_camera), placed)
    return [(round(2 * u), round(2 * v)) for u, v in project(seen, frame.intrinsics).tolist()]


if __name__ == "__main__":
    main()
