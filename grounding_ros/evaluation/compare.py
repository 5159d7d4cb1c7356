"""Two evaluations side by side: what got better, what got worse, and whether that is chance."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grounding_ros.evaluation.figures_file import Figures, Told, read_figures
from grounding_ros.evaluation.metrics.bootstrap import interval95

_NAME = 34


def compare(a: Path, b: Path) -> str:
    """Return what changed from one file of figures to another, for a person to read.

    Parameters
    ----------
    a, b
        Files that `evaluate --json` wrote; expressions are matched by their id.

    Raises
    ------
    InputError
        When one of them is anything else.
    """
    old, new = read_figures(a), read_figures(b)
    pairs = [_Pair(told, new.answers[id]) for id, told in old.answers.items() if id in new.answers]
    only_old = [told for id, told in old.answers.items() if id not in new.answers]
    only_new = [told for id, told in new.answers.items() if id not in old.answers]
    return "\n".join(
        [
            f"A  {a}  {len(old.answers)} expressions",
            f"B  {b}  {len(new.answers)} expressions, {len(pairs)} of them in A",
            "",
            *_exact_lines(old, new, pairs),
            *_change_lines(pairs),
            *_listed("only in A", only_old),
            *_listed("only in B", only_new),
            "",
            *_figure_lines(old, new),
        ]
    )


def mcnemar(better: int, worse: int) -> float:
    """Return the two-sided p-value of the exact test of McNemar (1947).

    How likely so uneven a split, or a more uneven one, is if every change were equally likely to be
    for the better and for the worse: a binomial test of one half.
    """
    n = better + worse
    tail = sum(math.comb(n, k) for k in range(min(better, worse) + 1))
    return min(1.0, 2 * tail / (1 << n))


@dataclass(frozen=True)
class _Pair:
    """One expression's two answers."""

    old: Told
    new: Told

    @property
    def is_judged(self) -> bool:
        return self.old.exact is not None and self.new.exact is not None

    @property
    def kind(self) -> str | None:
        return self.old.kind or self.new.kind

    @property
    def scene(self) -> str | None:
        return self.old.scene or self.new.scene

    @property
    def gain(self) -> int:
        """1: better, -1: worse, 0: as right or wrong as before, or not judged."""
        return int(self.new.exact or False) - int(self.old.exact or False) if self.is_judged else 0

    @property
    def is_changed(self) -> bool:
        return _answer(self.old) != _answer(self.new) or self.old.exact != self.new.exact


def _exact_lines(old: Figures, new: Figures, pairs: Sequence[_Pair]) -> list[str]:
    """Return a line a group, over the expressions that are in both files."""
    judged = [pair for pair in pairs if pair.is_judged]
    if not judged:
        return ["exact  -: no answer in both files is known to be right or wrong", ""]
    lines = [
        f"{'exact':{_NAME}} {'n':>4} {'A':>9} {'B':>9} {'B - A':>7}   95% of B - A",
        _paired_row("overall", judged),
    ]
    kinds = {pair.kind for pair in judged if pair.kind is not None}
    for kind in sorted(kinds | {*old.exact, *new.exact}):
        if members := [pair for pair in judged if pair.kind == kind]:
            lines.append(_paired_row(kind, members))
        elif not kinds:  # files without it have only the shares
            lines.append(_unpaired_row(kind, old.exact.get(kind), new.exact.get(kind)))
    return [*lines, ""]


def _paired_row(name: str, pairs: Sequence[_Pair]) -> str:
    a = float(np.mean([bool(pair.old.exact) for pair in pairs]))
    b = float(np.mean([bool(pair.new.exact) for pair in pairs]))
    return f"{name:{_NAME}} {len(pairs):4} {a:9.3f} {b:9.3f} {b - a:+7.3f}   {_interval(pairs)}"


def _unpaired_row(name: str, a: float | None, b: float | None) -> str:
    gained = "-" if a is None or b is None else f"{b - a:+.3f}"
    return f"{name:{_NAME}} {'-':>4} {_number(a)} {_number(b)} {gained:>7}   -"


def _interval(pairs: Sequence[_Pair]) -> str:
    """Draw scenes with both their answers; single expressions where a scene is not known."""
    if not any(pair.gain for pair in pairs):
        return "no change"  # an interval of no width would say too much
    scenes = [pair.scene for pair in pairs]
    known = [scene for scene in scenes if scene is not None]
    drawn = known if len(known) == len(scenes) else [pair.old.id for pair in pairs]
    interval = interval95([float(pair.gain) for pair in pairs], drawn)
    return "-" if interval is None else "{:+.3f} to {:+.3f}".format(*interval)


def _change_lines(pairs: Sequence[_Pair]) -> list[str]:
    if not pairs:
        return ["no expression is in both files"]
    changed = [pair for pair in pairs if pair.is_changed]
    if not changed:
        return [f"nothing changed: all {len(pairs)} answers in both files are the same"]
    better = [pair for pair in changed if pair.gain > 0]
    worse = [pair for pair in changed if pair.gain < 0]
    others = [pair for pair in changed if pair.gain == 0]
    p = mcnemar(len(better), len(worse))
    return [
        f"{len(better)} better, {len(worse)} worse, {len(others)} different but no better or worse;"
        f" p = {p:.3g} (exact McNemar, two-sided)",
        *_changes("better", better),
        *_changes("worse", worse),
        *_changes("different", others),
    ]


def _changes(title: str, pairs: Sequence[_Pair]) -> list[str]:
    lines = (
        f"  {pair.old.id}  {_answer(pair.old)} -> {_answer(pair.new)}{_said(pair.old, pair.new)}"
        for pair in pairs
    )
    return ["", title, *lines] if pairs else []


def _listed(title: str, answers: Sequence[Told]) -> list[str]:
    lines = (f"  {told.id}  {_answer(told)}{_said(told)}" for told in answers)
    return ["", title, *lines] if answers else []


def _answer(told: Told) -> str:
    """Return the status and what the objects stand for, "?" for nothing."""
    if not told.returned_ids:
        return told.status
    ids = ", ".join("?" if id is None else str(id) for id in told.returned_ids)
    return f"{told.status} [{ids}]"


def _said(*answers: Told) -> str:
    texts = [told.text for told in answers if told.text is not None]
    return f"  {json.dumps(texts[0], ensure_ascii=False)}" if texts else ""


def _figure_lines(old: Figures, new: Figures) -> list[str]:
    """Return the figures of the whole files, whatever expressions they have in common."""
    lines = [f"{'figures of the whole files':{_NAME}} {'':4} {'A':>9} {'B':>9} {'B / A':>7}"]
    for name in dict.fromkeys((*old.numbers, *new.numbers)):
        a, b = old.numbers.get(name), new.numbers.get(name)
        ratio = "-" if not a or b is None else f"{b / a:.3f}"
        lines.append(f"{name:{_NAME}} {'':4} {_number(a)} {_number(b)} {ratio:>7}")
    return lines


def _number(value: float | None) -> str:
    return f"{'-' if value is None else format(value, '.5g'):>9}"
