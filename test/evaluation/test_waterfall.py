"""A pipeline with one defect in each stage, each of which spoils exactly one answer."""

import json
import shutil
from dataclasses import dataclass, replace

import numpy as np
import pytest

from grounding_ros import cli
from grounding_ros.errors import InputError
from grounding_ros.evaluation.evaluate import Outputs, evaluate
from grounding_ros.evaluation.folder import SceneFolder
from grounding_ros.evaluation.record import Broken, SceneRecord
from grounding_ros.evaluation.runner import Conditions, run_position
from grounding_ros.evaluation.sample import sample_bag_path
from grounding_ros.evaluation.table import as_table
from grounding_ros.evaluation.work import Settings, run_here
from grounding_ros.evaluation.workers import run_in_processes
from grounding_ros.language.instruction import Phrase
from grounding_ros.scene import Answer, Detections, Frame, Intrinsics, Objects3D, Status
from grounding_ros.simulation.folder_writer import write_folder
from grounding_ros.simulation.truth import OPTICAL_FRAME, Expression, Scene, SceneObject

KINDS = ("easy", "masks", "names", "objects", "boxes", "language", "reasoning")
STAGES = ("", "masks", "names", "objects", "boxes", "language", "reasoning")
WINDOWS = {1: (2, 6), 2: (8, 12), 3: (14, 18), 4: (20, 24), 5: (26, 30), 6: (32, 36), 7: (38, 42)}
"""Columns of each object; it fills 4 of the 12 rows."""


def defective_scene(poses=True):
    """What is nearer stands further left, but the nearer can, 4, stands right of the other, 3."""
    instances = np.zeros((12, 44), np.uint16)
    for id, (left, right) in WINDOWS.items():
        instances[4:8, left:right] = id
    near, far = ((0.5, 0, 0), (0.1, 0.1, 0.1), 0.0), ((0.6, 0, 0), (0.1, 0.1, 0.1), 0.0)
    objects = (
        SceneObject(1, ("box",), ()),
        SceneObject(2, ("box",), ()),
        SceneObject(3, ("can",), (), (), *far),
        SceneObject(4, ("can",), (), (), *near),
        SceneObject(5, ("ball",), ("red",)),
        SceneObject(6, ("cup",), ()),
        SceneObject(7, ("plate",), ()),
    )
    said = {
        "easy": ("the plate", (7,)),
        "masks": ("the nearest box", (1,)),
        "names": ("the red ball", (5,)),
        "objects": ("the cup", (6,)),
        "boxes": ("the nearest can", (4,)),
        "language": ("abracadabra", (7,)),
        "reasoning": ("the farthest box", (2,)),
    }
    return Scene(
        name="defects",
        frame=Frame(
            rgb=np.zeros((12, 44, 3), np.uint8),
            depth=np.ones((12, 44), np.float32),
            intrinsics=Intrinsics(44, 12, 40.0, 40.0, 22.0, 6.0),
            frame_id=OPTICAL_FRAME,
        ),
        instances=instances,
        objects=objects,
        expressions=tuple(
            Expression("defects", f"on-{kind}", text, kind, ids)
            for kind, (text, ids) in said.items()
        ),
        base_from_camera=np.eye(4) if poses else None,
    )


class BleedingGrounder:
    """Misses the cup, calls the ball blue, and gives the left box a mask that is too wide."""

    windows = (
        (2, 6, "box"),
        (8, 12, "box"),
        (14, 18, "can"),
        (20, 24, "can"),
        (26, 30, "blue ball"),
        (38, 42, "plate"),
    )

    def ground(self, frame, phrases):
        masks = np.zeros((len(self.windows), 12, 44), bool)
        for mask, (left, right, _) in zip(masks, self.windows, strict=True):
            mask[4:8, left:right] = True
        masks[0, 4, 2:18] = True  # 12 pixels more: an overlap of 16 / 28
        names = [set(name.split()) for _, _, name in self.windows]
        fits = [[{*p.attributes, p.head} <= name for p in phrases] for name in names]
        return Detections(
            boxes=np.array([(left, 4, right, 8) for left, right, _ in self.windows], np.float32),
            scores=np.ones(len(names), np.float32),
            labels=tuple(name for _, _, name in self.windows),
            image_size=(12, 44),
            masks=masks,
            phrases=tuple(phrase.text for phrase in phrases),
            matches=np.array(fits, np.float32).reshape(len(names), len(phrases)),
        )


class ColumnLifter:
    """Takes the last column of a mask for its distance, a hundredth of a metre each."""

    def lift(self, frame, detections, pose):
        columns = [float(np.nonzero(mask)[1].max()) for mask in detections.masks]
        n = len(columns)
        return Objects3D(
            frame_id=frame.frame_id if pose is None else pose.frame_id,
            centers=np.array([(column / 100, 0, 0) for column in columns]).reshape(n, 3),
            rotations=np.tile(np.eye(3), (n, 1, 1)),
            sizes=np.full((n, 3), 0.1),
            covariances=np.zeros((n, 3, 3)),
            point_counts=np.ones(n, np.int64),
            reasons=("",) * n,
            up=np.array([0.0, 0.0, 1.0]),
            up_source="tf",
        )


@dataclass(frozen=True)
class DefectivePipeline:
    """Knows "the nearest"; to its reasoning nothing is "the farthest"."""

    grounder: object
    segmenter: object
    lifter: object

    def run(self, frame, instruction, locate):
        *adjectives, head = instruction.text.removeprefix("the ").split()
        plain = tuple(word for word in adjectives if word not in {"nearest", "farthest"})
        found = self.grounder.ground(frame, [Phrase(instruction.text, head, plain)])
        objects = self.lifter.lift(frame, found, locate(frame))
        rows = np.flatnonzero(found.matches[:, 0])
        if "nearest" in adjectives:
            rows = rows[np.argsort(objects.centers[rows, 0])][:1]
        if "farthest" in adjectives:
            rows = rows[:0]
        status = Status.GROUNDED if len(rows) else Status.NOT_FOUND
        if not instruction.text.startswith("the "):
            rows, status = (), Status.NOT_UNDERSTOOD
        return Answer(
            status=status,
            text=instruction.text,
            task="find",
            stamp_ns=0,
            frame_id=frame.frame_id,
            candidates=found,
            objects=objects,
            chosen=tuple(int(row) for row in rows),
        )


def spread_defects(jobs, settings):
    """Does jobs with the defective pipeline, which cannot be built by a name."""
    pipeline = DefectivePipeline(BleedingGrounder(), None, ColumnLifter())
    for job in jobs:
        folder = SceneFolder(job.source)
        result = run_position(folder, job.position, pipeline, settings.conditions)
        yield SceneRecord(
            job.source, result.scene.name, result.instances, result.judgements, result.baselines
        )


def run(folder, spread=spread_defects, settings=None, **outputs):
    outputs = Outputs(waterfall=True, **outputs)
    return evaluate([folder], settings or Settings(), outputs, spread)


@pytest.fixture(name="defects")
def defects_fixture(tmp_path):
    return write_folder(tmp_path / "defects", [defective_scene()])


def test_every_stage_owns_its_own_defect(defects, tmp_path):
    results = run(defects, json=tmp_path / "out.json")
    written = json.loads((tmp_path / "out.json").read_text("utf-8"))["waterfall"]
    assert [step["stage"] for step in written] == list(STAGES)
    for place, (step, kind) in enumerate(zip(written, KINDS, strict=True)):
        assert step["exact"] == pytest.approx((place + 1) / 7)
        assert step["gained"] == pytest.approx(1 / 7 if place else 0)
        assert step["by_kind"] == {k: float(KINDS.index(k) <= place) for k in sorted(KINDS)}, kind
    assert results.waterfall[0].exact == results.overall.exact


def test_the_table_draws_what_each_stage_gains(defects):
    lines = as_table(run(defects)).splitlines()
    start = lines.index("waterfall            exact  gained")
    assert lines[start + 1 : start + 8] == [
        "as it is             0.143           ######",
        "true masks           0.286  +0.143         #####",
        "true names           0.429  +0.143              ######",
        "true objects         0.571  +0.143                    ######",
        "true boxes           0.714  +0.143                          ######",
        "language             0.857  +0.143                                #####",
        "reasoning            1.000  +0.143                                     ######",
    ]


def test_without_true_poses_the_boxes_are_left_out_and_the_table_says_so(tmp_path):
    folder = write_folder(tmp_path / "poseless", [defective_scene(poses=False)])
    results = run(folder)
    stages = [step.stage for step in results.waterfall]
    assert stages == [stage for stage in STAGES if stage != "boxes"]
    exact = [round(7 * step.exact) for step in results.waterfall]
    assert exact == [1, 2, 3, 4, 5, 7]  # what true boxes would mend is reasoning's now
    assert "true boxes         left out: no scene has true poses" in as_table(results)


def test_a_loss_is_drawn_as_a_loss(defects):
    def forgetful(jobs, settings):
        worse = settings.conditions.oracle == "masks"
        for record in spread_defects(jobs, settings):
            judged = [replace(one, exact=one.exact and not worse) for one in record.judgements]
            yield replace(record, judgements=tuple(judged))

    results = run(defects, forgetful)
    assert results.waterfall[1].exact == 0
    assert "true masks           0.000  -0.143   ------" in as_table(results)


@pytest.mark.parametrize("oracle", ["masks", "names", "objects", "boxes"])
def test_a_step_is_the_evaluation_with_that_oracle(folder, oracle):
    steps = {step.stage: step for step in run(folder, run_here).waterfall}
    alone = evaluate([folder], Settings(conditions=Conditions(oracle)), Outputs())
    assert steps[oracle].exact == alone.overall.exact
    assert steps[oracle].by_kind == {kind: one.exact for kind, one in alone.by_kind.items()}
    assert steps["objects"].exact > 0


def test_the_last_run_without_poses_is_that_with_true_objects(poseless_folder):
    *_, last, _, everything = run(poseless_folder, run_here).waterfall
    alone = evaluate([poseless_folder], Settings(conditions=Conditions("objects")), Outputs())
    assert (last.stage, last.exact) == ("objects", alone.overall.exact)
    assert everything.exact == 1.0


def test_several_processes_see_the_same(folder):
    def two(jobs, settings):
        return run_in_processes(jobs, settings, workers=2)

    assert run(folder, two).waterfall == run(folder, run_here).waterfall


def test_the_other_runs_differ_in_nothing_but_the_oracle_and_write_nothing(defects, tmp_path):
    seen = []

    def watched(jobs, settings):
        seen.append(settings)
        return spread_defects(jobs, settings)

    first = Settings(grounder="some", conditions=Conditions(depth_noise="kinect"))
    run(defects, watched, first, dump=tmp_path / "dump")
    assert seen[0] == replace(first, dump=tmp_path / "dump")
    assert seen[1:] == [
        replace(first, conditions=Conditions(oracle, "kinect"))
        for oracle in ("masks", "names", "objects", "boxes")
    ]


def nobody(jobs, settings):
    raise AssertionError("no work is done before a refusal")


def test_what_cannot_be_run_again_is_refused_before_any_work(folder, tmp_path):
    refusals = (
        (sample_bag_path(), Settings(), "expected a folder of scenes for --waterfall, got a bag"),
        (folder, Settings(conditions=Conditions("masks")), "expected no --oracle, got masks"),
    )
    for source, settings, words in refusals:
        with pytest.raises(InputError, match=words):
            run(source, nobody, settings, dump=tmp_path / "dump")
    assert not (tmp_path / "dump").exists()


def test_a_source_that_breaks_is_in_no_step(defects, tmp_path):
    results = evaluate(
        [defects, tmp_path / "none"], Settings(), Outputs(waterfall=True), spread_defects
    )
    assert len(results.broken) == 1
    assert [round(7 * step.exact) for step in results.waterfall] == [1, 2, 3, 4, 5, 6, 7]


def test_a_run_that_loses_answers_is_refused(defects):
    def lossy(jobs, settings):
        if settings.conditions.oracle != "names":
            yield from spread_defects(jobs, settings)
        yield Broken(defects, "lost")

    with pytest.raises(InputError, match=r"expected the 7 answers .* with true names, got 0"):
        run(defects, lossy)


def test_where_nothing_is_said_there_is_no_waterfall(folder, tmp_path):
    quiet = shutil.copytree(folder, tmp_path / "quiet")
    (quiet / "expressions.json").write_text("[]", "utf-8")
    results = run(quiet, run_here)
    assert results.waterfall == ()
    assert "waterfall" not in as_table(results)


def test_the_command_shows_the_waterfall(folder, capsys):
    assert cli.main(["evaluate", str(folder), "--waterfall"]) == 0
    said = capsys.readouterr().out
    assert "as it is" in said and "reasoning" in said
    assert cli.main(["evaluate", str(sample_bag_path()), "--waterfall"]) == 2
    assert "got a bag" in capsys.readouterr().err
