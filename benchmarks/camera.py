"""An RGB-D camera as a process of its own, for the benchmarks of this folder.

It waits for its listeners, publishes `image` (rgb8), `depth` (16UC1) and `camera_info`, best
effort, with fresh stamps and in a steady rhythm, and prints how many frames it sent. The messages
are made once: publishing costs what DDS costs.
"""

from __future__ import annotations

import argparse
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

PROFILE = Path(__file__).parents[1] / "config" / "fastdds.xml"
"""The shared-memory profile of Fast DDS that the package ships."""
FRAME_ID = "camera_color_optical_frame"
BLOCKS = tuple(
    (60 + 110 * column, 120 + 150 * row, 140 + 110 * column, 200 + 150 * row)
    for row in range(2)
    for column in range(5)
)
"""xyxy pixels of the ten blocks on the table of `table_of_blocks`, 640x480."""
_END_S = 10.0


class Picture(NamedTuple):
    """What the camera sees."""

    rgb: NDArray[np.uint8]
    depth_mm: NDArray[np.uint16]
    focal_px: float
    center_px: tuple[float, float]


def table_of_blocks() -> Picture:
    """Ten blocks 5 cm high on a table seen straight from above at 1 m, with a sensor's noise."""
    random = np.random.default_rng(0)
    rgb = np.full((480, 640, 3), 160, np.uint8)
    depth = np.full((480, 640), 1000.0)
    for x0, y0, x1, y1 in BLOCKS:
        rgb[y0:y1, x0:x1] = (200, 30, 30)
        depth[y0:y1, x0:x1] = 950.0
    depth += random.normal(0.0, 1.5, depth.shape)
    depth[random.random(depth.shape) < 0.05] = 0
    return Picture(rgb, depth.astype(np.uint16), 525.0, (319.5, 239.5))


def noise(width: int, height: int) -> Picture:
    """A picture of any size; only its bytes matter."""
    random = np.random.default_rng(0)
    rgb = random.integers(0, 256, (height, width, 3), np.uint8)
    depth = random.integers(500, 3000, (height, width), np.uint16)
    return Picture(rgb, depth, float(width), (width / 2, height / 2))


def recorded(folder: Path | None) -> list[Picture]:
    """The scenes of a folder of real frames; None: one frame of the packaged sample bag."""
    from grounding_ros.evaluation.folder import SceneFolder

    if folder is not None:
        return [_picture(scene.frame) for scene in SceneFolder(folder)]
    from grounding_ros.evaluation.bags.reader import BagReader
    from grounding_ros.evaluation.bags.topics import find_topics
    from grounding_ros.evaluation.replay import replay
    from grounding_ros.evaluation.sample import sample_bag_path
    from grounding_ros.parameters import InputParameters
    from grounding_ros.pipeline import PipelineParameters, build_pipeline

    with BagReader(sample_bag_path()) as bag:
        topics = find_topics({name: topic.type for name, topic in bag.topics.items()})
        pipeline = build_pipeline(PipelineParameters())
        first = next(iter(replay(bag, topics, pipeline, InputParameters())))
    return [_picture(first.frame)]


def _picture(frame: Any) -> Picture:
    depth_mm = np.nan_to_num(1000 * frame.depth, nan=0.0).astype(np.uint16)
    camera = frame.intrinsics
    return Picture(frame.rgb, depth_mm, camera.fx, (camera.cx, camera.cy))


@contextmanager
def camera_process(*arguments: str, profile: bool = True) -> Iterator[subprocess.Popen[str]]:
    """Run this file as a child, with the shared-memory profile or without, until the block ends."""
    environment = with_profile(profile)
    command = [sys.executable, __file__, *arguments]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=_END_S)


def with_profile(profile: bool) -> dict[str, str]:
    """The environment of a process that uses the shared-memory profile, or Fast DDS's defaults."""
    variables = ("FASTRTPS_DEFAULT_PROFILES_FILE", "FASTDDS_DEFAULT_PROFILES_FILE")  # old and new
    others = {name: value for name, value in os.environ.items() if name not in variables}
    return others | (dict.fromkeys(variables, str(PROFILE)) if profile else {})


def main() -> None:
    """Publish until all frames are sent, then print their number."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--rate", type=float, default=30.0, help="frames a second")
    parser.add_argument("--scene", default="blocks", help="blocks, noise, sample or a folder")
    parser.add_argument("--size", default="640x480", help="of the noise, WIDTHxHEIGHT")
    parser.add_argument("--color-only", action="store_true", help="neither depth nor camera_info")
    given = parser.parse_args()
    if given.scene == "blocks":
        pictures = [table_of_blocks()]
    elif given.scene == "noise":
        pictures = [noise(*map(int, given.size.split("x")))]
    else:
        pictures = recorded(None if given.scene == "sample" else Path(given.scene))
    print(_publish(pictures, given.frames, given.rate, given.color_only), flush=True)


def _publish(pictures: list[Picture], frames: int, rate: float, color_only: bool) -> int:
    import rclpy
    from rclpy.qos import qos_profile_sensor_data as best_effort
    from rclpy.signals import SignalHandlerOptions
    from sensor_msgs.msg import CameraInfo, Image

    rclpy.init(signal_handler_options=SignalHandlerOptions.NO)
    node = rclpy.create_node("camera")
    kinds = {"image": Image} if color_only else {"image": Image, "depth": Image}
    kinds |= {} if color_only else {"camera_info": CameraInfo}
    publishers = [node.create_publisher(kind, name, best_effort) for name, kind in kinds.items()]
    # An orderly end, or Fast DDS leaves its segment in /dev/shm.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        _send(pictures, frames, rate, publishers)
    finally:
        node.destroy_node()
        rclpy.shutdown()
    return frames


def _send(pictures: list[Picture], frames: int, rate: float, publishers: list[Any]) -> None:
    while not all(publisher.get_subscription_count() for publisher in publishers):
        time.sleep(0.02)
    time.sleep(0.5)  # the listeners must have matched too
    rounds = itertools.cycle([_messages(picture)[: len(publishers)] for picture in pictures])
    due = time.monotonic()
    for _ in range(frames):
        time.sleep(max(0.0, due - time.monotonic()))
        due += 1 / rate
        stamp_ns = time.time_ns()
        for publisher, message in zip(publishers, next(rounds), strict=True):
            stamp = message.header.stamp
            stamp.sec, stamp.nanosec = divmod(stamp_ns, 1_000_000_000)
            publisher.publish(message)
    time.sleep(0.5)  # the last frame is still on its way


def _messages(picture: Picture) -> list[Any]:
    from sensor_msgs.msg import CameraInfo, Image
    from std_msgs.msg import Header

    from grounding_ros.adapters.image import fill_image

    header = Header(frame_id=FRAME_ID)
    height, width = picture.depth_mm.shape
    f, (cx, cy) = picture.focal_px, picture.center_px
    info = CameraInfo(header=header, width=width, height=height, distortion_model="plumb_bob")
    info.k = [f, 0.0, cx, 0.0, f, cy, 0.0, 0.0, 1.0]
    info.p = [f, 0.0, cx, 0.0, 0.0, f, cy, 0.0, 0.0, 0.0, 1.0, 0.0]
    return [
        fill_image(Image(), header, picture.rgb, "rgb8"),
        fill_image(Image(), header, picture.depth_mm, "16UC1"),
        info,
    ]


if __name__ == "__main__":
    main()
