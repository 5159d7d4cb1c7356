"""What the robot is told: which object it is, or plainly why that cannot be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import ShapeError
from grounding_ros.scene.arrays import frozen, rigid
from grounding_ros.scene.detections import Detections
from grounding_ros.scene.grasp import Grasp
from grounding_ros.scene.objects3d import Objects3D
from grounding_ros.scene.pose import CameraPose


class Status(str, Enum):
    """How an instruction ended."""

    GROUNDED = "grounded"
    """Every word was judged and the chosen set is the answer."""
    PARTLY_GROUNDED = "partly_grounded"
    """One candidate is left, but a word of the phrase could not be judged."""
    NOT_FOUND = "not_found"
    """Every word was judged and nothing fits."""
    CANNOT_JUDGE = "cannot_judge"
    """A needed word is unknown to the model."""
    AMBIGUOUS = "ambiguous"
    """Several candidates fit one "the"; the question tells them apart."""
    NOT_UNDERSTOOD = "not_understood"
    """The sentence was not understood as a whole."""
    FAILED = "failed"
    """Something is broken; the message says what."""


@dataclass(frozen=True, eq=False)
class Answer:
    """The answer to one instruction on one frame."""

    status: Status
    text: str
    """The instruction as it was heard."""
    task: str
    """"find", "pick", "place", "count", "verify" or "describe"."""
    stamp_ns: int
    """Of the image the answer is about, nanoseconds."""
    frame_id: str
    """The image's frame."""
    candidates: Detections
    """Every object that was considered."""
    objects: Objects3D
    """The same objects in 3D, row by row."""
    pose: CameraPose | None = None
    """The camera pose that took `objects` to the target frame; None: they are in the image's
    frame."""
    chosen: tuple[int, ...] = ()
    """Rows of `candidates`, exactly the chosen set, best first."""
    places: tuple[int, ...] = ()
    """Rows of `candidates`: the anchors of a destination, best first."""
    anchors: tuple[int, ...] = ()
    """Rows of `candidates` that the chosen set was related to, the mug of "behind the mug"."""
    free_spot: tuple[float, float, float] | None = None
    """Metres, in the frame of `objects`: where to put the object down; None: not known."""
    truth: bool | None = None
    """Of a question of yes and no; None when it was not judged."""
    count: int | None = None
    """How many objects fit; None when it could not be judged."""
    message: str = ""
    """A sentence for a person: what was found, or why not."""
    question: str = ""
    """The one question that tells ambiguous candidates apart."""
    unjudged: tuple[str, ...] = ()
    """The words of the phrase that could not be judged."""
    trace: tuple[str, ...] = ()
    """The steps of the reasoning, in order."""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds by stage: ground, segment, lift, resolve, grasp, total."""
    grasp: Grasp | None = None
    """How to take hold of the one chosen object; None where nothing is to be taken or no grasp
    was found."""
    no_grasp: str = ""
    """Why no grasp was found, a sentence; "" when there is one or none was asked for."""
    place_pose: NDArray[np.float64] | None = None
    """(4, 4) the tool's pose when it lets the object go, so that its foot stands on `free_spot`;
    in the frame of `objects`. None without a grasp or a free spot."""

    def __post_init__(self) -> None:
        n = len(self.candidates)
        if len(self.objects) != n:
            raise ShapeError(f"objects: expected one a candidate ({n}), got {len(self.objects)}")
        for name in ("chosen", "places", "anchors"):
            rows = getattr(self, name)
            if any(not 0 <= row < n for row in rows):
                raise ShapeError(f"{name}: expected rows below {n}, got {rows}")
        if self.place_pose is not None:
            object.__setattr__(self, "place_pose", rigid("place_pose", self.place_pose))

    @property
    def detections(self) -> Detections:
        """Exactly the chosen set, best first."""
        return self.candidates[list(self.chosen)]

    @property
    def objects3d(self) -> Objects3D:
        """The chosen set in 3D, row for row with `detections`."""
        return self.objects[list(self.chosen)]


@dataclass(frozen=True, eq=False)
class LastChoice:
    """Where the objects were that an answer chose: what "it" means on a later frame."""

    boxes: NDArray[np.float32]
    """(K, 4) xyxy pixels."""
    centers: NDArray[np.float64]
    """(K, 3) metres in `frame_id`, NaN where the 3D was absent."""
    frame_id: str
    """The frame of the centres."""

    def __post_init__(self) -> None:
        boxes = frozen("boxes", np.reshape(self.boxes, (-1, 4)), (None, 4), np.float32)
        object.__setattr__(self, "boxes", boxes)
        centers = frozen("centers", self.centers, (len(boxes), 3), np.float64)
        object.__setattr__(self, "centers", centers)

    @classmethod
    def of(cls, answer: Answer) -> LastChoice | None:
        """Take what an answer chose; None when it chose nothing or asked which one."""
        if not answer.chosen or answer.status is Status.AMBIGUOUS:
            return None
        lifted = answer.objects3d
        return cls(answer.detections.boxes, lifted.centers, lifted.frame_id)
