"""Milliseconds and memory of the models with weights, at full size with random weights.

    python benchmarks/models.py --device cpu --short          OWLv2 and Grounding DINO, minutes
    python benchmarks/models.py --device cuda --json t.json   all of them, on a GPU

Speed and memory do not depend on the weights; nothing here says how well a model sees. Weights are
written once, to --weights (6 GB for all). Every model runs in a process of its own.

Rows are a model, a picture's size and a number of phrases (of boxes, for a segmenter); in columns:

    new frame    a picture that was not seen before: the whole way to boxes (to masks)
    new phrase   other phrases (boxes) on the picture before: what is kept of it pays
    eager        the same with everything in float32 and nothing compiled (on a GPU only)
    plain        what a user of transformers writes: its processor, model and post-processing, all
                 phrases in one call (needs Pillow; OWLv2 SciPy too; a segmenter torchvision); it
                 keeps nothing, so that new phrases cost it what a new frame does
    x            how many times as long that takes as ours takes; medians of the same rounds, in
                 turns. On a CPU processor time is compared, so that other work counts less.

load is reading the weights, warm-up the first frame, memory the peak of the process (of the GPU,
where there is one) when only our own has run.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
import torch
from plain_models import plain
from random_models import MODELS, PHRASES, write

from grounding_ros.language.instruction import Phrase
from grounding_ros.perception.grounders import GROUNDERS, build_grounder
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.segmenters import build_segmenter
from grounding_ros.scene import Detections, Frame

SIZES = ((640, 480), (1280, 720))
COUNTS = (1, 4, 16)
SHORT = ("owlv2", "grounding_dino")
Ask = Callable[[Frame, int], Any]
"""Asks for that many new phrases (boxes) on a frame."""


def main() -> None:
    """Measure every model in a process of its own, and print the table."""
    given = arguments()
    if given.only:
        print(json.dumps(measured(given.only, given)))
        return
    names = given.models or (SHORT if given.short else tuple(MODELS))
    rows = []
    for name in names:
        rows.append(in_process(name, given))
        print("\n".join(table(rows[-1])), flush=True)
    if given.json:
        told = {"device": device_name(given.device), "torch": torch.__version__, "models": rows}
        given.json.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--short", action="store_true", help="two models, one size, few rounds")
    parser.add_argument("--models", nargs="*", choices=list(MODELS), metavar="NAME")
    parser.add_argument("--counts", type=int, nargs="*", help="of phrases; else 1, 4 and 16")
    parser.add_argument("--rounds", type=int, default=0, help="0: 30 on a GPU, 3 on a CPU")
    parser.add_argument("--compile", default="none", choices=("none", "graphs", "compile"))
    parser.add_argument("--precision", default="auto", choices=("auto", "fp32", "fp16", "bf16"))
    parser.add_argument(
        "--weights", type=Path, default=Path(tempfile.gettempdir()) / "random_models"
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    return parser.parse_args()


def in_process(name: str, given: argparse.Namespace) -> dict[str, Any]:
    """Return what a process of its own measured."""
    if not (given.weights / name / "model.safetensors").is_file():
        write(name, given.weights)
    command = [sys.executable, __file__, *sys.argv[1:], "--only", name]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        return {"model": name, "failed": done.returncode, "rows": []}
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def measured(name: str, given: argparse.Namespace) -> dict[str, Any]:
    """Measure one model against its rivals."""
    rng = np.random.default_rng(0)
    start = perf_counter()
    ours = built(name, given, precision=given.precision, compile=given.compile)
    load_s = perf_counter() - start
    start = perf_counter()
    ours.warm_up((480, 640))
    warm_up_s = perf_counter() - start
    sizes = SIZES[:1] if given.short else SIZES
    counts = given.counts or (COUNTS[:2] if given.short else COUNTS)
    memory = peak_mib(given.device, lambda: ask(ours, rng)(picture(sizes[-1], rng), counts[-1]))
    rivals: dict[str, Ask] = {"ours": ask(ours, rng)}
    if given.device != "cpu":
        rivals["eager"] = ask(built(name, given, precision="fp32", compile="none"), rng)
    if (written := plain(name, given.weights / name, given.device)) is not None:
        rivals["plain"] = lambda frame, count: written(frame.rgb, phrases(count, rng))
    rounds = given.rounds or (3 if given.device == "cpu" else 30)
    for question in rivals.values():
        if given.device != "cpu":  # kernels are chosen and loaded at the first call of a shape
            for size in sizes:
                for count in counts:
                    question(picture(size, rng), count)
    return {
        "model": name,
        "load_s": load_s,
        "warm_up_s": warm_up_s,
        "memory_mib": memory,
        "rows": [
            {"size": f"{size[0]}x{size[1]}", "count": count, **stages(rivals, size, count, rounds)}
            for size in sizes
            for count in counts
        ],
    }


def built(name: str, given: argparse.Namespace, **settings: str) -> Any:
    """Return our own grounder or segmenter of that name."""
    kind = "grounder" if name in GROUNDERS else "segmenter"
    parameters = PerceptionParameters(
        **{kind: name}, weights=str(given.weights), device=given.device, **settings
    )
    return (build_grounder if kind == "grounder" else build_segmenter)(parameters, None)


def ask(backend: Any, rng: np.random.Generator) -> Ask:
    """Return a question to one of our backends."""
    if hasattr(backend, "ground"):
        return lambda frame, count: backend.ground(frame, phrases(count, rng))
    return lambda frame, count: backend.segment(frame, boxes(frame, count, rng))


def stages(
    rivals: dict[str, Ask], size: tuple[int, int], count: int, rounds: int
) -> dict[str, Any]:
    """Return the times of every rival in turns: of a new frame, and of new phrases on it."""
    rng = np.random.default_rng(1)
    times: dict[str, dict[str, list[tuple[float, float]]]] = {
        who: {"frame": [], "phrase": []} for who in rivals
    }
    for _ in range(rounds):
        frame = picture(size, rng)
        for who, question in rivals.items():
            print(f"{size[0]}x{size[1]}, {count} phrases: {who}", file=sys.stderr, flush=True)
            took = timed(partial(question, frame, count))
            times[who]["frame"].append(took)
            times[who]["phrase"].append(
                took if who == "plain" else timed(partial(question, frame, count))
            )
    return {
        who: {stage: summary(rows) for stage, rows in several.items()}
        for who, several in times.items()
    }


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Return wall and processor milliseconds; the answers are on the CPU, so the GPU has ended."""
    wall, cpu = perf_counter(), process_time()
    work()
    return 1e3 * (perf_counter() - wall), 1e3 * (process_time() - cpu)


def summary(rows: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Return percentiles of wall milliseconds, and the median of processor milliseconds."""
    wall, cpu = np.array(rows).T
    p50, p95 = np.percentile(wall, (50, 95))
    return {"p50": float(p50), "p95": float(p95), "cpu": float(np.median(cpu))}


def peak_mib(device: str, work: Callable[[], Any]) -> float:
    """Return the most memory in use: of the GPU while it runs, or of the process so far."""
    if device == "cpu":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    torch.cuda.reset_peak_memory_stats(device)
    work()
    return torch.cuda.max_memory_allocated(device) / 2**20


def picture(size: tuple[int, int], rng: np.random.Generator) -> Frame:
    """Return a picture of (width, height) that was not seen before."""
    return Frame(rng.integers(0, 255, (size[1], size[0], 3), np.uint8))


def phrases(count: int, rng: np.random.Generator) -> list[Phrase]:
    """Return phrases that were hardly asked before: two words before a thing."""
    words = sorted({word for phrase in PHRASES for word in phrase.split()[:-1]})
    things = [phrase.split()[-1] for phrase in PHRASES]
    made = []
    for _ in range(count):
        said = (str(rng.choice(words)), str(rng.choice(words)))
        thing = str(rng.choice(things))
        made.append(Phrase(" ".join((*said, thing)), thing, said))
    return made


def boxes(frame: Frame, count: int, rng: np.random.Generator) -> Detections:
    """Return boxes anywhere in a frame."""
    edge = np.array((frame.width, frame.height))
    corners = rng.uniform(0, 0.7, (count, 2))
    both = np.hstack([corners * edge, (corners + rng.uniform(0.1, 0.3, (count, 2))) * edge])
    size = (frame.height, frame.width)
    return Detections(both.astype(np.float32), np.ones(count), ("thing",) * count, size)


def table(result: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of one model."""
    if "failed" in result:
        yield f"{result['model']}: ended with {result['failed']}"
        return
    yield (
        f"{result['model']}: load {result['load_s']:.1f} s, warm-up {result['warm_up_s']:.1f} s, "
        f"memory {result['memory_mib']:.0f} MiB"
    )
    yield f"  {'':14}{'new frame':>20}{'new phrase':>20}   p50 / p95 ms; x of new frame, new phrase"
    for row in result["rows"]:
        for who in ("ours", "eager", "plain"):
            if who not in row:
                continue
            cells = "".join(
                f"{row[who][stage]['p50']:>11.1f} /{row[who][stage]['p95']:>7.1f}"
                for stage in ("frame", "phrase")
            )
            told = f"{row['size']} {row['count']:>2}" if who == "ours" else ""
            yield f"  {told:12}{who:6}{cells}{'' if who == 'ours' else ratios(row, who)}"


def ratios(row: dict[str, Any], who: str) -> str:
    """Return how many times as long a rival takes, for both stages."""
    unit = "p50" if torch.cuda.is_available() else "cpu"
    return "".join(
        f"   x{row[who][stage][unit] / row['ours'][stage][unit]:.1f}"
        for stage in ("frame", "phrase")
    )


def device_name(device: str) -> str:
    """Return what the device calls itself."""
    return device if device == "cpu" else torch.cuda.get_device_name(device)


if __name__ == "__main__":
    main()
