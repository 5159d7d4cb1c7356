"""Which topics of a bag are the camera and the instruction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grounding_ros.errors import InputError

_MOST_NAMED = 12
_IMAGE = ("sensor_msgs/msg/Image", "sensor_msgs/msg/CompressedImage")


@dataclass(frozen=True)
class CameraTopics:
    """Names as they stand in the bag."""

    image: str
    depth: str
    """"" when the bag has no depth."""
    camera_info: str
    """"" when the bag has none."""
    instruction: str
    """"" when the bag has none."""

    @property
    def image_transport(self) -> str:
        """The node's `input.image_transport` for these topics."""
        return "compressed" if self.image.endswith("/compressed") else "raw"

    @property
    def depth_transport(self) -> str:
        """The node's `input.depth_transport` for these topics."""
        return "compressedDepth" if self.depth.endswith("/compressedDepth") else "raw"

    @property
    def remappings(self) -> Mapping[str, str]:
        """From the node's input names to the bag's base names, without transport endings."""
        names = {
            "image": self.image.removesuffix("/compressed"),
            "depth": self.depth.removesuffix("/compressedDepth"),
            "camera_info": self.camera_info,
            "instruction": self.instruction,
        }
        return {inner: outer for inner, outer in names.items() if outer}


def find_topics(topics: Mapping[str, str], bag: str = "bag") -> CameraTopics:
    """Return the camera of a bag, whose topics are given as name -> type; errors name the `bag`.

    An uncompressed image is preferred to the same image compressed, one that says it is colour to
    others (infrared, a stereo pair).

    Raises
    ------
    InputError
        When there is not exactly one colour image.
    """
    images = [name for name, kind in topics.items() if kind in _IMAGE]
    images = [name for name in images if name.rpartition("/")[0] not in images]
    depths = [name for name in images if "depth" in name]
    colours = [name for name in images if name not in depths]
    said = [name for name in colours if "color" in name or "rgb" in name]
    colour = _only(bag, "colour image", said or colours, topics)
    namespace = colour.removesuffix("/compressed").rpartition("/")[0]
    infos = [name for name, kind in topics.items() if kind == "sensor_msgs/msg/CameraInfo"]
    beside = [name for name in infos if name.rpartition("/")[0] == namespace] or infos
    instructions = [
        name
        for name, kind in topics.items()
        if kind == "std_msgs/msg/String" and name.rpartition("/")[2] == "instruction"
    ]
    registered = [name for name in depths if "aligned" in name or "registered" in name] or depths
    return CameraTopics(
        image=colour,
        depth=_first(registered),
        camera_info=_first(beside),
        instruction=_first(instructions),
    )


def _only(bag: str, what: str, names: list[str], topics: Mapping[str, str]) -> str:
    if len(names) != 1:
        raise InputError(
            f"{bag}: expected one {what}, got {_listed(names)}; its topics: {_listed(list(topics))}"
            f"; {'keep one of them' if names else 'record one too'}"
        )
    return names[0]


def _listed(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    rest = [f"and {more} more"] if more > 0 else []
    return ", ".join([*names[:_MOST_NAMED], *rest]) or "none"


def _first(names: Iterable[str]) -> str:
    return next(iter(names), "")
