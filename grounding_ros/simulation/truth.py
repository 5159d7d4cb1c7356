"""What is known to be true of one picture: its objects, their masks and the right answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grounding_ros.errors import InputError
from grounding_ros.scene import Frame
from grounding_ros.scene.arrays import frozen

BASE_FRAME = "base_link"
"""Frame of every 3D truth: z up, origin on the table's surface below the middle of the objects."""

OPTICAL_FRAME = "camera_color_optical_frame"
"""Frame of every image: x right, y down, z forward."""


@dataclass(frozen=True)
class SceneObject:
    """One object of a scene."""

    id: int
    """Its value in the instance image; above 0."""
    names: tuple[str, ...]
    """What people call it, the plainest name first."""
    colors: tuple[str, ...]
    """Its colours, the largest area first."""
    attributes: tuple[str, ...] = ()
    """Other words that are true of it: "large", "striped", "lying"."""
    center_m: tuple[float, float, float] | None = None
    """Centre of its gravity-aligned box in `BASE_FRAME`, metres; None when unknown."""
    size_m: tuple[float, float, float] | None = None
    """Full extents along the box's own x, y and z (up), metres; the horizontal longer one is x."""
    yaw_rad: float | None = None
    """Angle of the box's x axis about z, in [-pi/2, pi/2), radians."""
    visible_share: float | None = None
    """Its pixels over those it would have if it were alone, in (0, 1]; None when unknown."""


@dataclass(frozen=True)
class Expression:
    """One instruction about a scene with its right answer."""

    scene: str
    """The scene's name."""
    id: str
    """Unique in its folder."""
    text: str
    """What the user says."""
    kind: str
    """"attribute", "plural", "count", "absent", "ambiguous", "relation2d"..."""
    target_ids: tuple[int, ...]
    """All objects that must be returned; () = not there; all candidates when ambiguous."""
    place_ids: tuple[int, ...] = ()
    """The anchors of a destination."""
    answer: bool | None = None
    """Of a `verify` question."""
    note: str = ""
    """A remark of the annotator."""


@dataclass(frozen=True, eq=False)
class Scene:
    """One RGB-D picture with its truth."""

    name: str
    """Unique in its folder; also the beginning of its file names."""
    frame: Frame
    """Colour, depth and camera."""
    instances: NDArray[np.uint16]
    """(H, W) uint16, id of the object seen in each pixel, 0 = none."""
    objects: tuple[SceneObject, ...]
    """The objects that are counted as visible."""
    expressions: tuple[Expression, ...] = ()
    """Instructions in the order in which they are given."""
    base_from_camera: NDArray[np.float64] | None = None
    """(4, 4) metres, points of the optical frame to `BASE_FRAME`; None when unknown."""
    source: str = ""
    """Where the picture is from."""

    def __post_init__(self) -> None:
        shape = (self.frame.height, self.frame.width)
        object.__setattr__(self, "instances", frozen("instances", self.instances, shape, np.uint16))
        if self.base_from_camera is not None:
            pose = frozen("base_from_camera", self.base_from_camera, (4, 4), np.float64)
            object.__setattr__(self, "base_from_camera", pose)
        known = {thing.id for thing in self.objects}
        for expression in self.expressions:
            unknown = set(expression.target_ids + expression.place_ids) - known
            if unknown:
                raise InputError(
                    f"expression {expression.id}: expected ids of scene {self.name} "
                    f"{sorted(known)}, got {sorted(unknown)}; correct target_ids or place_ids"
                )

    def object(self, id: int) -> SceneObject:
        """Return the object with this id.

        Raises
        ------
        InputError
            When the scene has none.
        """
        for thing in self.objects:
            if thing.id == id:
                return thing
        known = [thing.id for thing in self.objects]
        raise InputError(f"scene {self.name}: expected an object id of {known}, got {id}")

    def mask(self, id: int) -> NDArray[np.bool_]:
        """Return the (H, W) bool mask of the pixels in which object `id` is seen."""
        return np.asarray(self.instances == id)

    def box(self, id: int) -> tuple[int, int, int, int]:
        """Return the xyxy box around the mask of `id`, pixels; the maximum is exclusive.

        Raises
        ------
        InputError
            When no pixel shows the object.
        """
        v, u = np.nonzero(self.instances == id)
        if len(u) == 0:
            raise InputError(f"scene {self.name}: expected pixels of object {id}, got none")
        return int(u.min()), int(v.min()), int(u.max()) + 1, int(v.max()) + 1
