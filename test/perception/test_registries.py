import subprocess
import sys

import pytest

from grounding_ros.errors import BackendError, InputError
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.perception import grounders
from grounding_ros.perception.grounders import GROUNDERS, build_grounder
from grounding_ros.perception.models.cards import CARDS
from grounding_ros.perception.parameters import PerceptionParameters
from grounding_ros.perception.segmenters import SEGMENTERS, build_segmenter


@pytest.mark.parametrize("name", sorted({"geometric", "scripted"}))
def test_every_known_grounder_can_be_built(name):
    assert name in GROUNDERS
    assert hasattr(build_grounder(PerceptionParameters(grounder=name), SupportPlanes()), "ground")


@pytest.mark.parametrize("name", sorted({"box", "depth"}))
def test_every_known_segmenter_can_be_built(name):
    assert name in SEGMENTERS
    built = build_segmenter(PerceptionParameters(segmenter=name), SupportPlanes())
    assert hasattr(built, "segment")


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(BackendError, match=r"geometric, .*scripted.*'owl'"):
        build_grounder(PerceptionParameters(grounder="owl"), SupportPlanes())
    with pytest.raises(BackendError, match=r"box, .*depth.*'sam9'"):
        build_segmenter(PerceptionParameters(segmenter="sam9"), SupportPlanes())


def test_every_model_with_weights_has_a_card():
    plain = {"auto", "geometric", "scripted", "tabletop", "box", "depth", "onnx"}
    assert (set(GROUNDERS) | set(SEGMENTERS)) - plain == set(CARDS)
    assert all(name == card.name for name, card in CARDS.items())


@pytest.mark.parametrize("name", sorted({"grounding_dino", "owlv2", "omdet_turbo"}))
def test_a_model_whose_files_are_missing_says_where_they_go(name, tmp_path):
    pytest.importorskip("transformers", reason="needs the extra models")
    parameters = PerceptionParameters(grounder=name, weights=str(tmp_path), device="cpu")
    with pytest.raises(BackendError, match=rf"{name}: expected config\.json.* pull {name}"):
        build_grounder(parameters, SupportPlanes())


def test_a_library_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "grounding_ros.perception.models.device", raising=False)
    monkeypatch.delitem(
        sys.modules, "grounding_ros.perception.grounders.omdet_turbo", raising=False
    )
    with pytest.raises(BackendError, match="omdet_turbo: expected the library 'torch', which is"):
        build_grounder(PerceptionParameters(grounder="omdet_turbo"), SupportPlanes())


def test_the_geometric_pipeline_needs_no_library_of_models():
    code = (
        "import sys; from grounding_ros.pipeline import PipelineParameters, build_pipeline\n"
        "from grounding_ros.perception.parameters import PerceptionParameters\n"
        "perception = PerceptionParameters(grounder='geometric')\n"
        "build_pipeline(PipelineParameters(perception=perception)).close()\n"
        "print([name for name in ('torch', 'onnxruntime', 'transformers') if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_the_default_is_the_bundled_model_where_its_runtime_is_installed():
    pytest.importorskip("onnxruntime", reason="needs the extra cpu")
    built = build_grounder(PerceptionParameters(), SupportPlanes())
    assert built.notes.in_use.startswith("tabletop") and built.notes.refused == ()


def test_without_the_runtime_the_default_is_geometric_and_says_why(monkeypatch):
    monkeypatch.setattr(grounders, "find_spec", lambda name: None)
    built = build_grounder(PerceptionParameters(), SupportPlanes())
    assert built.notes.in_use == "geometric"
    assert "onnxruntime is not installed; pip install" in built.notes.refused[0]


def test_a_parameter_out_of_range_is_refused():
    with pytest.raises(InputError, match="max_height"):
        PerceptionParameters(max_height=-1.0)


def test_nothing_is_imported_before_it_is_built():
    code = (
        "import sys, grounding_ros.perception.grounders, grounding_ros.perception.segmenters\n"
        "names = [name for name in sys.modules if name.startswith('grounding_ros.perception')]\n"
        "late = ('.geometric', '.scripted', '.depth', '.box')\n"
        "print([name for name in names if name.endswith(late)])\n"
        "print([name for name in ('torch', 'onnxruntime', 'transformers') if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.split("\n")[:2] == ["[]", "[]"]
