"""The lifecycle node: wires topics to its cameras' workers and their answers to each other."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import Any

from rcl_interfaces.msg import SetParametersResult
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from rclpy.parameter import Parameter
from std_srvs.srv import SetBool, Trigger

from grounding_ros.adapters.camera_pose import camera_pose
from grounding_ros.errors import InputError
from grounding_ros.language import parse
from grounding_ros.pipeline import Pipeline, PipelineParameters, build_pipeline
from grounding_ros.ros.camera import Camera
from grounding_ros.ros.declared import changed, declare, refused
from grounding_ros.ros.inbox import Inbox, Request
from grounding_ros.ros.instructions import listen_to_instructions
from grounding_ros.ros.merged import MergedOutputs
from grounding_ros.ros.shared_pipeline import SharedPipeline
from grounding_ros.ros.transforms import TransformSource, open_transforms
from grounding_ros.scene import Answer, Frame


class GroundingNode(LifecycleNode):
    """Hears instructions, looks through RGB-D cameras, says which object is meant."""

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
            Makes the pipeline, in a worker's thread.
        node_options
            Passed on to rclpy (namespace, parameter_overrides...).
        """
        super().__init__("grounding", **node_options)
        self.parameters = declare(self)
        self._build = build
        self._merged: MergedOutputs | None = None
        self._shared: SharedPipeline | None = None
        self._transforms: TransformSource = open_transforms(self)
        self._ears: list[Any] = []
        given = self.parameters.input
        self.cameras = tuple(
            Camera(self, name, given, on_answer=self._on_answer, on_clock_jump=self._on_clock_jump)
            for name in given.camera_names
        )
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
        turn = Lock()
        self._shared = shared = SharedPipeline(self._build)
        if len(self.cameras) > 1:
            names = tuple(camera.name for camera in self.cameras)
            self._merged = MergedOutputs(self, names, self.parameters.input.merge_wait_s)
        for camera in self.cameras:
            camera.open(self.parameters, build=shared.build, locate=self._locate, turn=turn)
        self._ears = listen_to_instructions(self, self._on_instruction)
        if self.parameters.initial_instruction:
            self._on_instruction(self.parameters.initial_instruction)

    def _begin(self) -> None:
        self._set_active(self._enabled)

    def _pause(self) -> None:
        self._set_active(False)

    def _set_active(self, active: bool) -> None:
        for inbox in self._inboxes:
            inbox.set_active(active)

    def _close(self) -> None:
        for ear in self._ears:
            self.destroy_subscription(ear)
        self._ears = []
        ended = [camera.close() for camera in self.cameras]
        if self._shared is not None and all(ended):
            self._shared.close()
        self._shared = None
        if self._merged is not None:
            self._merged.close()
            self._merged = None
        gc.collect()

    @property
    def _inboxes(self) -> list[Inbox]:
        """One a camera while configured, else none."""
        return [camera.inbox for camera in self.cameras if camera.inbox is not None]

    # What is heard.

    def _on_instruction(self, text: str) -> None:
        """Keep it even while inactive: it is answered once the node is active."""
        instruction = parse(text)
        for request in [inbox.put_instruction(instruction) for inbox in self._inboxes][:1]:
            self.get_logger().info(f"instruction {request.seq}: {text[:200]!r}")

    def _on_clock_jump(self) -> None:
        self._transforms.clear()
        self.get_logger().warning(
            "stamps jumped back by more than 1 s (a looped bag, a clock reset): "
            "pairing, tf and tracks were cleared"
        )

    # Services and parameters.

    def _on_enable(self, request: Any, response: Any) -> Any:
        self._enabled = request.data
        if self._is_active:
            self._set_active(request.data)
        response.success = bool(self._inboxes)
        word = "enabled" if request.data else "disabled"
        response.message = word if response.success else f"{word} once the node is configured"
        return response

    def _on_ground_once(self, request: Any, response: Any) -> Any:
        active = [inbox for inbox in self._inboxes if inbox.active]
        if not active:
            response.message = "expected an active node; activate it or call ~/enable first"
        elif not all([inbox.ask_again() for inbox in active]):
            response.message = "expected an instruction; publish one on `instruction` first"
        else:
            response.success, response.message = True, "accepted"
        return response

    def _on_set_parameters(self, updates: list[Parameter]) -> Any:
        try:
            self.parameters = changed(self.parameters, updates)
        except InputError as error:
            return refused(error)
        for camera in self.cameras:
            camera.use(self.parameters)
        return SetParametersResult(successful=True)

    # What workers call from their threads.

    def _locate(self, frame: Frame) -> Any:
        given = self.parameters
        lookup = partial(self._transforms.lookup, timeout_s=given.tf_timeout_s)
        return camera_pose(lookup, frame, given.target_frame)

    def _on_answer(self, camera: str, request: Request, answer: Answer) -> None:
        merged = self._merged
        if merged is not None:
            merged.add(camera, request, answer)

    def _publish_diagnostics(self) -> None:
        for camera in self.cameras:
            camera.publish_diagnostics()

    @property
    def _is_active(self) -> bool:
        return self._state_machine.current_state[1] == "active"
