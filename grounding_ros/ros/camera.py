"""One camera of the node: what it hears, the worker that looks, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

from geometry_msgs.msg import PolygonStamped
from rclpy.lifecycle import LifecycleNode
from sensor_msgs.msg import CameraInfo, CompressedImage, Image

from grounding_ros.adapters.answer_json import answer_json
from grounding_ros.adapters.frame import CameraInfos, stamp_ns
from grounding_ros.adapters.pairing import StampPairer
from grounding_ros.language import to_dict
from grounding_ros.parameters import InputParameters, NodeParameters
from grounding_ros.pipeline import Pipeline, PipelineParameters
from grounding_ros.ros.bridge import cv_bridge_fallback
from grounding_ros.ros.diagnostics import Diagnostics, Health
from grounding_ros.ros.inbox import Inbox, Job, Request
from grounding_ros.ros.publishers import Publishers
from grounding_ros.ros.qos import REGION, camera_qos
from grounding_ros.ros.statistics import GapCounter, Statistics
from grounding_ros.ros.worker import Locate, Worker
from grounding_ros.scene import Answer, Frame

OnAnswer = Callable[[str, Request, Answer], None]
"""Called in the worker's thread with the camera's name, the request and the published answer."""

_JOIN_S = 5.0
"""How long a clean-up waits for the frame in hand."""
_FUTURE_NS = 1_000_000_000
"""A stamp this far ahead of the node's clock is told."""


class Camera:
    """Subscriptions, inbox, worker and publishers of one camera; open while configured."""

    def __init__(
        self,
        node: LifecycleNode,
        name: str,
        given: InputParameters,
        *,
        on_answer: OnAnswer,
        on_clock_jump: Callable[[], None],
    ) -> None:
        """Name its topics.

        Parameters
        ----------
        node
            Owns subscriptions and publishers.
        name
            All topics are under `name/`; "" is the only camera, without a prefix.
        given
            What it listens to and how.
        on_answer
            Called once an answer was published.
        on_clock_jump
            Called when its stamps jump back.
        """
        self.name = name
        self.inbox: Inbox | None = None
        self.worker: Worker | None = None
        self.statistics = Statistics()
        self._prefix = f"{name}/" if name else ""
        self._node = node
        self._given = given
        self._on_answer = on_answer
        self._on_clock_jump = on_clock_jump
        self._outputs: Publishers | None = None
        self._inputs: list[Any] = []
        self._infos = CameraInfos(rectified=given.image_rectified)
        self._gaps = GapCounter(self.statistics, "images_lost")
        self._diagnostics = Diagnostics(node, self._topics(), name)

    def open(
        self,
        parameters: NodeParameters,
        *,
        build: Callable[[PipelineParameters], Pipeline],
        locate: Locate,
        turn: Lock,
    ) -> None:
        """Open topics and let the worker load; `turn` lets one camera's frame be run at a time."""
        given = self._given
        pairer = StampPairer(
            slop_ns=round(given.pair_slop_s * 1e9),
            wait_ns=round(given.depth_wait_s * 1e9),
            use_depth=given.use_depth,
        )
        self.inbox = Inbox(
            pairer, depth_wait_s=given.depth_wait_s, on_clock_jump=self._on_clock_jump
        )
        self._infos = CameraInfos(rectified=given.image_rectified)
        self._outputs = Publishers(self._node, self._prefix)
        self.worker = Worker(
            self.inbox,
            self._infos,
            parameters.pipeline,
            build=build,
            locate=locate,
            publish=self._publish,
            fallback=cv_bridge_fallback(),
            statistics=self.statistics,
            logger=self._node.get_logger(),
            turn=turn,
        )
        self.use(parameters)
        self._listen()
        self.worker.start()

    def close(self) -> bool:
        """Close topics and end the worker; False when it still runs."""
        for subscription in self._inputs:
            self._node.destroy_subscription(subscription)
        self._inputs = []
        ended = self.worker is None or self.worker.stop(_JOIN_S)
        if not ended:
            self._node.get_logger().warning(f"the worker did not end within {_JOIN_S} s")
        if self._outputs is not None:
            self._outputs.close()
        self.worker, self.inbox, self._outputs = None, None, None
        return ended

    def use(self, parameters: NodeParameters) -> None:
        """Take over what may change while the node runs."""
        if self.inbox is None or self.worker is None:
            return
        self.inbox.continuous = parameters.continuous
        self.inbox.max_frame_age_s = parameters.input.max_frame_age_s
        self.worker.use(parameters.pipeline)

    def publish_diagnostics(self) -> None:
        """Say how this camera and its worker are."""
        health = self.worker.health if self.worker is not None else Health("unconfigured")
        self._diagnostics.publish(self.inbox, self.statistics, health)

    def _listen(self) -> None:
        given = self._given
        topics, qos = self._topics(), camera_qos(given)
        image_type = Image if given.image_transport == "raw" else CompressedImage
        depth_type = Image if given.depth_transport == "raw" else CompressedImage
        self._gaps = GapCounter(self.statistics, "images_lost")
        subscribe = self._node.create_subscription
        self._inputs = [
            subscribe(image_type, topics["image"], self._on_image, qos),
            subscribe(CameraInfo, topics["camera_info"], self._on_camera_info, qos),
            subscribe(PolygonStamped, f"{self._prefix}region", self._on_region, REGION),
        ]
        if given.use_depth:
            self._inputs.append(subscribe(depth_type, topics["depth"], self._on_depth, qos))

    def _topics(self) -> dict[str, str]:
        """The resolved names: image_transport appends to the name a user remapped."""
        given = self._given
        endings = {
            "image": "" if given.image_transport == "raw" else "/compressed",
            "depth": "" if given.depth_transport == "raw" else "/compressedDepth",
            "camera_info": "",
        }
        resolve = self._node.resolve_topic_name
        return {name: resolve(f"{self._prefix}{name}") + end for name, end in endings.items()}

    # Callbacks only store.

    def _on_image(self, message: Any) -> None:
        stamp = stamp_ns(message.header)
        self.statistics.count("image")
        self._gaps.add(stamp)
        if stamp - self._now_ns() > _FUTURE_NS:
            self.statistics.count("stamps_from_future")
        if self.inbox is not None and self.inbox.active:
            self.inbox.put_image(stamp, message)

    def _on_depth(self, message: Any) -> None:
        self.statistics.count("depth")
        if self.inbox is not None and self.inbox.active:
            self.inbox.put_depth(stamp_ns(message.header), message)

    def _on_camera_info(self, message: Any) -> None:
        self.statistics.count("camera_info")
        self._infos.put(message)

    def _on_region(self, message: Any) -> None:
        if self.inbox is not None:
            request = self.inbox.put_region(message)
            told = f"instruction {request.seq}: what is in a region of the image?"
            self._node.get_logger().info(told)

    def _publish(self, job: Job, answer: Answer, frame: Frame | None) -> None:
        """Called by the worker in its thread."""
        publishers = self._outputs
        if publishers is None:
            return
        age_ms = (self._now_ns() - job.pair.stamp_ns) / 1e6
        self.statistics.add("age_at_publish", age_ms)
        request = job.request
        text = answer_json(answer, to_dict(request.instruction), request.seq, age_ms)
        publishers.publish(job.pair.image.header, answer, text, frame)
        self._on_answer(self.name, request, answer)

    def _now_ns(self) -> int:
        return int(self._node.get_clock().now().nanoseconds)
