"""A table with boxes of known places, seen by a camera that looks along x and 45 degrees down."""

import numpy as np

from grounding_ros.language import Instruction, Phrase, Relation, phrases_of
from grounding_ros.reasoning import ReasoningParameters, resolve
from grounding_ros.scene import CameraPose, Detections, Objects3D

SIZE = (480, 640)
_TILT = np.sqrt(0.5)
POSE = CameraPose(
    "base",
    np.array(
        [[0, -_TILT, _TILT, -1.0], [-1, 0, 0, 0], [0, -_TILT, -_TILT, 1.0], [0, 0, 0, 1]],
    ),
)
"""x right of the camera is -y of the base, the camera is 1 m behind the origin and 1 m above."""


class Thing:
    """A box with a name, right and away in metres from the middle, its foot at a height."""

    def __init__(self, name, right=0.0, away=0.0, bottom=0.0, size=(0.1, 0.1, 0.1)):
        self.words = name.split()
        self.center = np.array([away, -right, bottom + size[2] / 2])
        self.size = np.array(size, float)

    @property
    def box(self):
        """Pixels: the corners projected with a focal length of 500."""
        signs = np.stack(np.meshgrid(*[(-0.5, 0.5)] * 3), axis=-1).reshape(-1, 3)
        corners = self.center + signs * self.size - POSE.base_from_camera[:3, 3]
        x, y, z = (corners @ POSE.base_from_camera[:3, :3]).T
        u, v = 320 + 500 * x / z, 240 + 500 * y / z
        return [u.min(), v.min(), u.max(), v.max()]


def seen(*things, floor=0.0, depth=True):
    """The detections without phrases and the objects in the base frame."""
    count = len(things)
    detections = Detections(
        boxes=np.array([thing.box for thing in things], np.float32).reshape(-1, 4),
        scores=np.ones(count),
        labels=tuple(" ".join(thing.words) for thing in things),
        image_size=SIZE,
        attributes=tuple(tuple(thing.words) for thing in things),
    )
    if not depth:
        return detections, Objects3D.absent(count, "no depth", "base")
    objects = Objects3D(
        frame_id="base",
        centers=np.array([thing.center for thing in things]).reshape(-1, 3),
        rotations=np.tile(np.eye(3), (count, 1, 1)),
        sizes=np.array([thing.size for thing in things]).reshape(-1, 3),
        covariances=np.zeros((count, 3, 3)),
        point_counts=np.full(count, 99),
        reasons=("",) * count,
        up=np.array([0.0, 0, 1]),
        up_source="tf",
        floor=np.array([0, 0, 1, floor]) if floor is not None else np.full(4, np.nan),
    )
    return detections, objects


def grounded(instruction, things, detections, unknown=()):
    """Fill in the matches: a word is true of what is called so, `unknown` words are not judged."""
    phrases = phrases_of(instruction)

    def fits(thing, phrase):
        words = {*phrase.attributes, phrase.head} - {"object"} - set(unknown)
        return float(words <= set(thing.words))

    return Detections(
        boxes=detections.boxes,
        scores=detections.scores,
        labels=detections.labels,
        image_size=detections.image_size,
        phrases=tuple(phrase.text for phrase in phrases),
        matches=np.array([[fits(t, p) for p in phrases] for t in things], np.float32),
        unjudged=tuple(
            tuple(word for word in (*p.attributes, p.head) if word in unknown) for p in phrases
        ),
        attributes=detections.attributes,
    )


def run(instruction, *things, unknown=(), depth=True, floor=0.0, last=None, **parameters):
    """Resolve an instruction on a table."""
    detections, objects = seen(*things, floor=floor, depth=depth)
    detections = grounded(instruction, things, detections, unknown)
    given = ReasoningParameters(**parameters)
    return resolve(instruction, detections, objects, given, pose=POSE, last=last)


def phrase(words, *relations, **fields):
    """Make a phrase: "red box" with its relations."""
    *attributes, head = words.split()
    fields.setdefault("text", f"the {words}")
    return Phrase(head=head, attributes=tuple(attributes), relations=relations, **fields)


def related(predicate, *anchors, immediate=False):
    """Make a relation to phrases or words."""
    made = [phrase(one) if isinstance(one, str) else one for one in anchors]
    return Relation(predicate, tuple(made), immediate)


def find(words, *relations, **fields):
    """Make "find the red box ..."."""
    return Instruction("", "find", phrase(words, *relations, **fields))
