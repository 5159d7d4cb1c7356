"""The lifecycle node: wires topics to the inbox and the worker's answers to the publishers."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from typing import Any

from geometry_msgs.msg import PolygonStamped
from rcl_interfaces.msg import SetParametersResult
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from rclpy.parameter import Parameter
from sensor_msgs.msg import CameraInfo, CompressedImage, Image
from std_srvs.srv import SetBool, Trigger

from grounding_ros.adapters.answer_json import answer_json
from grounding_ros.adapters.camera_pose import camera_pose
from grounding_ros.adapters.frame import CameraInfos, stamp_ns
from grounding_ros.adapters.pairing import StampPairer
from grounding_ros.errors import InputError
from grounding_ros.language import parse, to_dict
from grounding_ros.pipeline import Pipeline, PipelineParameters, build_pipeline
from grounding_ros.ros.bridge import cv_bridge_fallback
from grounding_ros.ros.declared import changed, declare, refused
from grounding_ros.ros.diagnostics import Diagnostics, Health
from grounding_ros.ros.inbox import Inbox, Job
from grounding_ros.ros.instructions import listen_to_instructions
from grounding_ros.ros.publishers import Publishers
from grounding_ros.ros.qos import REGION, camera_qos
from grounding_ros.ros.statistics import GapCounter, Statistics
from grounding_ros.ros.transforms import TransformSource, open_transforms
from grounding_ros.ros.worker import Worker
from grounding_ros.scene import Answer, Frame

_JOIN_S = 5.0
"""How long a clean-up waits for the frame in hand."""
_FUTURE_NS = 1_000_000_000
"""A stamp this far ahead of the node's clock is told."""


class GroundingNode(LifecycleNode):
    """Hears instructions, looks through an RGB-D camera, says which object is meant."""

    def __init__(
        self,
        *,
        build: Callable[[PipelineParameters], Pipeline] = build_pipeline,
        **node_options: Any,
    ) -> None:
        """Declare the parameters; everything else waits for `configure`.

        Parameters
        ----------
        build
            Makes the pipeline, in the worker thread.
        node_options
            Passed on to rclpy (namespace, parameter_overrides...).
        """
        super().__init__("grounding", **node_options)
        self.parameters = declare(self)
        self._statistics = Statistics()
        self._build = build
        self._worker: Worker | None = None
        self._inbox: Inbox | None = None
        self._outputs: Publishers | None = None
        self._transforms: TransformSource = open_transforms(self)
        self._inputs: list[Any] = []
        self._diagnostics = Diagnostics(self, self._input_topics())
        period = self.parameters.diagnostics_period_s
        self._diagnostics_timer = self.create_timer(period, self._publish_diagnostics)
        self._offered = [
            self.create_service(SetBool, "~/enable", self._on_enable),
            self.create_service(Trigger, "~/ground_once", self._on_ground_once),
        ]
        self._enabled = True
        self.add_on_set_parameters_callback(self._on_set_parameters)

    # Transitions. rclpy swallows what they raise, so each says itself what went wrong.

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Open topics and let the worker load."""
        return self._guarded("configure", self._open)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Start answering."""
        super().on_activate(state)
        outcome = self._guarded("activate", self._begin)
        if outcome == TransitionCallbackReturn.SUCCESS:
            self.get_logger().info(
                f"active: say something on {self.resolve_topic_name('instruction')}"
            )
        return outcome

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Stop answering and drop the result in flight."""
        self._guarded("deactivate", self._pause)
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Close topics, end the worker, free its memory."""
        return self._guarded("cleanup", self._close)

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """The same from any state."""
        return self._guarded("shutdown", self._close)

    def on_error(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Go back to unconfigured, so that a manager can try again."""
        return self._guarded("error", self._close)

    def _guarded(self, name: str, act: Callable[[], None]) -> TransitionCallbackReturn:
        try:
            act()
        except Exception as error:
            self.get_logger().error(f"{name} failed: {type(error).__name__}: {error}")
            return TransitionCallbackReturn.FAILURE
        return TransitionCallbackReturn.SUCCESS

    def _open(self) -> None:
        given = self.parameters.input
        pairer = StampPairer(
            slop_ns=round(given.pair_slop_s * 1e9),
            wait_ns=round(given.depth_wait_s * 1e9),
            use_depth=given.use_depth,
        )
        inbox = Inbox(pairer, depth_wait_s=given.depth_wait_s, on_clock_jump=self._on_clock_jump)
        self._cameras = CameraInfos(rectified=given.image_rectified)
        self._outputs = Publishers(self)
        self._worker = Worker(
            inbox,
            self._cameras,
            self.parameters.pipeline,
            build=self._build,
            locate=self._locate,
            publish=self._publish,
            fallback=cv_bridge_fallback(),
            statistics=self._statistics,
            logger=self.get_logger(),
        )
        self._inbox = inbox
        self._apply_live_parameters()
        self._listen()
        self._worker.start()
        if self.parameters.initial_instruction:
            self._on_instruction(self.parameters.initial_instruction)

    def _begin(self) -> None:
        assert self._inbox is not None
        self._inbox.set_active(self._enabled)

    def _pause(self) -> None:
        if self._inbox is not None:
            self._inbox.set_active(False)

    def _close(self) -> None:
        for subscription in self._inputs:
            self.destroy_subscription(subscription)
        self._inputs = []
        if self._worker is not None and not self._worker.stop(_JOIN_S):
            self.get_logger().warning(f"the worker did not end within {_JOIN_S} s")
        if self._outputs is not None:
            self._outputs.close()
        self._worker, self._inbox, self._outputs = None, None, None
        gc.collect()

    # Topics. Camera callbacks only store.

    def _listen(self) -> None:
        given = self.parameters.input
        topics, qos = self._input_topics(), camera_qos(given)
        image_type = Image if given.image_transport == "raw" else CompressedImage
        depth_type = Image if given.depth_transport == "raw" else CompressedImage
        self._gaps = GapCounter(self._statistics, "images_lost")
        subscribe = self.create_subscription
        self._inputs = [
            subscribe(image_type, topics["image"], self._on_image, qos),
            subscribe(CameraInfo, topics["camera_info"], self._on_camera_info, qos),
            *listen_to_instructions(self, self._on_instruction),
            subscribe(PolygonStamped, "region", self._on_region, REGION),
        ]
        if given.use_depth:
            self._inputs.append(subscribe(depth_type, topics["depth"], self._on_depth, qos))

    def _input_topics(self) -> dict[str, str]:
        """The resolved names: image_transport appends to the name a user remapped."""
        given = self.parameters.input
        endings = {
            "image": "" if given.image_transport == "raw" else "/compressed",
            "depth": "" if given.depth_transport == "raw" else "/compressedDepth",
            "camera_info": "",
        }
        return {name: self.resolve_topic_name(name) + end for name, end in endings.items()}

    def _on_image(self, message: Any) -> None:
        stamp = stamp_ns(message.header)
        self._statistics.count("image")
        self._gaps.add(stamp)
        if stamp - self.get_clock().now().nanoseconds > _FUTURE_NS:
            self._statistics.count("stamps_from_future")
        if self._inbox is not None and self._inbox.active:
            self._inbox.put_image(stamp, message)

    def _on_depth(self, message: Any) -> None:
        self._statistics.count("depth")
        if self._inbox is not None and self._inbox.active:
            self._inbox.put_depth(stamp_ns(message.header), message)

    def _on_camera_info(self, message: Any) -> None:
        self._statistics.count("camera_info")
        self._cameras.put(message)

    def _on_instruction(self, text: str) -> None:
        """Keep it even while inactive: it is answered once the node is active."""
        if self._inbox is not None:
            request = self._inbox.put_instruction(parse(text))
            self.get_logger().info(f"instruction {request.seq}: {text[:200]!r}")

    def _on_region(self, message: Any) -> None:
        if self._inbox is not None:
            request = self._inbox.put_region(message)
            self.get_logger().info(f"instruction {request.seq}: what is in a region?")

    def _on_clock_jump(self) -> None:
        self._transforms.clear()
        self.get_logger().warning(
            "stamps jumped back by more than 1 s (a looped bag, a clock reset): "
            "pairing, tf and tracks were cleared"
        )

    # Services and parameters.

    def _on_enable(self, request: Any, response: Any) -> Any:
        self._enabled = request.data
        configured = self._inbox is not None
        if self._inbox is not None and self._is_active:
            self._inbox.set_active(request.data)
        response.success = configured
        word = "enabled" if request.data else "disabled"
        response.message = word if configured else f"{word} once the node is configured"
        return response

    def _on_ground_once(self, request: Any, response: Any) -> Any:
        if self._inbox is None or not self._inbox.active:
            response.message = "expected an active node; activate it or call ~/enable first"
        elif not self._inbox.ask_again():
            response.message = "expected an instruction; publish one on `instruction` first"
        else:
            response.success, response.message = True, "accepted"
        return response

    def _on_set_parameters(self, updates: list[Parameter]) -> Any:
        try:
            self.parameters = changed(self.parameters, updates)
        except InputError as error:
            return refused(error)
        self._apply_live_parameters()
        return SetParametersResult(successful=True)

    def _apply_live_parameters(self) -> None:
        if self._inbox is None or self._worker is None:
            return
        self._inbox.continuous = self.parameters.continuous
        self._inbox.max_frame_age_s = self.parameters.input.max_frame_age_s
        self._worker.use(self.parameters.pipeline)

    # What the worker calls from its thread.

    def _locate(self, frame: Frame) -> Any:
        given = self.parameters
        lookup = partial(self._transforms.lookup, timeout_s=given.tf_timeout_s)
        return camera_pose(lookup, frame, given.target_frame)

    def _publish(self, job: Job, answer: Answer, frame: Frame | None) -> None:
        publishers = self._outputs
        if publishers is None:
            return
        age_ms = (self.get_clock().now().nanoseconds - job.pair.stamp_ns) / 1e6
        self._statistics.add("age_at_publish", age_ms)
        request = job.request
        text = answer_json(answer, to_dict(request.instruction), request.seq, age_ms)
        publishers.publish(job.pair.image.header, answer, text, frame)

    def _publish_diagnostics(self) -> None:
        health = self._worker.health if self._worker is not None else Health("unconfigured")
        self._diagnostics.publish(self._inbox, self._statistics, health)

    @property
    def _is_active(self) -> bool:
        return self._state_machine.current_state[1] == "active"
