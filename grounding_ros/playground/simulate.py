"""`grounding-ros simulate`: pick and place by instruction, closed loop with a live node."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from grounding_ros.errors import InputError
from grounding_ros.evaluation.progress import progress
from grounding_ros.perception.grounders import GROUNDERS
from grounding_ros.pipeline import Pipeline, PipelineParameters, build_pipeline
from grounding_ros.playground.episode import Episode, Table, play_perfectly
from grounding_ros.playground.figures import as_json, as_table
from grounding_ros.playground.true_masks import SentScenes, TrueMasks
from grounding_ros.shared_files import share
from grounding_ros.simulation.depth_noise import DEPTH_NOISE
from grounding_ros.simulation.pick_and_place.arena import sample_arena
from grounding_ros.simulation.pick_and_place.film import Film
from grounding_ros.simulation.truth import BASE_FRAME


@dataclass(frozen=True)
class Settings:
    """What is simulated."""

    episodes: int = 10
    seed: int = 0
    """The same seed gives the same tables and orders."""
    oracle: str | None = None
    """"masks": the node is told masks and names by the simulator; "poses": no node is asked, the
    hand knows the true poses; None: the node's grounder finds the objects."""
    grounder: str = "auto"
    """Name of the node's grounder."""
    depth_noise: str = "kinect"
    """A key of `DEPTH_NOISE`."""

    def __post_init__(self) -> None:
        if self.episodes < 1:
            raise InputError(f"--episodes: expected at least 1, got {self.episodes}")
        if self.seed < 0:
            raise InputError(f"--seed: expected 0 or more, got {self.seed}")
        for name, value, known in (
            ("--oracle", self.oracle, (None, "masks", "poses")),
            ("--grounder", self.grounder, tuple(GROUNDERS)),
            ("--depth-noise", self.depth_noise, tuple(DEPTH_NOISE)),
        ):
            if value not in known:
                names = ", ".join(one for one in known if one)
                raise InputError(f"{name}: expected one of {names}; got {value!r}")


def simulate(settings: Settings, video: Path | None = None, json: Path | None = None) -> str:
    """Play the episodes and return their table; write a film and the figures where wanted.

    Raises
    ------
    InputError
        When ROS is missing or a file cannot be written.
    BackendError
        When MuJoCo or OpenGL is missing, or the node cannot be started.
    """
    with ExitStack() as stack:
        film = None if video is None else stack.enter_context(Film(video))
        played = progress(run_episodes(settings, film), "simulating", settings.episodes)
        episodes = list(played)
    if json is not None:
        try:
            json.write_text(as_json(episodes, asdict(settings)) + "\n", encoding="utf-8")
        except OSError as error:
            raise InputError(f"--json: expected a file that can be written, got {error}") from error
    return as_table(episodes)


def run_episodes(settings: Settings, film: Film | None = None) -> Iterator[Episode]:
    """Yield the episodes one by one."""
    if settings.oracle != "poses":
        yield from _with_a_node(settings, film)
        return
    for number in range(settings.episodes):
        yield play_perfectly(sample_arena((settings.seed, number)), film)


def _with_a_node(settings: Settings, film: Film | None) -> Iterator[Episode]:
    """Start a node on a DDS domain of its own and play with it."""
    try:
        from grounding_ros.ros.camera_stream import CameraStream
        from grounding_ros.ros.own_node import own_node
        from grounding_ros.ros.planner import Planner
        from grounding_ros.ros.process import isolated_environment
        from grounding_ros.ros.session import spinning
    except ModuleNotFoundError as error:
        raise InputError(
            f"simulate: expected ROS 2 in this Python, got {error}; source your ROS, or run "
            "`make setup`"
        ) from error
    os.environ.update(isolated_environment(share("config/fastdds.xml")))
    parameters = {
        "target_frame": BASE_FRAME,
        "perception.grounder": settings.grounder,
        "input.reliability": "reliable",
        "tf_timeout_s": 1.0,
    }
    sent = SentScenes()
    with (
        own_node(parameters, _builder(settings, sent)),
        spinning("robot") as robot,
        CameraStream(robot) as stream,
    ):
        table = Table(stream, Planner(robot), sent, settings.depth_noise)
        for number in range(settings.episodes):
            seed = (settings.seed, number)
            yield table.play(sample_arena(seed), seed, film)


def _builder(settings: Settings, sent: SentScenes) -> Callable[[PipelineParameters], Pipeline]:
    def build(parameters: PipelineParameters) -> Pipeline:
        pipeline = build_pipeline(parameters)
        if settings.oracle is None:
            return pipeline
        return replace(pipeline, grounder=TrueMasks(pipeline, sent))

    return build
