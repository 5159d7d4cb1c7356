"""`grounding-ros models`: what it prints, and its status."""

import json

import cv2
import numpy as np
import pytest

from grounding_ros import cli
from grounding_ros.errors import InputError
from grounding_ros.models_command import actions
from grounding_ros.models_command.pictures import pictures_of
from grounding_ros.perception.exported.opening import Trial
from grounding_ros.perception.exported.parity import Deviation
from grounding_ros.perception.exported.providers import CPU, TENSORRT, Route
from grounding_ros.perception.models.card_page import as_page
from grounding_ros.perception.models.cards import CARDS
from grounding_ros.perception.models.store import Record


@pytest.fixture
def models(tmp_path, capsys):
    """Run it on a store of its own; returns status, output and error."""

    def run(*arguments):
        status = cli.main(["models", *arguments, "--weights", str(tmp_path)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_the_list_tells_what_is_here(models, tmp_path):
    for name, files in (("sam2", CARDS["sam2"].files), ("owlv2", ["config.json"])):
        (tmp_path / name).mkdir()
        for file in files:
            (tmp_path / name / file).touch()
    status, output, _ = models("list")
    here = {row.split()[0]: row for row in output.splitlines()}
    assert status == 0
    assert set(CARDS) <= set(here)
    assert " yes " in here["sam2"]
    assert " partly " in here["owlv2"]
    assert " no " in here["sam3"]
    assert output.endswith(f"in {tmp_path}\n")


def test_a_card_is_printed(models):
    assert models("info", "llmdet")[:2] == (0, as_page(CARDS["llmdet"]))


def test_pull_prints_the_commit_the_checksums_and_the_terms(models, monkeypatch, tmp_path):
    asked = []

    def pull(name, root):
        asked.append((name, root))
        return Record("facebook/sam3", "c0ffee", {"config.json": "abc"})

    monkeypatch.setattr(actions, "pull", pull)
    status, output, _ = models("pull", "sam3")
    assert (status, asked) == (0, [("sam3", tmp_path)])
    assert output.splitlines() == [
        CARDS["sam3"].notice,
        f"facebook/sam3 at c0ffee is in {tmp_path / 'sam3'}",
        "abc  config.json",
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["info"], "models info: expected the NAME of a model, got none"),
        (["info", "yolo"], "expected one of clipseg"),
        (["export", "owlv2", "--size", "big"], "--size: expected WIDTHxHEIGHT as 960x544"),
        (["export", "owlv2"], "owlv2: expected config.json"),
        (["verify", "owlv2"], "expected one export in"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(models, arguments, sentence):
    status, _, error = models(*arguments)
    assert status == 2
    assert sentence in error


def test_a_library_that_is_not_installed_is_named(models, monkeypatch):
    def without_torch(*_):
        raise ModuleNotFoundError("No module named 'torch'", name="torch")

    monkeypatch.setitem(actions._ACTIONS, "export", without_torch)
    status, _, error = models("export", "owlv2")
    assert status == 2
    assert "models export: expected the library 'torch', which is not installed" in error


@pytest.mark.parametrize(
    ("values", "status"),
    [((1e-4, 0.5), 0), ((0.5, 1e-4), 0), ((0.5, np.nan), 1)],
)
def test_verify_fails_when_no_provider_agrees(models, monkeypatch, tmp_path, values, status):
    from grounding_ros.perception.exported import verifying

    folder = tmp_path / "owlv2-960x960"
    folder.mkdir()
    manifest = {"model": "owlv2", "size": [960, 960], "text_length": 16, "graphs": {}}
    manifest |= {"parting": [], "made_with": {}, "schema": 1}
    (folder / "export.json").write_text(json.dumps(manifest))
    routes = (Route(TENSORRT, "fp16"), Route(CPU, "fp32"))
    made = [
        Trial(route, (Deviation("image.boxes", value, 1e-3),))
        for route, value in zip(routes, values, strict=True)
    ]
    monkeypatch.setattr(verifying, "trials", lambda *_: iter(made))
    got, output, _ = models("verify", "owlv2")
    assert got == status
    assert output.count("refused") == sum(trial.is_refused for trial in made)
    assert output.count("agrees with torch") == 2 - output.count("refused")
    assert "compared with what torch made of pictures at export" in output


def test_pictures_are_the_users_or_the_samples(tmp_path):
    for number in range(10):
        picture = np.full((4, 6, 3), (255, 0, number), np.uint8)  # blue, as OpenCV writes it
        cv2.imwrite(str(tmp_path / f"{number}.png"), picture)
    own = pictures_of(tmp_path, 4)
    assert [tuple(one[0, 0]) for one in own] == [(n, 0, 255) for n in (0, 2, 4, 6)]
    pytest.importorskip("rosbags.rosbag2", reason="rosbags reads bags")
    sample = pictures_of(None, 4)
    assert {one.shape for one in sample} == {(480, 640, 3)}
    assert len(sample) == 4
    assert not np.array_equal(sample[0], sample[3])


def test_a_folder_without_pictures_is_told(models, tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(InputError, match="which cannot be read"):
        pictures_of(tmp_path, 1)
    with pytest.raises(InputError, match="expected png or jpg files"):
        pictures_of(tmp_path / "nowhere", 1)
