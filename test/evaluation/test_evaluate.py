"""From a source to its figures: the same pipeline, the JSON, the dump, the table."""

import json
import re
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from grounding_ros import cli
from grounding_ros.errors import BackendError, InputError
from grounding_ros.evaluation.bags.writer import make_bag
from grounding_ros.evaluation.evaluate import Outputs, evaluate
from grounding_ros.evaluation.folder import SceneFolder
from grounding_ros.evaluation.runner import Conditions, run_folder
from grounding_ros.evaluation.sample import sample_bag_path
from grounding_ros.evaluation.table import as_table
from grounding_ros.evaluation.work import Settings
from grounding_ros.pipeline import PipelineParameters, build_pipeline

REAL = "mosd_tabletop"


def figures(source, tmp_path, oracle=None, noise="none", grounder="geometric"):
    """The JSON and the dump's folder of an evaluation."""
    outputs = Outputs(tmp_path / "figures.json", tmp_path / "dump")
    results = evaluate([source], Settings(grounder, Conditions(oracle, noise)), outputs)
    return json.loads(outputs.json.read_text("utf-8")), outputs.dump, as_table(results)


def refused(source, words, error=InputError, outputs=None, **settings):
    """Assert that a source is refused with these words."""
    with pytest.raises(error, match=words):
        evaluate([source], Settings(**settings), outputs or Outputs())


def exact_by_other_means(folder, dump):
    """Score a dump anew, from its files alone."""
    expressions = {e["id"]: e for e in json.loads((folder / "expressions.json").read_text("utf-8"))}
    exact = {}
    for line in map(json.loads, (dump / "answers.jsonl").read_text("utf-8").splitlines()):
        said = expressions[line["id"]]
        truth = cv2.imread(str(folder / f"frames/{line['scene']}_instances.png"), -1)
        masks = cv2.imread(str(dump / f"masks/{line['id']}.png"), -1)
        returned = []
        for k in range(1, len(line["objects"]) + 1):
            overlaps = {
                int(id): ((masks == k) & (truth == id)).sum() / ((masks == k) | (truth == id)).sum()
                for id in np.unique(truth[truth > 0])
            }
            best = max(overlaps, key=overlaps.get)
            returned.append(best if overlaps[best] >= 0.5 else None)
        right = returned.count(None) == 0 and sorted(returned) == sorted(said["target_ids"])
        right &= (line["status"] == "ambiguous") == (said["kind"] == "ambiguous")
        right &= bool(said["target_ids"]) or line["status"] == "not_found"
        right &= len(line["place_objects"]) == len(said.get("place_ids", []))
        exact[line["id"]] = right if said["kind"] != "verify" else line["truth"] == said["answer"]
    return exact


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    folder = Path(__file__).resolve().parents[3] / "shared" / "data" / REAL
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent: real data is not shipped")
    return folder, figures(folder, tmp_path_factory.mktemp("real"))


def test_the_instances_of_real_tables(real):
    found = real[1][0]["instances"]
    assert found["recall50"] >= 0.97  # 72 of 72 when this was written
    assert found["precision50"] >= 0.9
    assert found["mask_iou"] >= 0.9
    assert found["ap50"] >= 0.95


def test_a_dump_scored_anew_gives_the_same(real):
    folder, (result, dump, _) = real
    exact = exact_by_other_means(folder, dump)
    assert {one["id"]: one["exact"] for one in result["expressions"]} == exact
    assert result["overall"]["exact"] == pytest.approx(np.mean(list(exact.values())))
    assert result["overall"]["n"] == len(exact) == 92


def test_the_instances_of_a_dump_are_all_there(real):
    folder, (result, dump, _) = real
    found = sum(int(cv2.imread(str(p), -1).max()) for p in (dump / "instances").iterdir())
    true = sum(len(scene.objects) for scene in SceneFolder(folder))
    hits = result["instances"]["recall50"] * true
    assert result["instances"]["precision50"] == pytest.approx(hits / found)


def test_words_that_are_known_are_answered_with_true_objects(tmp_path, real):
    result, _, table = figures(real[0], tmp_path, oracle="objects")
    assert result["instances"] == {k: 1.0 for k in ("recall50", "precision50", "mask_iou", "ap50")}
    assert result["by_kind"]["absent"]["exact"] == 1.0
    assert result["overall"]["exact"] >= 0.92  # 91 of 92 when this was written
    for kind in ("relation2d", "relation3d", "superlative", "negation"):
        assert result["by_kind"][kind]["exact"] >= 0.9, kind
    assert "always not_found" in table and "largest object" in table and "word overlap" in table


def test_the_keys_of_the_json(folder, tmp_path):
    result, _, table = figures(folder, tmp_path, oracle="objects")
    group = {"n", "exact", "acc50", "acc75", "count_exact", "count_mae", "ci95"}
    assert list(result) == [
        "instances", "overall", "by_kind", "boxes3d", "latency_ms", "expressions", "broken",
        "waterfall", "live",
    ]  # fmt: skip
    assert result["instances"].keys() == {"recall50", "precision50", "mask_iou", "ap50"}
    assert result["overall"].keys() == group
    assert result["by_kind"].keys() == {"attribute", "place", "verify"}
    assert all(kind.keys() == group for kind in result["by_kind"].values())
    boxes = {
        "n", "center_median_m", "center_p90_m", "iou3d_median", "yaw_median_deg", "coverage95",
        "sigma_over_rms",
    }  # fmt: skip
    assert result["boxes3d"].keys() == boxes | {"by_type", "by_visible_share"}
    assert all(group.keys() == boxes for group in result["boxes3d"]["by_type"].values())
    assert all(group.keys() == boxes for group in result["boxes3d"]["by_visible_share"].values())
    assert {"parse", "resolve", "total"} <= result["latency_ms"].keys()
    assert all(stage.keys() == {"p50", "p95"} for stage in result["latency_ms"].values())
    assert [one["id"] for one in result["expressions"]][:2] == ["first-01", "first-02"]
    assert result["expressions"][0] == {
        "id": "first-01",
        "exact": True,
        "status": "grounded",
        "returned_ids": [1],
        "expected_ids": [1],
        "scene": "first",
        "kind": "attribute",
        "text": "pick up the red box",
    }
    assert result["waterfall"] is None  # it was not asked for
    for word in ("overall", "verify", "instances", "boxes3d", "statuses", "milliseconds"):
        assert word in table


def test_the_lines_of_a_dump(folder, tmp_path):
    _, dump, _ = figures(folder, tmp_path, oracle="objects")
    lines = [json.loads(line) for line in (dump / "answers.jsonl").read_text("utf-8").splitlines()]
    assert [line["id"] for line in lines][:3] == ["first-01", "first-02", "first-03"]
    first = lines[0]
    assert (first["scene"], first["status"], first["count"]) == ("first", "grounded", 1)
    assert (first["truth"], first["place_objects"]) == (None, [])
    assert first["objects"][0].keys() == {
        "label", "score", "box", "center_m", "size_m", "yaw_rad"
    }  # fmt: skip
    assert first["objects"][0]["box"] == [5, 10, 30, 20]
    mask = cv2.imread(str(dump / "masks/first-01.png"), cv2.IMREAD_UNCHANGED)
    assert mask.dtype == np.uint16
    assert (np.flatnonzero(mask.any(axis=1)) == np.arange(10, 20)).all()
    assert cv2.imread(str(dump / "instances/second.png"), cv2.IMREAD_UNCHANGED).max() == 2


def test_the_answers_are_those_of_the_pipeline(folder):
    pipeline = build_pipeline(PipelineParameters())
    twice = [list(run_folder(SceneFolder(folder), pipeline, Conditions())) for _ in range(2)]
    told = [[one.judgements[0].returned_ids for one in run] for run in twice]
    assert told[0] == told[1]
    answer = twice[0][0].answers[0][1]
    assert answer.timings_ms.keys() >= {"parse", "ground", "segment", "lift", "resolve", "total"}
    assert answer.objects.frame_id == "base_link"  # where the true poses are


def test_noise_is_added_and_the_same_each_time(folder):
    pipeline = build_pipeline(PipelineParameters())
    runs = [
        next(iter(run_folder(SceneFolder(folder), pipeline, Conditions(depth_noise=kind))))
        for kind in ("none", "kinect", "kinect")
    ]
    depths = [run.scene.frame.depth for run in runs]
    np.testing.assert_array_equal(depths[1], depths[2])
    assert not np.array_equal(depths[0], depths[1], equal_nan=True)


def test_a_bag_without_truth_gives_latency_and_statuses(tmp_path, capsys):
    out = tmp_path / "bag.json"
    assert cli.main(["evaluate", str(sample_bag_path()), "--json", str(out)]) == 0
    said = capsys.readouterr().out
    assert "no truth" in said and "ground" in said and "grounded" in said
    result = json.loads(out.read_text("utf-8"))
    assert (result["instances"], result["overall"], result["boxes3d"]) == (None, None, None)
    assert result["latency_ms"]["total"]["p50"] > 0
    assert len(result["expressions"]) == int(said.split()[0])
    assert {one["exact"] for one in result["expressions"]} == {None}


def test_what_a_bag_cannot_have_is_refused():
    bag = sample_bag_path()
    for conditions in (Conditions("objects"), Conditions(depth_noise="kinect")):
        refused(bag, "got a bag; evaluate the folder", conditions=conditions)


def without_time(result):
    return {key: value for key, value in result.items() if key != "latency_ms"}


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
def test_a_bag_with_its_truth_around_it_gives_the_figures_of_the_folder(real, tmp_path, storage):
    folder, (expected, _, _) = real
    around = shutil.copytree(folder, tmp_path / "scenes")
    bag = make_bag(folder, around / "bag", storage)
    assert without_time(figures(bag, tmp_path)[0]) == without_time(expected)


def test_truth_in_the_bags_own_folder(folder, tmp_path):
    bag = make_bag(folder, tmp_path / "bag")
    shutil.copytree(folder, bag, dirs_exist_ok=True)
    in_bag, dump, _ = figures(bag, tmp_path)
    (tmp_path / "direct").mkdir()
    direct = figures(folder, tmp_path / "direct")[0]
    assert without_time(in_bag) == without_time(direct)
    assert len((dump / "answers.jsonl").read_text("utf-8").splitlines()) == 6


def test_a_bag_with_the_truth_of_another_is_refused(folder, tmp_path):
    bag = make_bag(folder, folder / "bag")
    file = folder / "expressions.json"
    told = json.loads(file.read_text("utf-8"))
    for change, words in (
        (told[:-1], "expected no more instructions, got 'is there a mug"),
        ([*told, {**told[-1], "id": "second-04"}], "second-04 .* got the end"),
    ):
        file.write_text(json.dumps(change), "utf-8")
        results = evaluate([bag], Settings(), Outputs())
        (broken,) = results.broken
        assert re.search(words, broken.reason)
        assert results.scenes == words.startswith("expected no more") + 1  # what came before
    file.write_text(json.dumps(told[1:]), "utf-8")
    refused(bag, "expected the instruction first-02 .* got 'pick up the red box'")


def test_wrong_sources_and_outputs_are_refused_at_once(folder, tmp_path):
    refused(tmp_path / "none", "expected a folder of scenes")
    refused(folder, "expected one of auto, clipseg", BackendError, grounder="clairvoyant")
    missing = tmp_path / "no" / "file"
    refused(folder, "expected a folder", outputs=Outputs(json=missing))
    refused(folder, "expected a folder", outputs=Outputs(report=missing))
    refused(folder, "choose another name", outputs=Outputs(dump=folder))
    with pytest.raises(InputError, match="expected one source"):
        evaluate([folder, tmp_path / "none"], Settings(), Outputs(dump=tmp_path / "dump"))


def test_a_name_that_is_a_path_is_not_written(folder, tmp_path):
    file = folder / "expressions.json"
    file.write_text(file.read_text("utf-8").replace("first-01", "../../first"), "utf-8")
    result = figures(folder, tmp_path, oracle="objects")[0]
    assert [re.search("expected a name for a file", one["reason"]) for one in result["broken"]]
    assert not (tmp_path / "first.png").exists()


def test_a_broken_source_among_others_is_reported_and_the_rest_counts(folder, tmp_path, capsys):
    foreign = tmp_path / "foreign.mcap"
    foreign.write_bytes(b"no bag")
    out = tmp_path / "out.json"
    sources = [str(foreign), str(folder), str(tmp_path / "none")]
    assert cli.main(["evaluate", *sources, "--oracle", "objects", "--json", str(out)]) == 1
    result = json.loads(out.read_text("utf-8"))
    assert [Path(one["source"]).name for one in result["broken"]] == ["none", "foreign.mcap"]
    assert result["overall"]["n"] == 6
    assert result["expressions"][0]["id"] == f"{folder.name}/first-01"
    assert "broken" in capsys.readouterr().out


def test_a_bag_is_asked_something_else_on_every_frame(folder, tmp_path):
    bag = make_bag(folder, tmp_path / "bag")
    results = evaluate([bag], Settings(asked=("find the red box", "the mug")), Outputs())
    assert [one.text for one in results.heard] == ["find the red box", "the mug"] * 2
    assert results.overall is None
