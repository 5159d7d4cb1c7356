"""The plot of how right the answers are, by kind, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from grounding_ros.evaluation.metrics.scores import Scores
from grounding_ros.evaluation.report.axes import Axis
from grounding_ros.evaluation.report.plot import WIDTH, plot, sign, text, x_axis
from grounding_ros.evaluation.results import Results

_LEFT, _RIGHT, _TOP, _ROW = 92.0, WIDTH - 44.0, 10.0, 26.0


def accuracy_plot(results: Results) -> str:
    """Return a line for all expressions and one for each kind; "" where no truth is known."""
    if results.overall is None or results.overall.exact is None:
        return ""
    rows = {"overall": results.overall, **results.by_kind}
    rivals = {"overall": results.baselines} | {
        kind: {name: kinds[kind] for name, kinds in results.baselines_by_kind.items()}
        for kind in results.by_kind
    }
    axis = Axis(0, 100, _LEFT, _RIGHT)
    bottom = _TOP + _ROW * len(rows)
    parts = [x_axis(axis, _TOP, bottom, "answers entirely right, %")]
    for place, (kind, group) in enumerate(rows.items()):
        parts.append(_row(kind, group, rivals[kind], axis, _TOP + _ROW * (place + 0.5)))
    key = "".join(
        (
            sign("dot", "this run"),
            sign("range", "95 % interval"),
            sign("rival", "best baseline of that kind"),
        )
    )
    return plot("Right answers by kind", bottom + 42, parts, key)


def best_baseline(rivals: Mapping[str, Scores]) -> tuple[str, float] | None:
    """Return the name and the share of right answers of the best one."""
    shares = {name: one.exact for name, one in rivals.items() if one.exact is not None}
    if not shares:
        return None
    name = max(shares, key=lambda name: shares[name])
    return name, shares[name]


def _row(kind: str, group: Scores, rivals: Mapping[str, Scores], axis: Axis, y: float) -> str:
    parts = [text(_LEFT - 10, y + 4, kind, "end", "name"), text(_RIGHT + 12, y + 4, f"n {group.n}")]
    if group.ci95 is not None:
        low, high = (axis(100 * share) for share in group.ci95)
        parts.append(f'<path class="range" d="M{low} {y:g}H{high}"/>')
    rival = ""
    if (best := best_baseline(rivals)) is not None:
        name, share = best
        rival = (
            f'<path class="rival" d="M{axis(100 * share)} {y - 6:g}l6 6-6 6-6-6z">'
            f"<title>{escape(name)}: {100 * share:.1f} %</title></path>"
        )
    exact = 100 * (group.exact or 0.0)
    dot = f'<circle class="dot" cx="{axis(exact)}" cy="{y:g}" r="3.5">'
    return "".join((*parts, f"{dot}<title>{exact:.1f} %</title></circle>", rival))
