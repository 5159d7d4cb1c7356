"""The tables of the report."""

from __future__ import annotations

from collections import Counter
from html import escape

from grounding_ros.evaluation.metrics.scores import Scores
from grounding_ros.evaluation.report.fault import fault
from grounding_ros.evaluation.report.table import NOTHING, count, mm, number, percent, ratio, table
from grounding_ros.evaluation.results import Results

_PERCENTS = (
    ("exact", "exact"),
    ("Acc@.5", "acc50"),
    ("Acc@.75", "acc75"),
    ("R@1", "recall1"),
    ("R@5", "recall5"),
)
_IOUS = (("mIoU", "mask_miou"), ("cIoU", "mask_ciou"), ("gIoU", "mask_giou"))


def accuracy_table(results: Results) -> str:
    """Return every figure of every kind, the baselines below; "" where no truth is known."""
    if results.overall is None:
        return ""
    heads = ("", "n", "exact, %", "95 % interval", *(f"{name}, %" for name, _ in _PERCENTS[1:]))
    heads += (*(name for name, _ in _IOUS), "count, %", "MAE")
    groups = {"overall": results.overall, **results.by_kind}
    rows = [_scores_row(name, group) for name, group in groups.items()]
    baselines = [_scores_row(name, group) for name, group in results.baselines.items()]
    return table("Right answers", heads, rows, {"Baselines": baselines})


def fault_table(results: Results) -> str:
    """Return how often each kind of expression fails in which way; "" when none does."""
    faults = Counter((one.kind, fault(one)) for one in results.judgements if not one.exact)
    if not faults:
        return ""
    totals: Counter[str] = Counter()
    for (_, name), times in faults.items():
        totals[name] += times
    names = [name for name, _ in totals.most_common()]
    rows = [
        [escape(kind), *(count(faults[kind, name]) for name in names), _of(results, kind)]
        for kind in results.by_kind
    ]
    wrong = sum(totals.values())
    rows.append(
        [
            "overall",
            *(count(totals[name]) for name in names),
            f"{wrong} of {len(results.judgements)}",
        ]
    )
    return table("What is wrong with the wrong answers", ("", *names, "wrong"), rows)


def status_table(results: Results) -> str:
    """Return how many answers had each status, and how many of those were right."""
    right = Counter(one.status for one in results.judgements if one.exact)
    order = sorted(results.statuses.items(), key=lambda item: (-item[1], item[0]))
    if not results.judgements:
        return table("Statuses", ("", "answers"), [[_status(name), str(n)] for name, n in order])
    rows = [[_status(name), str(n), count(right[name])] for name, n in order]
    return table("Statuses", ("", "answers", "right"), rows)


def instance_table(results: Results) -> str:
    """Return how well the objects are found without any phrase; "" where no truth is known."""
    found = results.instances
    if found is None:
        return ""
    row = [percent(found.recall50), percent(found.precision50)]
    row += [ratio(found.mask_iou), percent(found.ap50)]
    heads = ("", "recall, %", "precision, %", "mask IoU", "AP50, %")
    return table("Instances, without any phrase", heads, [["at IoU 0.5", *row]])


def boxes_table(results: Results) -> str:
    """Return the errors of the measured boxes, or why there are none."""
    boxes = results.boxes3d
    if boxes is None:
        return ""
    if boxes.n == 0:
        return (
            '<p class="note">No errors in metres: no returned object has both a true pose and a '
            "measured box.</p>"
        )
    rows = [
        ["centre, mm, median", mm(boxes.center_median_m)],
        ["centre, mm, p90", mm(boxes.center_p90_m)],
        ["largest difference of a side, mm, median", mm(boxes.size_median_m)],
        ["IoU of the boxes, median", ratio(boxes.iou3d_median)],
        ["the same with a longer side", ratio(boxes.iou3d_long_median)],
        ["yaw, degrees, median", number(boxes.yaw_median_deg, 1)],
    ]
    return table("Boxes in metres", ("", f"{boxes.n} boxes"), rows)


def latency_table(results: Results) -> str:
    """Return the percentiles of every stage."""
    rows = [
        [escape(stage), str(one.n), *(f"{value:.2f}" for value in (one.p50, one.p95, one.p99))]
        for stage, one in results.latency_ms.items()
    ]
    return table("Milliseconds by stage", ("", "n", "p50", "p95", "p99"), rows)


def live_table(results: Results) -> str:
    """Return what was sent to a running node and what came back; "" when none was running."""
    live = results.live
    if live is None:
        return ""
    images = {
        "images sent": live.images_sent,
        "of them late": live.images_late,
        "received": live.images_received,
        "lost": live.images_lost,
        "skipped": live.images_skipped,
    }
    rows = [
        ["instructions answered", f"{live.answered} of {live.instructions}"],
        ["on an older image", str(live.older_frame)],
        ["answers without their boxes, 3D or masks", str(live.incomplete)],
        *([name, NOTHING if n is None else str(n)] for name, n in images.items()),
    ]
    head = f"{live.seconds:.1f} s at {live.rate:g} times the recorded speed"
    return table("Played to a running node", ("", head), rows)


def waterfall_table(results: Results) -> str:
    """Return what the truth in the place of stage after stage gains; "" if it was not asked for."""
    steps = results.waterfall
    if not steps:
        return ""
    kinds = list(steps[0].by_kind)
    before = (steps[0], *steps)
    rows = [
        [
            escape(step.stage) or "none",
            percent(step.exact),
            f"{100 * (step.exact - last.exact):+.1f}" if step.stage else NOTHING,
            *(percent(step.by_kind.get(kind)) for kind in kinds),
        ]
        for last, step in zip(before, steps, strict=False)
    ]
    heads = ("true up to", "exact, %", "gained", *(f"{kind}, %" for kind in kinds))
    return table("What each stage owns of the error", heads, rows)


def broken_table(results: Results) -> str:
    """Return the sources that could not be read, or not to their end; "" when there are none."""
    if not results.broken:
        return ""
    rows = [[escape(one.source.name), escape(one.reason)] for one in results.broken]
    return table("Broken sources", ("", "reason"), rows, words=True)


def _scores_row(name: str, group: Scores) -> list[str]:
    interval = NOTHING
    if group.ci95 is not None:
        interval = " to ".join(f"{100 * share:.1f}" for share in group.ci95)
    return [
        escape(name),
        str(group.n),
        percent(group.exact),
        interval,
        *(percent(getattr(group, key)) for _, key in _PERCENTS[1:]),
        *(ratio(getattr(group, key)) for _, key in _IOUS),
        percent(group.count_exact),
        number(group.count_mae, 2),
    ]


def _of(results: Results, kind: str) -> str:
    wrong = sum(one.kind == kind and not one.exact for one in results.judgements)
    return f"{wrong} of {results.by_kind[kind].n}"


def _status(name: str) -> str:
    return f'<span class="status {escape(name)}">{escape(name)}</span>'
