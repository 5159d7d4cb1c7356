"""The command `grounding-ros evaluate`: from a source to its figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grounding_ros.errors import InputError
from grounding_ros.evaluation.dump import dumped
from grounding_ros.evaluation.folder import SceneFolder
from grounding_ros.evaluation.progress import progress
from grounding_ros.evaluation.results import results_json, summarize, write_json
from grounding_ros.evaluation.runner import Conditions, SceneResult, run_folder
from grounding_ros.evaluation.table import as_table
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.pipeline import Pipeline, PipelineParameters, build_pipeline


@dataclass(frozen=True)
class Outputs:
    """What is written beside the table."""

    json: Path | None = None
    """The figures."""
    dump: Path | None = None
    """A new folder of every answer with its masks."""


def evaluate(source: Path, grounder: str, conditions: Conditions, outputs: Outputs) -> str:
    """Measure a pipeline on a folder of scenes with truth, or on a bag with such a folder or none.

    Returns
    -------
    str
        The table.

    Raises
    ------
    InputError
        When the source is neither, or truth is asked for that a bag does not have.
    BackendError
        When the grounder is unknown or cannot be loaded.
    """
    if outputs.json is not None and not outputs.json.parent.is_dir():
        raise InputError(f"--json: expected a folder {outputs.json.parent}, got none; make it")
    perception = PerceptionParameters(grounder=grounder)
    pipeline = build_pipeline(PipelineParameters(perception=perception))
    if _is_bag(source):
        return _evaluate_bag(source, pipeline, conditions, outputs)
    folder = SceneFolder(source)
    scenes = run_folder(folder, pipeline, conditions)
    return _summary(progress(scenes, "scenes", len(folder)), outputs)


def _evaluate_bag(path: Path, pipeline: Pipeline, conditions: Conditions, outputs: Outputs) -> str:
    # Bags need an extra library.
    from grounding_ros.evaluation.bag_run import run_bag
    from grounding_ros.evaluation.bag_truth import run_bag_with_truth, truth_beside

    if conditions != Conditions():
        raise InputError(
            f"{path}: expected a folder of scenes for --oracle and --depth-noise, got a bag; "
            "evaluate the folder it was made from"
        )
    truth = truth_beside(path)
    if truth is not None:
        return _summary(run_bag_with_truth(path, truth, pipeline), outputs)
    if outputs.dump is not None:
        raise InputError(
            f"{path}: expected scenes with truth in the bag's folder or around it for --dump, "
            "got none; the names of its files are those of expressions and scenes"
        )
    results = run_bag(path, pipeline)
    if outputs.json is not None:
        write_json(outputs.json, results.as_json())
    return results.as_table()


def _summary(scenes: Iterator[SceneResult], outputs: Outputs) -> str:
    if outputs.dump is not None:
        scenes = dumped(scenes, outputs.dump)
    results = summarize(scenes)
    if outputs.json is not None:
        write_json(outputs.json, results_json(results))
    return as_table(results)


def _is_bag(path: Path) -> bool:
    return path.is_file() or any(
        part.name == "metadata.yaml" or part.suffix in (".mcap", ".db3") for part in path.glob("*")
    )
