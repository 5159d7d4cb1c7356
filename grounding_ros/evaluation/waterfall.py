"""How much of the error each stage owns: the truth in the place of stage after stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from grounding_ros.errors import InputError
from grounding_ros.evaluation.folder import SceneFolder
from grounding_ros.evaluation.metrics.judgement import Judgement
from grounding_ros.evaluation.progress import progress
from grounding_ros.evaluation.record import Broken
from grounding_ros.evaluation.results import Results, Step
from grounding_ros.evaluation.work import Job, Settings, Spread, jobs_of
from grounding_ros.scene import Status

_SEEN = ("masks", "names", "objects")
"""Keys of ORACLES in the order of the pipeline; each holds the truth of those before it."""
_LIFTED = "boxes"
"""The next, where poses are known."""


def waterfall(
    sources: Sequence[Path], settings: Settings, results: Results, spread: Spread
) -> tuple[Step, ...]:
    """Answer everything again, with the truth in the place of one stage more each time.

    Parameters
    ----------
    sources
        Folders of scenes.
    settings
        Of the first run; nothing but the oracle differs in the others, and they write nothing.
    results
        Of the first run.
    spread
        Does the other runs.

    Returns
    -------
    tuple[Step, ...]
        The first run, then a step for each oracle that the folders have the truth for, then
        "language", as if all that the last run did not understand were right, and "reasoning", with
        which everything is. () when there is nothing to answer.

    Raises
    ------
    InputError
        When it makes no sense, see `check_waterfall`, or a run breaks where the first did not.
    """
    check_waterfall(sources, settings)
    judgements = results.judgements
    if not judgements:
        return ()
    jobs = [job for source in sources for job in _jobs(source)]
    lifted = any(SceneFolder(folder).has_poses for folder in {job.source for job in jobs})
    steps = [_step("", judgements, _is_exact)]
    for oracle in (*_SEEN, _LIFTED) if lifted else _SEEN:
        judgements = _run_again(jobs, _with_oracle(settings, oracle), spread)
        _refuse_another_number(judgements, results.judgements, oracle)
        steps.append(_step(oracle, judgements, _is_exact))
    language = _step("language", judgements, _is_exact_or_not_understood)
    return (*steps, language, _step("reasoning", judgements, lambda _: True))


def check_waterfall(sources: Sequence[Path], settings: Settings) -> None:
    """Refuse, before any work is done, what cannot be run again with the truth.

    Raises
    ------
    InputError
        When a source is a bag, or an oracle is asked for already.
    """
    for source in sources:
        if any(job.position is None for job in _jobs(source)):
            raise InputError(
                f"{source}: expected a folder of scenes for --waterfall, got a bag; evaluate the "
                "folder it was made from"
            )
    if settings.conditions.oracle is not None:
        raise InputError(
            f"--waterfall: expected no --oracle, got {settings.conditions.oracle}; leave it out, "
            "the waterfall uses each in turn"
        )


def _jobs(source: Path) -> tuple[Job, ...]:
    try:
        return jobs_of(source)
    except InputError:
        return ()  # the first run reports it


def _with_oracle(settings: Settings, oracle: str) -> Settings:
    return replace(
        settings,
        conditions=replace(settings.conditions, oracle=oracle),
        dump=None,
        record=None,
        evidence=False,
    )


def _run_again(jobs: Sequence[Job], settings: Settings, spread: Spread) -> tuple[Judgement, ...]:
    records = progress(spread(jobs, settings), f"true {settings.conditions.oracle}", len(jobs))
    return tuple(
        one
        for record in records
        if not isinstance(record, Broken)  # what broke in the first run is not in its figures
        for one in record.judgements
    )


def _refuse_another_number(
    judgements: Sequence[Judgement], first: Sequence[Judgement], oracle: str
) -> None:
    """Shares of different expressions are not compared."""
    if len(judgements) != len(first):
        raise InputError(
            f"--waterfall: expected the {len(first)} answers of the first run again with true "
            f"{oracle}, got {len(judgements)}; a source changed or a process was lost, run it again"
        )


def _step(
    stage: str, judgements: Sequence[Judgement], is_right: Callable[[Judgement], bool]
) -> Step:
    kinds: dict[str, list[bool]] = {}
    for one in judgements:
        kinds.setdefault(one.kind, []).append(is_right(one))
    right = sum(sum(group) for group in kinds.values())
    return Step(
        stage,
        right / len(judgements),
        {kind: sum(kinds[kind]) / len(kinds[kind]) for kind in sorted(kinds)},
    )


def _is_exact(one: Judgement) -> bool:
    return one.exact


def _is_exact_or_not_understood(one: Judgement) -> bool:
    return one.exact or one.status == Status.NOT_UNDERSTOOD.value
