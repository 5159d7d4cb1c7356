"""The command `grounding-ros evaluate`: from sources to their figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from grounding_ros.errors import InputError
from grounding_ros.evaluation.dump import begin_dump, with_lines_written
from grounding_ros.evaluation.metrics.judgement import Judgement
from grounding_ros.evaluation.progress import progress
from grounding_ros.evaluation.record import Broken, SceneRecord
from grounding_ros.evaluation.report.evidence import SceneEvidence
from grounding_ros.evaluation.report.evidence_limit import with_evidence_limited
from grounding_ros.evaluation.results import Results, results_json, summarize, write_json
from grounding_ros.evaluation.waterfall import check_waterfall, waterfall
from grounding_ros.evaluation.work import Job, Settings, Spread, jobs_of, run_here


@dataclass(frozen=True)
class Outputs:
    """What is written beside the table."""

    json: Path | None = None
    """The figures."""
    dump: Path | None = None
    """A new folder of every answer with its masks."""
    report: Path | None = None
    """A page for people."""
    record: Path | None = None
    """A new bag of pictures, masks and boxes, to be looked at with the ordinary tools."""
    waterfall: bool = False
    """Whether everything is run again with the truth in the place of stage after stage."""


def evaluate(
    sources: Sequence[Path], settings: Settings, outputs: Outputs, spread: Spread = run_here
) -> Results:
    """Measure a pipeline on folders of scenes with truth, and on bags with such a folder or none.

    Raises
    ------
    InputError
        When the only source is neither, or one is given twice, or an output cannot be written.
    BackendError
        When the grounder is unknown or cannot be loaded.
    """
    if not sources:
        raise InputError("evaluate: expected a SOURCE, got none; give a folder of scenes or a bag")
    for path in (outputs.json, outputs.report, outputs.record):
        if path is not None and not path.parent.is_dir():
            raise InputError(f"{path}: expected a folder {path.parent}, got none; make it")
    jobs, unread = _cut(sources)
    names = _names({*(job.source for job in jobs), *(broken.source for broken in unread)})
    if outputs.dump is not None and len(names) > 1:
        raise InputError(
            f"--dump: expected one source, whose names are those of the files, got {len(names)}; "
            "evaluate them one by one"
        )
    if outputs.record is not None:
        # Bags need an extra library.
        from grounding_ros.evaluation.bags.recording import check_recording

        check_recording(outputs.record)
    if outputs.waterfall:
        check_waterfall(sources, settings)
    settings = replace(
        settings,
        dump=outputs.dump,
        record=outputs.record,
        evidence=outputs.report is not None,
    )
    if settings.dump is not None:
        begin_dump(settings.dump)
    results = summarize(chain(unread, _records(jobs, names, settings, spread)))
    if results.broken and not results.scenes:
        raise InputError("; ".join(broken.reason for broken in results.broken))
    if outputs.waterfall:
        results = replace(results, waterfall=waterfall(sources, settings, results, spread))
    if outputs.json is not None:
        write_json(outputs.json, results_json(results))
    if outputs.report is not None:
        from grounding_ros.evaluation.report.report import conditions_of, write_report

        write_report(outputs.report, results, conditions_of(sources, settings))
    return results


def _cut(sources: Sequence[Path]) -> tuple[list[Job], list[Broken]]:
    """Cut sources into jobs, those aside that are none."""
    jobs: list[Job] = []
    unread: list[Broken] = []
    for source in sources:
        try:
            jobs += jobs_of(source)
        except InputError as error:
            unread.append(Broken(source, str(error)))
    seen: set[Job] = set()
    for job in jobs:
        one = replace(job, source=job.source.resolve())
        if one in seen:
            raise InputError(f"{job.source}: expected it once, got it twice; name it once")
        seen.add(one)
    return jobs, unread


def _records(
    jobs: Sequence[Job], names: Mapping[Path, str], settings: Settings, spread: Spread
) -> Iterator[SceneRecord | Broken]:
    scenes = all(job.position is not None for job in jobs)
    done: Iterable[SceneRecord | Broken] = spread(jobs, settings)
    done = progress(done, "scenes" if scenes else "answers", len(jobs) if scenes else None)
    if settings.dump is not None:
        done = with_lines_written(done, settings.dump)
    if settings.evidence:
        done = with_evidence_limited(done)
    for record in done:
        if len(names) > 1 and isinstance(record, SceneRecord):
            yield _told_apart(record, names[record.source])
        else:
            yield record


def _names(sources: Collection[Path]) -> Mapping[Path, str]:
    """Return a name for each source; the whole path where several share one."""
    shared = Counter(source.name for source in sources)
    return {source: source.name if shared[source.name] == 1 else str(source) for source in sources}


def _told_apart(record: SceneRecord, source: str) -> SceneRecord:
    """Put the source before every name, which need only be unique in it."""

    def told_apart(judgements: tuple[Judgement, ...]) -> tuple[Judgement, ...]:
        return tuple(
            replace(one, id=f"{source}/{one.id}", scene=f"{source}/{one.scene}")
            for one in judgements
        )

    return replace(
        record,
        scene=f"{source}/{record.scene}",
        judgements=told_apart(record.judgements),
        baselines={name: told_apart(judged) for name, judged in record.baselines.items()},
        heard=tuple(replace(one, id=f"{source}/{one.id}") for one in record.heard),
        evidence=None if record.evidence is None else _evidence_told_apart(source, record.evidence),
    )


def _evidence_told_apart(source: str, evidence: SceneEvidence) -> SceneEvidence:
    return replace(
        evidence,
        scene=f"{source}/{evidence.scene}",
        answers=tuple(replace(one, id=f"{source}/{one.id}") for one in evidence.answers),
    )
