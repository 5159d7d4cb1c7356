"""The figures as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from grounding_ros.evaluation.live_counts import live_lines
from grounding_ros.evaluation.metrics.scores import BoxScores, Latency, Scores
from grounding_ros.evaluation.results import Results, Step

_COLUMNS = (
    ("exact", "exact"),
    ("Acc@.5", "acc50"),
    ("Acc@.75", "acc75"),
    ("R@1", "recall1"),
    ("R@5", "recall5"),
    ("mIoU", "mask_miou"),
    ("cIoU", "mask_ciou"),
    ("gIoU", "mask_giou"),
    ("count", "count_exact"),
    ("MAE", "count_mae"),
)
_NAME = 18
_BAR = 40
_REASONS = 3
_TRUTH = ("masks", "names", "objects", "boxes")


def as_table(results: Results) -> str:
    """Return every figure, a line per group; "-" where a group does not ask for one."""
    answers = len(results.judgements) + len(results.heard)
    scenes = f"{results.scenes} scenes, {answers} expressions"
    if results.overall is None:
        scenes = f"{answers} instructions, no truth: latency and statuses only"
    lines = [
        scenes,
        "",
        *_accuracy_lines(results),
        *status_lines(results.statuses),
        *failure_lines(results.failures),
        "",
        *latency_lines(results.latency_ms),
        *(live_lines(results.live) if results.live else ()),
        *_waterfall_lines(results.waterfall),
        *(f"broken    {one.reason}" for one in results.broken),
    ]
    return "\n".join(lines)


def _accuracy_lines(results: Results) -> list[str]:
    if results.overall is None:
        return []
    groups = {"overall": results.overall, **results.by_kind}
    return [
        _header("expressions"),
        *(_row(name, group) for name, group in groups.items()),
        "",
        _header("baselines"),
        *(_row(name, group) for name, group in results.baselines.items()),
        "",
        _instances(results),
        _boxes(results),
        "",
    ]


def status_lines(statuses: Mapping[str, int]) -> list[str]:
    """Return how many answers had each status, the most frequent first."""
    order = sorted(statuses.items(), key=lambda item: (-item[1], item[0]))
    return ["statuses  " + "  ".join(f"{status} {count}" for status, count in order)]


def failure_lines(failures: Mapping[str, int]) -> list[str]:
    """Return why answers failed, the most frequent reasons first."""
    order = sorted(failures.items(), key=lambda item: (-item[1], item[0]))
    lines = [f"failed    {count} x {message}" for message, count in order[:_REASONS]]
    more = len(order) - _REASONS
    return [*lines, f"failed    and for {more} other reasons"] if more > 0 else lines


def latency_lines(stages: Mapping[str, Latency]) -> list[str]:
    """Return the percentiles of every stage."""
    head = f"{'milliseconds':{_NAME}} {'n':>5} {'p50':>8} {'p95':>8} {'p99':>8}"
    return [
        head,
        *(
            f"{stage:{_NAME}} {one.n:5} {one.p50:8.2f} {one.p95:8.2f} {one.p99:8.2f}"
            for stage, one in stages.items()
        ),
    ]


def _waterfall_lines(steps: Sequence[Step]) -> list[str]:
    """Return a line a step, with a bar from the share before it to its own."""
    if not steps:
        return []
    first = steps[0].exact
    lines = ["", f"{'waterfall':{_NAME}} {'exact':>7} {'gained':>7}"]
    lines.append(f"{'as it is':{_NAME}} {first:7.3f} {'':>7}   {_bar(0, first)}".rstrip())
    for before, step in pairwise(steps):
        gained = step.exact - before.exact
        name = f"true {step.stage}" if step.stage in _TRUTH else step.stage
        bar = _bar(before.exact, step.exact)
        lines.append(f"{name:{_NAME}} {step.exact:7.3f} {gained:+7.3f}   {bar}".rstrip())
    if "boxes" not in [step.stage for step in steps]:
        lines.append(f"{'true boxes':{_NAME}} left out: no scene has true poses")
    return lines


def _bar(before: float, after: float) -> str:
    """Draw what is gained with "#", what is lost with "-"; a full line is everything."""
    low, high = sorted((round(_BAR * before), round(_BAR * after)))
    return " " * low + ("#" if after > before else "-") * (high - low)


def _header(title: str) -> str:
    names = " ".join(f"{name:>7}" for name, _ in _COLUMNS)
    return f"{title:{_NAME}} {'n':>4} {names}   95% of exact"


def _row(name: str, group: Scores) -> str:
    figures = " ".join(f"{_number(getattr(group, key)):>7}" for _, key in _COLUMNS)
    interval = "-" if group.ci95 is None else "{:.3f} to {:.3f}".format(*group.ci95)
    return f"{name:{_NAME}} {group.n:4} {figures}   {interval}"


def _instances(results: Results) -> str:
    found = results.instances
    assert found is not None  # it comes with `overall`
    return (
        f"instances  recall50 {_number(found.recall50)}  precision50 {_number(found.precision50)}"
        f"  mask IoU {_number(found.mask_iou)}  AP50 {_number(found.ap50)}"
    )


def _boxes(results: Results) -> str:
    boxes = results.boxes3d
    if boxes is None or boxes.n == 0:
        return "boxes3d    none: no returned object has both a true pose and a measured box"
    overall = (
        f"boxes3d    n {boxes.n}  centre {_mm(boxes.center_median_m)} mm median, "
        f"{_mm(boxes.center_p90_m)} mm p90  size {_mm(boxes.size_median_m)} mm  "
        f"IoU {_number(boxes.iou3d_median)}\n"
        f"           with a longer side: IoU {_number(boxes.iou3d_long_median)}  "
        f"yaw {_number(boxes.yaw_median_deg)} deg"
    )
    groups = {"overall": boxes, **results.boxes3d_by_type, **results.boxes3d_by_share}
    head = f"{'boxes3d, mm':{_NAME}} {'n':>4} {'median':>7} {'p90':>7} {'IoU':>7} {'yaw':>7}"
    rows = [_box_row(name, group) for name, group in groups.items()]
    return "\n".join([overall, f"{head} {'within95':>8} {'sigma/RMS':>9}", *rows])


def _box_row(name: str, group: BoxScores) -> str:
    figures = (_mm(group.center_median_m), _mm(group.center_p90_m), _number(group.iou3d_median))
    row = " ".join(f"{figure:>7}" for figure in (*figures, _number(group.yaw_median_deg)))
    stated = f"{_number(group.coverage95):>8} {_number(group.sigma_over_rms):>9}"
    return f"{name:{_NAME}} {group.n:4} {row} {stated}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _mm(metres: float | None) -> str:
    return "-" if metres is None else f"{1e3 * metres:.1f}"
