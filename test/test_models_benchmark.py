"""The benchmark of models runs and prints sane numbers, on a tiny one; how fast is not judged."""

import sys
from argparse import Namespace
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the extra models")
pytest.importorskip("transformers", reason="needs the extra models")

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
pytestmark = pytest.mark.skipif(
    not BENCHMARKS.is_dir(), reason="an installed package has no benchmarks"
)


@pytest.fixture(scope="module")
def benchmark(tmp_path_factory):
    """The module, and what it measures of a tiny OWLv2 and SAM 2."""
    import tiny_detectors
    import tiny_masks

    root = tmp_path_factory.mktemp("models")
    tiny_detectors.owl(root / "owlv2")
    tiny_masks.sam2(root / "sam2")
    sys.path.insert(0, str(BENCHMARKS))
    try:
        import models
    finally:
        sys.path.remove(str(BENCHMARKS))
    given = Namespace(
        weights=root,
        device="cpu",
        short=True,
        rounds=2,
        counts=None,
        precision="auto",
        compile="none",
    )
    return models, [models.measured(name, given) for name in ("owlv2", "sam2")]


def test_every_stage_of_ours_is_measured(benchmark):
    _, results = benchmark
    for result in results:
        assert 0 < result["load_s"] < 60
        assert result["memory_mib"] > 50
        assert [(row["size"], row["count"]) for row in result["rows"]] == [
            ("640x480", 1),
            ("640x480", 4),
        ]
        for row in result["rows"]:
            for stage in ("frame", "phrase"):
                assert 0 < row["ours"][stage]["p50"] <= row["ours"][stage]["p95"] < 60_000


def test_new_phrases_are_hardly_ever_known_ones(benchmark):
    import numpy as np

    models, _ = benchmark
    asked = [phrase.text for phrase in models.phrases(50, np.random.default_rng(0))]
    assert len(set(asked)) > 45
    assert all(len(text.split()) == 3 for text in asked)


def test_the_table_shows_ratios_against_the_rivals(benchmark):
    models, _ = benchmark
    times = {"p50": 20.0, "p95": 30.0, "cpu": 10.0}
    slower = {"p50": 80.0, "p95": 90.0, "cpu": 40.0}
    row = {
        "size": "640x480",
        "count": 4,
        "ours": {"frame": times, "phrase": times},
        "plain": {"frame": slower, "phrase": slower},
    }
    result = {"model": "owlv2", "load_s": 1.0, "warm_up_s": 2.0, "memory_mib": 600, "rows": [row]}
    head, _, ours, plain = models.table(result)
    assert head == "owlv2: load 1.0 s, warm-up 2.0 s, memory 600 MiB"
    assert ours.split() == ["640x480", "4", "ours", "20.0", "/", "30.0", "20.0", "/", "30.0"]
    assert plain.split()[-2:] == ["x4.0", "x4.0"]
    (failed,) = models.table({"model": "sam3", "failed": 137, "rows": []})
    assert failed == "sam3: ended with 137"
