"""The few figures at the head of the report."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from grounding_ros.evaluation.metrics.scores import latencies
from grounding_ros.evaluation.report.accuracy import best_baseline
from grounding_ros.evaluation.report.latency import timings_of
from grounding_ros.evaluation.results import Results


def key_figures(results: Results) -> str:
    """Return them, as many as the sources have the truth for."""
    parts = (*_accuracy(results), *_objects(results), *_latency(results), _answers(results))
    return f'<dl class="figures">{"".join(parts)}</dl>'


def _accuracy(results: Results) -> Iterator[str]:
    if results.overall is None or results.overall.exact is None:
        return
    interval = ""
    if results.overall.ci95 is not None:
        low, high = results.overall.ci95
        interval = f"95 %: {100 * low:.0f} to {100 * high:.0f} %"
    yield _figure("right answers", f"{100 * results.overall.exact:.1f} %", interval)
    if (best := best_baseline(results.baselines)) is not None:
        yield _figure("best baseline", f"{100 * best[1]:.1f} %", best[0])


def _objects(results: Results) -> Iterator[str]:
    found, boxes = results.instances, results.boxes3d
    if found is not None and found.recall50 is not None:
        iou = "" if found.mask_iou is None else f"mask IoU {found.mask_iou:.2f}"
        yield _figure("objects found", f"{100 * found.recall50:.1f} %", iou)
    if boxes is not None and boxes.center_median_m is not None:
        detail = f"median of {boxes.n} boxes"
        yield _figure("error of the centre", f"{1e3 * boxes.center_median_m:.1f} mm", detail)


def _latency(results: Results) -> Iterator[str]:
    # What was not understood is answered without a look, in no time.
    looked = [timings for timings in timings_of(results) if "ground" in timings]
    total = latencies(looked).get("total")
    if total is not None:
        detail = f"p50 of {total.n}, p95 {total.p95:.0f} ms"
        yield _figure("to look and answer", f"{total.p50:.0f} ms", detail)


def _answers(results: Results) -> str:
    detail = f"in {results.scenes} scenes" if results.judgements else "without truth"
    if results.broken:
        detail = f"{len(results.broken)} broken sources"
    return _figure("answers", str(len(results.judgements) + len(results.heard)), detail)


def _figure(name: str, value: str, detail: str) -> str:
    return f"<div><dt>{name}</dt><dd>{value}</dd><dd>{escape(detail)}</dd></div>"
