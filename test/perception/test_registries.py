import subprocess
import sys

import pytest

from grounding_ros.errors import BackendError, InputError
from grounding_ros.geometry.plane import SupportPlanes
from grounding_ros.perception.grounders import GROUNDERS, build_grounder
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
    with pytest.raises(BackendError, match=r"box, .*depth.*'sam'"):
        build_segmenter(PerceptionParameters(segmenter="sam"), SupportPlanes())


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
