"""The command `grounding-ros`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from grounding_ros.errors import GroundingRosError

if TYPE_CHECKING:
    from grounding_ros.evaluation.work import Spread

PRESETS = ("cpu", "desktop_cuda", "jetson_thor", "jetson_orin")
_NOISES = ("none", "kinect", "d435", "zed")
"""The keys of simulation.depth_noise.DEPTH_NOISE, which needs no import here."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; 2 when something was not as expected, with a sentence on stderr."""
    parser = _parser()
    given, rest = parser.parse_known_args(arguments)
    if rest and given.command != "run":
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest and rest[0] != "--ros-args":
        parser.error(f"run: expected --ros-args, got {rest[0]}")
    given.ros = rest
    try:
        return int(given.run(given) or 0)
    except GroundingRosError as error:
        print(f"grounding-ros {given.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="grounding-ros", description="Which object does the instruction mean?"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="replay the sample bag to a live node and show it")
    demo.add_argument("--bag", type=Path, help="another bag with an instruction topic")
    demo.add_argument("--output", type=Path, default=Path("demo_output"), help="pictures and page")
    demo.add_argument("--target-frame", default=None, help="frame of the 3D results")
    demo.add_argument("--rate", type=float, default=2.0, help="times the recorded speed")
    demo.set_defaults(run=_demo)

    run = commands.add_parser(
        "run",
        help="start the node without ros2; takes --ros-args",
        usage="%(prog)s [-h] [--preset NAME] [--ros-args -r image:=/camera/image_raw ...]",
    )
    run.add_argument("--preset", metavar="NAME", help="the machine: config/NAME.yaml")
    run.set_defaults(run=_run)

    doctor = commands.add_parser("doctor", help="what is there, and what to do about what is not")
    doctor.set_defaults(run=_doctor)

    parse = commands.add_parser("parse", help="print instructions as programs, JSON")
    source = parse.add_mutually_exclusive_group(required=True)
    source.add_argument("text", nargs="?", help="one instruction")
    source.add_argument("--lines", type=Path, help="a file with an instruction a line")
    parse.set_defaults(run=_parse)

    bag = commands.add_parser("make-bag", help="turn a folder of scenes into a rosbag2")
    bag.add_argument("folder", type=Path)
    bag.add_argument("out", type=Path)
    bag.add_argument("--storage", choices=("mcap", "sqlite3"), default="mcap")
    bag.add_argument("--period", type=float, default=1.0, help="seconds between instructions")
    bag.add_argument("--compressed", action="store_true", help="compressed colour and depth")
    bag.set_defaults(run=_make_bag)

    render = commands.add_parser("render", help="render table scenes with exact truth")
    render.add_argument("out", type=Path)
    render.add_argument("--scenes", type=int, default=10)
    render.add_argument("--seed", type=int, default=0)
    render.add_argument("--depth-noise", choices=_NOISES, default="none")
    render.set_defaults(run=_render)

    simulate = commands.add_parser("simulate", help="pick and place by instruction in simulation")
    simulate.add_argument("--episodes", type=int, default=10)
    simulate.add_argument("--seed", type=int, default=0)
    simulate.add_argument(
        "--oracle",
        choices=("masks", "poses"),
        help="the truth in the grounder's place, or in the place of the whole node",
    )
    simulate.add_argument("--grounder", default="auto", help="name of the grounder")
    simulate.add_argument("--depth-noise", choices=_NOISES, default="kinect")
    simulate.add_argument("--video", type=Path, metavar="OUT.mp4", help="write a film")
    simulate.add_argument("--json", type=Path, help="write the figures to this file")
    simulate.set_defaults(run=_simulate)

    evaluate = commands.add_parser("evaluate", help="measure answers against the truth")
    evaluate.add_argument(
        "sources", type=Path, nargs="*", metavar="SOURCE", help="a folder of scenes, or a bag"
    )
    evaluate.add_argument("--grounder", default="auto", help="name of the grounder")
    evaluate.add_argument(
        "--oracle",
        choices=("objects", "masks", "names", "boxes"),
        help="the truth in the place of that stage",
    )
    evaluate.add_argument("--depth-noise", choices=_NOISES, default="none")
    evaluate.add_argument(
        "--instruction",
        action="append",
        default=[],
        metavar="TEXT",
        help="asked on every frame of a bag, in place of its own instructions",
    )
    evaluate.add_argument(
        "--camera", default="", metavar="NAME", help="of a bag of several: /wrist_camera"
    )
    evaluate.add_argument("--json", type=Path, help="write the figures to this file")
    evaluate.add_argument("--dump", type=Path, help="write answers and masks to this new folder")
    evaluate.add_argument("--report", type=Path, metavar="PAGE.html", help="write a page to read")
    evaluate.add_argument("--record", type=Path, metavar="OUT.mcap", help="write a bag to look at")
    evaluate.add_argument(
        "--waterfall", action="store_true", help="how much of the error each stage owns"
    )
    evaluate.add_argument(
        "--compare",
        type=Path,
        nargs=2,
        metavar=("A.json", "B.json"),
        help="what got better and worse from A to B, which --json wrote",
    )
    hands = evaluate.add_mutually_exclusive_group()
    hands.add_argument(
        "--workers", type=int, default=1, metavar="N", help="processes; 0: one a core"
    )
    hands.add_argument(
        "--ray", metavar="ADDRESS", help="a Ray cluster, HOST:PORT or `auto`; or `local`"
    )
    hands.add_argument("--live", action="store_true", help="play bags to a running node, over DDS")
    evaluate.add_argument("--rate", type=float, default=1.0, help="of --live: times the recording")
    evaluate.add_argument("--start-node", action="store_true", help="of --live: start one, too")
    evaluate.set_defaults(run=_evaluate)

    models = commands.add_parser("models", help="get, export and check models with weights")
    models.add_argument("action", choices=("list", "info", "pull", "export", "verify"))
    models.add_argument("name", nargs="?", metavar="NAME", help="a model of `list`, or an export")
    models.add_argument("--weights", default="", metavar="FOLDER", help="where models are kept")
    models.add_argument("--size", metavar="WxH", help="of export: the input, as 960x544")
    models.add_argument(
        "--pictures", type=Path, metavar="FOLDER", help="of export, verify: yours, png or jpg"
    )
    models.add_argument(
        "--providers", default="", help="of verify: as the parameter perception.providers"
    )
    models.add_argument("--precision", choices=("auto", "fp32", "fp16"), default="auto")
    models.set_defaults(run=_models)

    parameters = commands.add_parser("parameters", help="print the parameters")
    parameters.add_argument("--yaml", action="store_true", help="as config/grounding.yaml")
    parameters.set_defaults(run=_parameters)
    return parser


def _demo(given: argparse.Namespace) -> int:
    from grounding_ros.demo import demo

    return demo(given.bag, given.output, given.target_frame, given.rate)


def _run(given: argparse.Namespace) -> int:
    from grounding_ros.ros.main import main as run_node

    return run_node([*_preset(given.preset), *given.ros])


def _preset(name: str | None) -> list[str]:
    """Return the ROS arguments of a preset; what the user gives after them wins."""
    if name is None:
        return []
    from grounding_ros.shared_files import share

    file = share(f"config/{name}.yaml")
    if file is None or name not in PRESETS:
        raise GroundingRosError(f"--preset: expected one of {', '.join(PRESETS)}; got {name!r}")
    return ["--ros-args", "--params-file", str(file), "--"]


def _doctor(given: argparse.Namespace) -> int:
    from grounding_ros.doctor import examine

    fatal = False
    for finding in examine():
        print(finding, flush=True)
        fatal |= finding.is_fatal
    return int(fatal)


def _parse(given: argparse.Namespace) -> None:
    from grounding_ros.language import parse, to_json

    if given.lines is None:
        print(to_json(parse(given.text)))
        return
    try:
        lines = given.lines.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise GroundingRosError(f"--lines: expected a readable file, got {error}") from error
    for line in lines:
        print(to_json(parse(line)))


def _make_bag(given: argparse.Namespace) -> None:
    from grounding_ros.evaluation.bags.writer import make_bag

    # A fresh frame before each instruction, as a live camera would have sent.
    print(
        make_bag(
            given.folder,
            given.out,
            given.storage,
            given.period,
            repeat_frames=True,
            compressed=given.compressed,
        )
    )


def _render(given: argparse.Namespace) -> None:
    from grounding_ros.simulation.render import render

    print(render(given.out, given.scenes, given.seed, depth_noise=given.depth_noise))


def _simulate(given: argparse.Namespace) -> None:
    from grounding_ros.playground.simulate import Settings, simulate

    settings = Settings(given.episodes, given.seed, given.oracle, given.grounder, given.depth_noise)
    print(simulate(settings, given.video, given.json))


def _evaluate(given: argparse.Namespace) -> int:
    from grounding_ros.evaluation.evaluate import Outputs, evaluate
    from grounding_ros.evaluation.runner import Conditions
    from grounding_ros.evaluation.table import as_table
    from grounding_ros.evaluation.work import Settings

    if given.compare is not None:
        from grounding_ros.evaluation.compare import compare

        if given.sources:
            raise GroundingRosError(
                f"--compare: expected two files and no SOURCE, got {given.sources[0]}; evaluate it "
                "with --json first"
            )
        print(compare(*given.compare))
        return 0
    settings = Settings(
        grounder=given.grounder,
        conditions=Conditions(given.oracle, given.depth_noise),
        asked=tuple(given.instruction),
        camera=given.camera,
    )
    outputs = Outputs(given.json, given.dump, given.report, given.record, given.waterfall)
    results = evaluate(given.sources, settings, outputs, _spread(given))
    print(as_table(results))
    return 1 if results.broken else 0


def _spread(given: argparse.Namespace) -> Spread:
    """Choose who does the work of an evaluation."""
    if given.live:
        from grounding_ros.live import run_live

        return partial(run_live, rate=given.rate, start_node=given.start_node)
    if given.ray is not None:
        from grounding_ros.evaluation.ray_cluster import run_on_ray

        return partial(run_on_ray, address=given.ray)
    from grounding_ros.evaluation.workers import run_in_processes

    return partial(run_in_processes, workers=given.workers)


def _models(given: argparse.Namespace) -> int:
    from grounding_ros.models_command import run

    return run(given)


def _parameters(given: argparse.Namespace) -> None:
    from grounding_ros.parameters import as_table, as_yaml

    print(as_yaml() if given.yaml else as_table(), end="")


if __name__ == "__main__":
    sys.exit(main())
