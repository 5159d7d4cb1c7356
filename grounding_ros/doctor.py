"""What is there for the node to work with, and what to do about what is not."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from grounding_ros.perception.models.store import default_root
from grounding_ros.shared_files import share

_LISTEN_S = 2.0


@dataclass(frozen=True)
class Finding:
    """One fact, good or bad."""

    level: str
    """"ok", "note" (something optional is absent) or "missing" (the node cannot run)."""
    about: str
    sentence: str

    @property
    def is_fatal(self) -> bool:
        """Whether the node cannot run because of it."""
        return self.level == "missing"

    def __str__(self) -> str:
        return f"{self.level:7}  {self.about:14}  {self.sentence}"


def examine(listen_s: float = _LISTEN_S) -> Iterator[Finding]:
    """Yield every finding, one by one as they are known; listens `listen_s` for cameras."""
    for look in (_python, _ros, _messages, _extras, _gpu, _models, _rendering, _dds):
        yield from look()
    if _has("rclpy"):
        yield from _cameras(listen_s)


def _has(package: str) -> bool:
    try:
        spec = find_spec(package)
    except ModuleNotFoundError:  # the parent of a dotted name
        return False
    return spec is not None and spec.origin is not None  # a mere folder of that name has none


def _python() -> Iterator[Finding]:
    yield Finding("ok", "Python", f"{platform.python_version()} at {sys.executable}.")


def _ros() -> Iterator[Finding]:
    distribution = os.environ.get("ROS_DISTRO")
    if not _has("rclpy"):
        yield Finding(
            "missing",
            "ROS 2",
            "rclpy is not importable; source your ROS (source /opt/ros/<distro>/setup.bash) or "
            "run `make setup` and use .venv/bin/python.",
        )
    elif distribution:
        yield Finding("ok", "ROS 2", f"{distribution}, sourced.")
    else:
        yield Finding("ok", "ROS 2", "rclpy from Python wheels; no ROS is sourced.")


def _messages() -> Iterator[Finding]:
    for package in ("vision_msgs", "tf2_msgs"):
        if _has(package):
            yield Finding("ok", package, "importable.")
            continue
        name = package.replace("_", "-")
        remedy = f"apt install ros-$ROS_DISTRO-{name}, or `make setup` where there is no ROS"
        yield Finding("missing", package, f"not importable: {remedy}.")


def _extras() -> Iterator[Finding]:
    optional = {
        "tf2_ros": "our own tf listener is used instead",
        "cv_bridge": "rare encodings (bayer, nv12) are refused with a message",
        "launch": "start the node with `grounding-ros run` instead of `ros2 launch`",
        "torch": "models with weights need it: pip install 'grounding_ros[models]'",
        "transformers": "models with weights need it: pip install 'grounding_ros[models]'",
        "rosbags.rosbag2": "bags cannot be read or written: pip install rosbags",
    }
    for package, without in optional.items():
        name = package.partition(".")[0]
        if not _has(package):
            yield Finding("note", name, f"not installed; {without}.")
        else:
            yield Finding("ok", name, "importable.")


def _gpu() -> Iterator[Finding]:
    if Path("/etc/nv_tegra_release").exists():
        yield Finding("ok", "GPU", "an NVIDIA Jetson.")
    elif shutil.which("nvidia-smi") and Path("/dev/nvidiactl").exists():
        yield Finding("ok", "GPU", "an NVIDIA driver is loaded.")
    else:
        yield Finding("note", "GPU", "no NVIDIA driver; models run on the CPU.")
    if not _has("onnxruntime"):
        yield Finding(
            "note",
            "GPU runtime",
            "onnxruntime is not installed: the default grounder is then geometric, which needs "
            "none; pip install onnxruntime (or onnxruntime-gpu) for the bundled model tabletop.",
        )
        return
    yield from _mixed_runtimes(runtimes())
    import onnxruntime

    providers = ", ".join(onnxruntime.get_available_providers())
    yield Finding("ok", "GPU runtime", f"onnxruntime {onnxruntime.__version__} with {providers}.")


def runtimes() -> list[str]:
    """Return the distributions of ONNX Runtime that are installed."""
    names = (entry.metadata["Name"] or "" for entry in metadata.distributions())
    return sorted({name for name in names if re.fullmatch(r"onnxruntime(-\w+)?", name, re.I)})


def _mixed_runtimes(names: list[str]) -> Iterator[Finding]:
    if len(names) > 1:
        yield Finding(
            "note",
            "GPU runtime",
            f"{' and '.join(names)} are installed over each other, and what runs is a mix of "
            f"their files: pip uninstall -y {' '.join(names)}, then install the one for this "
            "machine (README, ONNX Runtime).",
        )


def _models() -> Iterator[Finding]:
    yield Finding("ok", "models", "the geometric grounder is built in and needs no weights.")
    folder = share("models")
    weights = sorted(folder.glob("*.onnx")) if folder else []
    names = ", ".join(path.name for path in weights)
    if names:
        yield Finding("ok", "models", f"found {names} in {folder}.")
    else:
        yield Finding("note", "models", f"no model files in {folder or 'models/'}.")
    root = default_root()
    pulled = ", ".join(sorted(path.parent.name for path in root.glob("*/config.json")))
    yield Finding("ok", "models", f"pulled or exported: {pulled or 'none'}, in {root}.")


def _rendering() -> Iterator[Finding]:
    if not _has("mujoco"):
        yield Finding(
            "note", "rendering", "`render` needs MuJoCo: pip install 'grounding_ros[sim]'."
        )
    elif find_library("EGL") is None and "MUJOCO_GL" not in os.environ:
        yield Finding("note", "rendering", "`render` needs EGL: apt install libegl1.")
    else:
        yield Finding("ok", "rendering", "MuJoCo and EGL are there.")


def _dds() -> Iterator[Finding]:
    profile = os.environ.get("FASTRTPS_DEFAULT_PROFILES_FILE")
    ours = share("config/fastdds.xml")
    if profile and Path(profile).exists():
        yield Finding("ok", "DDS", f"Fast DDS profile {profile}.")
    else:
        yield Finding(
            "note",
            "DDS",
            "Fast DDS without a profile loses many best-effort images between processes; start "
            f"the camera with FASTRTPS_DEFAULT_PROFILES_FILE={ours or 'config/fastdds.xml'}.",
        )


def _cameras(listen_s: float) -> Iterator[Finding]:
    from grounding_ros.ros.discovery import camera_topics

    topics = camera_topics(listen_s)
    domain = os.environ.get("ROS_DOMAIN_ID", "0")
    if not topics:
        yield Finding(
            "note",
            "camera",
            f"no image topic in ROS domain {domain} within {listen_s:.0f} s; start the camera, or "
            "check ROS_DOMAIN_ID.",
        )
        return
    for topic in topics:
        qos = "reliable" if topic.reliable else "best effort"
        yield Finding("ok", "camera", f"{topic.name} ({topic.kind}, {qos}).")
    names = [topic.name for topic in topics]
    yield from _advice(lambda words: any(all(w in name for w in words) for name in names))


def _advice(has: Callable[[tuple[str, ...]], bool]) -> Iterator[Finding]:
    if not has(("depth",)):
        yield Finding("note", "depth", "no depth topic; answers will be 2D.")
    elif not has(("aligned",)) and not has(("registered",)):
        yield Finding(
            "note",
            "depth",
            "no depth topic says that it is registered to colour; RealSense: "
            "align_depth.enable:=true.",
        )
    if not has(("camera_info",)):
        yield Finding("note", "camera_info", "no camera_info topic; answers will be 2D.")
