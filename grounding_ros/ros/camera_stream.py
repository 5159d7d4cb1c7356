"""A camera that is no device: sends frames with fresh stamps, as a driver would."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

from geometry_msgs.msg import TransformStamped
from rclpy.node import Node
from sensor_msgs.msg import CameraInfo, Image
from std_msgs.msg import Header
from tf2_msgs.msg import TFMessage

from grounding_ros.adapters.image import fill_image
from grounding_ros.geometry.transforms import quaternion_from_matrix
from grounding_ros.scene import CameraPose, Frame

Take = Callable[[int], tuple[Frame, CameraPose]]
"""Takes a picture: from a stamp in nanoseconds to the frame and where the camera was."""


class CameraStream:
    """Publishes `image`, `depth`, `camera_info` and `/tf` in a thread; use it in a `with`."""

    def __init__(self, node: Node, period_s: float = 0.3) -> None:
        """Publish a frame every `period_s` seconds while there is something to see."""
        self._clock = node.get_clock()
        self._period_s = period_s
        self._take: Take | None = None
        self._changed = threading.Condition()
        self._over = False
        self._image = node.create_publisher(Image, "image", 2)
        self._depth = node.create_publisher(Image, "depth", 2)
        self._info = node.create_publisher(CameraInfo, "camera_info", 2)
        self._tf = node.create_publisher(TFMessage, "/tf", 20)
        self._thread = threading.Thread(target=self._run, name="camera stream", daemon=True)

    def __enter__(self) -> CameraStream:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._changed:
            self._over = True
            self._changed.notify_all()
        self._thread.join(5.0)

    def show(self, take: Take | None) -> int:
        """Look at something else from now on, None: at nothing; return the stamp of now."""
        with self._changed:  # no frame of the old view is taken or sent any more
            self._take = take
            self._changed.notify_all()
            return int(self._clock.now().nanoseconds)

    def _run(self) -> None:
        with self._changed:
            while not self._over:
                if self._take is not None:
                    self._send(*self._take(int(self._clock.now().nanoseconds)))
                self._changed.wait(None if self._take is None else self._period_s)

    def _send(self, frame: Frame, pose: CameraPose) -> None:
        header = Header(frame_id=frame.frame_id)
        header.stamp.sec, header.stamp.nanosec = divmod(frame.stamp_ns, 1_000_000_000)
        self._tf.publish(TFMessage(transforms=[_link(header, pose)]))
        self._info.publish(_camera_info(header, frame))
        self._depth.publish(fill_image(Image(), header, frame.depth, "32FC1"))
        self._image.publish(fill_image(Image(), header, frame.rgb, "rgb8"))


def _link(header: Header, pose: CameraPose) -> TransformStamped:
    link = TransformStamped(child_frame_id=header.frame_id)
    link.header = Header(stamp=header.stamp, frame_id=pose.frame_id)
    x, y, z = pose.base_from_camera[:3, 3].tolist()
    shift, turn = link.transform.translation, link.transform.rotation
    shift.x, shift.y, shift.z = x, y, z
    rotation = quaternion_from_matrix(pose.base_from_camera[:3, :3])
    turn.x, turn.y, turn.z, turn.w = rotation.tolist()
    return link


def _camera_info(header: Header, frame: Frame) -> CameraInfo:
    lens = frame.intrinsics
    info = CameraInfo(header=header, width=lens.width, height=lens.height)
    info.distortion_model, info.d = "plumb_bob", [0.0] * 5
    info.k = [lens.fx, 0.0, lens.cx, 0.0, lens.fy, lens.cy, 0.0, 0.0, 1.0]
    info.p = [lens.fx, 0.0, lens.cx, 0.0, 0.0, lens.fy, lens.cy, 0.0, 0.0, 0.0, 1.0, 0.0]
    info.r = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]
    return info
