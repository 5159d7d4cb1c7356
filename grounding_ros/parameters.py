"""All parameters of the node, as one frozen value; ROS names, yaml and table are made from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass, replace
from typing import Any

from grounding_ros.declaration import parameter, validate
from grounding_ros.errors import InputError
from grounding_ros.pipeline import PipelineParameters

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True)
class InputParameters:
    """What the node listens to and how streams are brought together."""

    cameras: str = parameter(
        "",
        "Names of several cameras, separated by blanks: each has its topics under `<name>/`; "
        "empty: one camera, whose topics have no such prefix.",
        read_only=True,
    )
    merge_wait_s: float = parameter(
        0.5,
        "With several cameras: how long the merged answer waits for a camera that is silent, "
        "seconds.",
        minimum=0.05,
        maximum=60.0,
        read_only=True,
    )
    image_transport: str = parameter(
        "raw",
        "`raw` listens to `image`, `compressed` to `<image>/compressed`.",
        choices=("raw", "compressed"),
        read_only=True,
    )
    depth_transport: str = parameter(
        "raw",
        "`raw` listens to `depth`, `compressedDepth` to `<depth>/compressedDepth`.",
        choices=("raw", "compressedDepth"),
        read_only=True,
    )
    use_depth: bool = parameter(
        True, "Pair every image with depth; false runs in 2D.", read_only=True
    )
    image_rectified: bool = parameter(
        False,
        "True: the image is rectified and camera_info's P holds. False: it is raw, K and the "
        "distortion D hold.",
        read_only=True,
    )
    reliability: str = parameter(
        "best_effort",
        "QoS of the camera subscriptions. A best_effort subscriber hears every publisher, a "
        "reliable one only reliable publishers.",
        choices=("best_effort", "reliable"),
        read_only=True,
    )
    queue_size: int = parameter(
        5, "QoS depth of the camera subscriptions.", minimum=1, maximum=100, read_only=True
    )
    pair_slop_s: float = parameter(
        0.02,
        "Image and depth belong together when their stamps differ by at most this, seconds.",
        minimum=0.0,
        maximum=1.0,
        read_only=True,
    )
    depth_wait_s: float = parameter(
        0.5,
        "An image whose depth is this overdue is answered in 2D, seconds.",
        minimum=0.0,
        maximum=10.0,
        read_only=True,
    )
    max_frame_age_s: float = parameter(
        2.0,
        "A new instruction is answered on the newest frame only if that arrived at most this long "
        "ago; else on the next one, seconds.",
        minimum=0.05,
        maximum=60.0,
    )

    def __post_init__(self) -> None:
        validate(self)
        names = self.cameras.split()
        wrong = [name for name in names if not _NAME.fullmatch(name)]
        if wrong or len(set(names)) < len(names):
            raise InputError(
                "cameras: expected different names of letters, digits and underscores, separated "
                f"by blanks, got {self.cameras!r}"
            )

    @property
    def camera_names(self) -> tuple[str, ...]:
        """One name a camera; ("",) when there is one without a name."""
        return tuple(self.cameras.split()) or ("",)


@dataclass(frozen=True)
class NodeParameters:
    """Everything that can be set on the node."""

    initial_instruction: str = parameter(
        "", "An instruction to answer as soon as there is a frame.", read_only=True
    )
    continuous: bool = parameter(
        False, "Answer the current instruction on every frame, not only once."
    )
    target_frame: str = parameter(
        "",
        "The frame of the 3D results, its z up, such as `base_link`; empty: the image's own "
        "optical frame.",
    )
    tf_timeout_s: float = parameter(
        0.1,
        "How long to wait for the transform at the image's stamp, seconds.",
        minimum=0.0,
        maximum=5.0,
    )
    diagnostics_period_s: float = parameter(
        1.0,
        "How often diagnostics are published, seconds.",
        minimum=0.1,
        maximum=60.0,
        read_only=True,
    )
    autostart: bool = parameter(
        True,
        "Configure and activate at start; false leaves that to a lifecycle manager.",
        read_only=True,
    )
    input: InputParameters = field(default_factory=InputParameters)
    pipeline: PipelineParameters = field(default_factory=PipelineParameters)

    def __post_init__(self) -> None:
        validate(self)


def flat(parameters: Any, prefix: str = "") -> Iterator[tuple[str, Field[Any], Any]]:
    """Yield (ROS name, field, value) of every declared parameter, in order.

    The pipeline's groups stand at the top: `perception.grounder`, not
    `pipeline.perception.grounder`.
    """
    for entry in fields(parameters):
        value = getattr(parameters, entry.name)
        if is_dataclass(value):
            nested = "" if entry.name == "pipeline" else f"{prefix}{entry.name}."
            yield from flat(value, nested)
        else:
            yield f"{prefix}{entry.name}", entry, value


def from_flat(values: Mapping[str, Any], base: Any = None, prefix: str = "") -> Any:
    """Return `base` (the defaults when None) with the values that are named.

    Raises
    ------
    InputError
        For an unknown name or a value that is out of bounds; the message names the parameter.
    """
    root = base is None or isinstance(base, NodeParameters)
    base = NodeParameters() if base is None else base
    if root:
        known = [name for name, _, _ in flat(base)]
        for name in values:
            if name not in known:
                raise InputError(f"parameter {name!r}: unknown; the known ones: {', '.join(known)}")
    changes = {}
    for entry in fields(base):
        value = getattr(base, entry.name)
        if is_dataclass(value):
            nested = "" if entry.name == "pipeline" else f"{prefix}{entry.name}."
            changes[entry.name] = from_flat(values, value, nested)
        elif f"{prefix}{entry.name}" in values:
            changes[entry.name] = values[f"{prefix}{entry.name}"]
    try:
        return replace(base, **changes)
    except InputError as error:
        raise InputError(error if root else f"{prefix}{error}") from None


def as_yaml() -> str:
    """Return `config/grounding.yaml`: every parameter with its description and default."""
    lines = [
        "# Made by `grounding-ros parameters --yaml`; the defaults live in the dataclasses.",
        "/**:",
        "  ros__parameters:",
    ]
    group = ""
    for name, entry, value in flat(NodeParameters()):
        head, _, leaf = name.rpartition(".")
        if head != group:
            lines.append(f"    {head}:")
            group = head
        indent = "      " if head else "    "
        lines += [f"{indent}# {_described(entry)}", f"{indent}{leaf}: {_yaml(value)}"]
    return "\n".join(lines) + "\n"


def as_table() -> str:
    """Return the README's table of parameters, Markdown."""
    rows = ["| parameter | default | meaning |", "|---|---|---|"]
    for name, entry, value in flat(NodeParameters()):
        rows.append(f"| `{name}` | `{_yaml(value)}` | {_described(entry)} |")
    return "\n".join(rows) + "\n"


def _described(entry: Field[Any]) -> str:
    low, high = entry.metadata["minimum"], entry.metadata["maximum"]
    choices = entry.metadata["choices"]
    notes = []
    if choices:
        notes.append("one of " + ", ".join(choices))
    if low is not None or high is not None:
        notes.append(f"{'' if low is None else low} to {'any' if high is None else high}")
    if entry.metadata["read_only"]:
        notes.append("fixed at start")
    text: str = entry.metadata["description"]
    return text + (f" ({'; '.join(notes)})" if notes else "")


def _yaml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
