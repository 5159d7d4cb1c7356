"""Two files of figures side by side, with changes that are known by hand."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding_ros import cli
from grounding_ros.errors import InputError
from grounding_ros.evaluation.compare import compare, mcnemar


def told(id, exact, status="grounded", ids=(1,), **more):
    return {
        "id": id,
        "exact": exact,
        "status": status,
        "returned_ids": list(ids),
        "expected_ids": [1],
        **more,
    }


def full(id, exact, scene="s1", kind="count", **more):
    return told(id, exact, **more, scene=scene, kind=kind, text=f'say "{id}"')


def figures(expressions, **sections):
    return {
        "instances": {"recall50": 0.5, "ap50": None},
        "overall": {"n": len(expressions), "exact": 0.9, "acc50": 0.4, "ci95": [0.1, 0.2]},
        "by_kind": {"count": {"exact": 0.25}},
        "boxes3d": None,
        "latency_ms": {"total": {"p50": 10.0}},
        "expressions": expressions,
        "broken": [],
        **sections,
    }


@pytest.fixture
def said(tmp_path):
    """Compare two contents; the lines, with their spaces made single."""

    def compared(old, new):
        for name, content in (("a", old), ("b", new)):
            (tmp_path / f"{name}.json").write_text(json.dumps(content), "utf-8")
        text = compare(tmp_path / "a.json", tmp_path / "b.json")
        assert text == compare(tmp_path / "a.json", tmp_path / "b.json")
        return [" ".join(line.split()) for line in text.splitlines()]

    return compared


OLD = [
    full("one", False, status="not_found", ids=()),
    full("two", True),
    full("three", True, scene="s2", kind="verify"),
    full("four", False, scene="s2", kind="verify", ids=(2,)),
    full("gone", True),
]
NEW = [
    full("one", True),
    full("two", True),
    full("three", False, scene="s2", kind="verify", status="ambiguous", ids=(1, None)),
    full("four", False, scene="s2", kind="verify", ids=(3,)),
    full("added", False),
]


def test_what_got_better_and_what_got_worse(said):
    lines = said(figures(OLD), figures(NEW))
    assert lines[0].endswith("a.json 5 expressions")
    assert lines[1].endswith("b.json 5 expressions, 4 of them in A")
    summary = "1 better, 1 worse, 1 different but no better or worse; p = 1 "
    assert f"{summary}(exact McNemar, two-sided)" in lines
    for title, change in (
        ("better", r'one not_found -> grounded [1] "say \"one\""'),
        ("worse", r'three grounded [1] -> ambiguous [1, ?] "say \"three\""'),
        ("different", r'four grounded [2] -> grounded [3] "say \"four\""'),
        ("only in A", r'gone grounded [1] "say \"gone\""'),
        ("only in B", r'added grounded [1] "say \"added\""'),
    ):
        assert lines[lines.index(title) + 1] == change


def test_shares_are_of_the_expressions_in_both_files(said):
    lines = said(figures(OLD), figures(NEW))
    # of two scenes one gains a half and one loses a half: a draw of two has -0.5, 0 or 0.5
    assert "overall 4 0.500 0.500 +0.000 -0.500 to +0.500" in lines
    assert "count 2 0.500 1.000 +0.500 -" in lines  # one scene tells nothing about others
    assert "verify 2 0.500 0.000 -0.500 -" in lines


def test_a_file_compared_with_itself(said):
    lines = said(figures(OLD), figures(OLD))
    assert "nothing changed: all 5 answers in both files are the same" in lines
    assert "overall 5 0.600 0.600 +0.000 no change" in lines
    assert not {"better", "worse", "different", "only in A", "only in B"} & set(lines)


def test_a_file_without_scenes_is_paired_over_expressions(said):
    old = [told("one", False), told("two", False)]
    new = [told("one", True), told("two", False)]
    lines = said(figures(old), figures(new, by_kind={"count": {"exact": 0.75}}))
    assert "overall 2 0.000 0.500 +0.500 +0.000 to +1.000" in lines
    assert "count - 0.25 0.75 +0.500 -" in lines  # all that such a file says
    assert "one grounded [1] -> grounded [1]" in lines


def test_one_scene_gives_no_interval(said):
    old, new = [full("one", False), full("two", False)], [full("one", True), full("two", False)]
    assert "overall 2 0.000 0.500 +0.500 -" in said(figures(old), figures(new))


def test_other_figures_stand_side_by_side_with_ratios(said):
    old = figures(OLD)
    new = figures(
        OLD,
        instances={"recall50": 0.75, "ap50": 0.5},
        overall={"n": 5, "exact": 0.1, "acc50": 0.0},
        boxes3d={"center_median_m": 0.012},
        latency_ms={"total": {"p50": 25.0}, "lift": {"p50": 1.5}},
        live={"answers": 3, "heard_ms": {"p50": 7.0}},
    )
    lines = said(old, new)
    for line in (
        "overall acc50 0.4 0 0.000",
        "instances recall50 0.5 0.75 1.500",
        "instances ap50 - 0.5 -",
        "boxes3d center_median_m - 0.012 -",
        "latency_ms total p50 10 25 2.500",
        "latency_ms lift p50 - 1.5 -",
        "live heard_ms p50 - 7 -",
    ):
        assert line in lines
    assert not [line for line in lines if line.startswith("overall ci95")]


def test_answers_without_truth_have_statuses_and_latency_only(said):
    old = [told("one", None), told("two", None, status="not_found", ids=())]
    new = [told("one", None), told("two", None)]
    none = {"instances": None, "overall": None, "by_kind": {}}
    lines = said(figures(old, **none), figures(new, **none))
    assert "exact -: no answer in both files is known to be right or wrong" in lines
    assert "two not_found -> grounded [1]" in lines
    assert lines[lines.index("different") + 1].startswith("two")


def test_files_of_different_folders_share_nothing(said):
    lines = said(figures([full("one", True)]), figures([full("two", True)]))
    assert "exact -: no answer in both files is known to be right or wrong" in lines
    assert "only in A" in lines and "only in B" in lines
    assert "no expression is in both files" in lines


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_the_other_way_round_better_is_worse(tmp_path_factory, both):
    folder = tmp_path_factory.mktemp("swap")
    for name, side in (("a", 0), ("b", 1)):
        content = figures([full(str(k), pair[side]) for k, pair in enumerate(both)])
        (folder / f"{name}.json").write_text(json.dumps(content), "utf-8")
    better, worse = both.count((False, True)), both.count((True, False))
    for a, b, more, less in (("a", "b", better, worse), ("b", "a", worse, better)):
        text = compare(folder / f"{a}.json", folder / f"{b}.json")
        expected = f"\n{more} better, {less} worse," if better + worse else "\nnothing changed"
        assert expected in text


@pytest.mark.parametrize(
    ("better", "worse", "p"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),
        (3, 3, 1.0),
        (5, 0, 2 / 32),
        (7, 2, 2 * (1 + 9 + 36) / 512),
        (16, 0, 2 / 65536),
    ],
)
def test_the_exact_test_of_mcnemar(better, worse, p):
    assert mcnemar(better, worse) == mcnemar(worse, better) == pytest.approx(p, rel=1e-12)


def test_thousands_of_changes_are_no_matter():
    assert mcnemar(1500, 1500) == 1.0
    assert 0 <= mcnemar(3000, 1000) < 1e-200


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "JSON, got"),
        ("[]", "the file to be a dict, got list"),
        ('{"overall": null}', "an entry 'instances'"),
        (figures([{"exact": True, "status": "grounded"}]), r"id of expressions\[0\] to be a str"),
        (figures([7]), r"expressions\[0\] to be a dict, got int"),
        (figures([told("one", "yes")]), r"exact of expressions\[0\] to be a bool, got str"),
        (figures([told("one", True), told("one", True)]), "every id once, got 'one' twice"),
        (figures([], instances=[1]), "instances to be a dict, got list"),
        (figures([], boxes3d={"n": "many"}), "a number as boxes3d n, got 'many'"),
        (
            figures([], latency_ms={"total": {"p50": float("nan")}}),
            "a number as latency_ms total p50, got nan",
        ),
        (figures([], by_kind={"count": 0.5}), "by_kind count to be a dict, got float"),
        (
            figures([], by_kind={"count": {"exact": True}}),
            "a number as exact of by_kind count, got True",
        ),
    ],
)
def test_anything_else_is_refused(tmp_path, content, words):
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(figures([])), "utf-8")
    bad.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    for pair in ((good, bad), (bad, good)):
        with pytest.raises(InputError, match=f"bad.json: expected {words}"):
            compare(*pair)


def test_no_file_and_no_text_are_refused(tmp_path):
    picture = tmp_path / "picture.json"
    picture.write_bytes(b"\x89PNG\xff")
    for path, words in ((tmp_path / "none.json", "readable file"), (picture, "expected JSON")):
        with pytest.raises(InputError, match=words):
            compare(path, path)


def test_the_command_compares_what_the_command_wrote(folder, tmp_path, capsys):
    paths = []
    for oracle in ("names", "objects"):
        paths.append(str(tmp_path / f"{oracle}.json"))
        assert cli.main(["evaluate", str(folder), "--oracle", oracle, "--json", paths[-1]]) == 0
    capsys.readouterr()
    assert cli.main(["evaluate", "--compare", *paths]) == 0
    said = capsys.readouterr().out
    assert "first-01" in said and '"pick up the red box"' in said and "better" in said
    assert cli.main(["evaluate", "--compare", paths[0], paths[0]]) == 0
    assert "nothing changed: all 6 answers" in capsys.readouterr().out
    assert cli.main(["evaluate", str(folder), "--compare", *paths]) == 2
    assert "expected two files and no SOURCE" in capsys.readouterr().err
    assert cli.main(["evaluate", "--compare", paths[0], str(folder)]) == 2
    assert "expected a readable file" in capsys.readouterr().err
