"""Where weights lie, and what is told when they do not."""

import json
from dataclasses import replace

import pytest

from grounding_ros.errors import BackendError
from grounding_ros.perception.models.cards import CARDS
from grounding_ros.perception.models.store import (
    CHECKSUMS,
    default_root,
    find,
    models_root,
    record,
)
from grounding_ros.perception.parameters import PerceptionParameters

CARD = CARDS["sam2"]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sam2").mkdir()
    for name in CARD.files:
        (tmp_path / "sam2" / name).write_text(name)
    return tmp_path / "sam2"


def test_the_root_is_the_parameter_or_the_cache(monkeypatch, tmp_path):
    parameters = PerceptionParameters()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert models_root(parameters) == default_root() == tmp_path / "grounding_ros" / "models"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/robot")
    assert str(default_root()) == "/home/robot/.cache/grounding_ros/models"
    assert str(models_root(replace(parameters, weights="~/mine"))) == "/home/robot/mine"


def test_a_folder_that_was_filled_by_hand_is_taken(folder):
    assert find("sam2", folder.parent) == folder


def test_every_missing_file_is_named_with_its_place(folder):
    (folder / "model.safetensors").unlink()
    with pytest.raises(BackendError) as raised:
        find("sam2", folder.parent)
    assert str(raised.value) == (
        f"sam2: expected model.safetensors of {CARD.hub_id} in {folder}, got none; run "
        "`grounding-ros models pull sam2`, or copy them there from a machine that has them"
    )
    with pytest.raises(BackendError, match=f"expected {', '.join(CARD.files)} of"):
        find("sam2", folder.parent / "elsewhere")


@pytest.mark.parametrize("file", ["model.safetensors", "config.json"])
def test_a_changed_or_lost_file_is_found_out(folder, file):
    record(folder, CARD.hub_id, "c0ffee")
    find("sam2", folder.parent)
    (folder / file).write_text("changed")
    with pytest.raises(BackendError, match=rf"expected .*{file} with the SHA-256"):
        find("sam2", folder.parent)


def test_a_recorded_file_beyond_the_needed_ones_must_be_there_too(folder):
    extra = folder / "chat_template.json"
    extra.write_text("{}")
    record(folder, CARD.hub_id, "c0ffee")
    extra.unlink()
    with pytest.raises(BackendError, match="got no file"):
        find("sam2", folder.parent)


@pytest.mark.parametrize("text", ["", "[]", '{"files": {}}', json.dumps({"sha": 1})])
def test_an_unreadable_record_is_no_reason_to_trust(folder, text):
    (folder / CHECKSUMS).write_text(text)
    with pytest.raises(BackendError, match="expected hub_id, commit and files as JSON"):
        find("sam2", folder.parent)


def test_an_unknown_model_lists_the_known(tmp_path):
    with pytest.raises(BackendError, match=r"expected one of .*edgetam.*; got 'yolo'"):
        find("yolo", tmp_path)
