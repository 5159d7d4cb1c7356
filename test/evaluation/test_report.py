"""The page of an evaluation: whole in one file, and with every figure and answer in it."""

import base64
import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding_ros import cli
from grounding_ros.errors import InputError
from grounding_ros.evaluation.evaluate import Outputs, evaluate
from grounding_ros.evaluation.live_counts import LiveCounts
from grounding_ros.evaluation.metrics.boxes3d import BoxError
from grounding_ros.evaluation.metrics.judgement import Judgement
from grounding_ros.evaluation.metrics.scores import box_scores, scores
from grounding_ros.evaluation.record import Broken, Heard, SceneRecord
from grounding_ros.evaluation.report.axes import Axis, linear_axis, log_axis
from grounding_ros.evaluation.report.errors import medians
from grounding_ros.evaluation.report.evidence import (
    AnswerEvidence,
    Outline,
    SceneEvidence,
    SeenObject,
)
from grounding_ros.evaluation.report.report import conditions_of, report, write_report
from grounding_ros.evaluation.results import Results, Step, summarize
from grounding_ros.evaluation.runner import Conditions
from grounding_ros.evaluation.sample import sample_bag_path
from grounding_ros.evaluation.work import Settings

EVIL = """<script>alert("1")</script> & 'more'"""
CONDITIONS = (("sources", "tables"), ("grounder", "geometric"))
VOID = frozenset({"meta", "input"})


class Elements(HTMLParser):
    """Every element, what is open at the end, the rows of every table, and every card's words."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open, self.tables, self.cards, self.notes = [], [], {}, [], []
        self.rows, self.in_caption = [], False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.found.append((tag, given))
        if tag not in VOID:
            self.open.append((tag, given.get("class")))
        if tag == "caption":
            self.caption = ""
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif (tag, given.get("class")) == ("details", "answer"):
            self.cards.append((given, []))
        elif (tag, given.get("class")) == ("p", "note"):
            self.notes.append("")

    def handle_startendtag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag
        if tag == "table":
            self.tables[self.caption], self.rows = self.rows, []

    def handle_data(self, data):
        tags = [tag for tag, _ in self.open]
        if "caption" in tags:
            self.caption += data
        elif "td" in tags or "th" in tags:
            self.rows[-1][-1] += data
        if "details" in tags:
            self.cards[-1][1].append(data)
        if ("p", "note") in self.open:
            self.notes[-1] += data

    def named(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


def judged(number, exact, kind="attribute", **more):
    scene = f"scene{number % 2}"
    given = {"status": "grounded", "returned_ids": (2,), "expected_ids": (1,), "mask_iou": 0.5}
    given |= {"top_iou": 0.6, "first_hit": 0, "timings_ms": {"ground": 20.0, "total": 30.0}} | more
    return Judgement(id=f"{scene}-{number}", scene=scene, kind=kind, exact=exact, **given)


def told(one, **more):
    """The evidence of a judgement."""
    square = ((3, 2), (9, 2), (9, 8), (3, 8))
    outlines = (
        Outline("candidate", "blue can", (1, 1, 5, 5), 1),
        Outline("returned", "red box", (3, 2, 10, 9), 2, (square,)),
        Outline("expected", "red mug", (3, 2, 10, 9), 1, (square,)),
    )
    given = {"text": f"find {one.id}", "message": "I found a red box", "question": ""}
    given |= {"trace": ("red box: 1 of 2",), "total_ms": 30.0, "outlines": outlines} | more
    return AnswerEvidence(
        id=one.id,
        kind=one.kind,
        status=one.status,
        exact=one.exact,
        returned_ids=one.returned_ids,
        expected_ids=one.expected_ids,
        fault="" if one.exact else "wrong object",
        **given,
    )


def results_of(judgements, **more):
    """Results in which every scene has its picture."""
    scenes = sorted({one.scene for one in judgements})
    records = []
    for name in scenes:
        here = tuple(one for one in judgements if one.scene == name)
        jpeg = f"picture of {name}".encode()
        evidence = SceneEvidence(name, (48, 64), jpeg, tuple(told(one) for one in here))
        baselines = {"silence": tuple(replace(one, exact=False) for one in here)}
        records.append(
            SceneRecord(Path("s"), name, None, here, baselines=baselines, evidence=evidence)
        )
    results = summarize(records)
    known = {"overall": scores(judgements), "boxes3d": box_scores(judgements)}
    return replace(results, **(known | more))


@pytest.fixture
def results():
    return results_of([judged(0, True), judged(1, False), judged(2, False, "count", count=2)])


def test_the_figures_are_those_of_the_results(results):
    page = report(results, CONDITIONS)
    tables = Elements(page).tables
    head, overall, attribute, count, group, silence = tables["Right answers"]
    assert head[:4] == ["", "n", "exact, %", "95 % interval"]
    assert overall[:3] == ["overall", "3", "33.3"]
    assert attribute[:3] == ["attribute", "2", "50.0"]
    assert (count[-2], count[-1]) == ("0.0", "1.00")
    assert (attribute[-2], attribute[-1]) == ("-", "-")
    assert (group, silence[:3]) == (["Baselines"], ["silence", "3", "0.0"])
    assert tables["What is wrong with the wrong answers"] == [
        ["", "wrong object", "wrong"],
        ["attribute", "1", "1 of 2"],
        ["count", "1", "1 of 1"],
        ["overall", "2", "2 of 3"],
    ]
    assert tables["Statuses"] == [["", "answers", "right"], ["grounded", "3", "1"]]
    assert tables["Milliseconds by stage"][1:] == [
        ["ground", "3", "20.00", "20.00", "20.00"],
        ["total", "3", "30.00", "30.00", "30.00"],
    ]
    assert "Evaluation of tables" in page and "geometric" in page


def test_what_was_asked_for_besides(results):
    results = replace(
        results,
        waterfall=(Step("", 0.25, {"count": 0.0}), Step("masks", 0.5, {"count": 1.0})),
        broken=(Broken(Path("gone/there.mcap"), "expected a bag"),),
        live=LiveCounts(2.0, 10.0, 5, 4, 1, 30, 0, 40, 2, 21.0, 39, 9),
    )
    tables = Elements(report(results, CONDITIONS)).tables
    assert tables["What each stage owns of the error"][1:] == [
        ["none", "25.0", "-", "0.0"],
        ["masks", "50.0", "+25.0", "100.0"],
    ]
    assert tables["Broken sources"][1:] == [["there.mcap", "expected a bag"]]
    live = dict(tables["Played to a running node"][1:])
    assert live["instructions answered"] == "4 of 5"
    assert (live["images sent"], live["lost"], live["skipped"]) == ("40", "1", "9")


def test_every_answer_has_a_card_and_wrong_ones_are_open(results):
    cards = Elements(report(results, CONDITIONS)).cards
    assert [(given["data-kind"], given["data-result"], "open" in given) for given, _ in cards] == [
        ("attribute", "right", False),
        ("count", "wrong", True),
        ("attribute", "wrong", True),
    ]
    words = " ".join(cards[2][1])
    for part in ("find scene1-1", "wrong object", "I found a red box", "red box: 1 of 2"):
        assert part in words
    assert "2 red box (true object 2)" in words
    assert "red mug (true object 1)" in words
    assert "30.0 ms" in words


def test_an_answer_without_truth_is_shown_and_not_judged():
    heard = Heard("000000", "the mug", "grounded", {"total": 3.0})
    unknown = told(judged(0, True), text="the mug", message="found")
    unknown = replace(unknown, exact=None, kind="", returned_ids=(), expected_ids=())
    evidence = SceneEvidence("bag-000000", (48, 64), b"picture", (unknown,))
    results = summarize([SceneRecord(Path("bag"), "bag-000000", heard=(heard,), evidence=evidence)])
    page = report(results, CONDITIONS)
    elements = Elements(page)
    ((given, words),) = elements.cards
    assert (given["data-result"], "open" in given) == ("no truth", True)
    assert "2 red box" in words and "Expected" not in words
    assert elements.tables.keys() == {"Statuses", "Milliseconds by stage"}
    assert any("need true objects" in note for note in elements.notes)


def test_a_question_of_yes_and_no():
    one = judged(0, False, "verify", returned_ids=(), expected_ids=())
    results = results_of([one])
    (scene,) = results.evidence
    verify = replace(scene.answers[0], truth=True, expected_truth=False, outlines=())
    results = replace(results, evidence=(replace(scene, answers=(verify,)),))
    ((_, words),) = Elements(report(results, CONDITIONS)).cards
    assert words[words.index("Said") + 1] == "yes"
    assert words[words.index("Right") + 1] == "no"


def test_a_picture_and_an_outline_are_in_the_page_once(results):
    page = report(results, CONDITIONS)
    elements = Elements(page)
    images = {given["id"]: given["href"] for given in elements.named("image")}
    data = [base64.b64decode(href.partition(",")[2]) for href in images.values()]
    assert data == [b"picture of scene0", b"picture of scene1"]
    used = [given["href"] for given in elements.named("use")]
    assert [used.count(f"#{name}") for name in images] == [2, 1]
    known = images.keys() | {given.get("id") for given in elements.named("path")}
    assert {name[1:] for name in used} <= known
    assert page.count("M3 2l6 0 0 6 -6 0z") == 2  # the same square in each of the two scenes
    assert page.count("M1 1H5V5H1z") == 2  # the box of what has no mask


def test_the_page_needs_nothing_from_outside(results):
    page = report(results, CONDITIONS)
    assert not re.search(r"https?:|//[a-z]|@import|url\(", page)
    elements = Elements(page)
    assert elements.open == []
    assert not elements.named("link")
    assert all("src" not in given for given in elements.named("script"))
    links = [given["href"] for _, given in elements.found if "href" in given]
    assert all(link.startswith(("data:", "#")) for link in links)


def test_every_picture_has_words_for_those_who_do_not_see_it(results):
    elements = Elements(report(results, CONDITIONS))
    for svg in elements.named("svg"):
        assert svg.get("aria-hidden") == "true" or (svg["role"] == "img" and svg["aria-label"])
    drawings = [one for one in elements.named("svg") if one.get("class") == "picture"]
    assert drawings[0]["aria-label"] == (
        "The scene; returned: red box; expected: red mug; considered: 1 others"
    )


def test_texts_are_escaped(results):
    def evil(one):
        outlines = tuple(replace(outline, label=EVIL) for outline in one.outlines)
        given = {name: EVIL for name in ("id", "text", "kind", "status", "message", "question")}
        return replace(one, **given, trace=(EVIL,), fault=EVIL, outlines=outlines)

    judgements = [replace(judged(0, False), kind=EVIL, status=EVIL, timings_ms={EVIL: 1.0})]
    results = results_of(judgements, broken=(Broken(Path(EVIL), EVIL),))
    scenes = [
        replace(scene, scene=EVIL, answers=tuple(map(evil, scene.answers)))
        for scene in results.evidence
    ]
    named = {EVIL: next(iter(results.baselines.values()))}
    by_kind = {EVIL: next(iter(results.baselines_by_kind.values()))}
    results = replace(results, evidence=tuple(scenes), baselines=named, baselines_by_kind=by_kind)
    elements = Elements(report(results, (("sources", EVIL), (EVIL, EVIL))))
    assert elements.open == []
    assert len(elements.named("script")) == 1
    assert elements.cards[0][0]["data-kind"] == EVIL


def test_what_is_left_out_is_said(results):
    first = results.evidence[0]
    cut = replace(first.answers[1], drawn=False, outlines=())
    first = replace(first, answers=(first.answers[0], cut))
    elements = Elements(report(replace(results, evidence=(first,)), CONDITIONS))
    assert elements.notes[-2].startswith("1 more answers are not listed")
    assert "1 of the 2 answers are without, 1 of them not known to be right" in elements.notes[-2]
    assert elements.notes[-1] == "Not drawn: the page is full."
    assert "not listed" not in report(results, CONDITIONS)


def test_results_without_an_answer_still_make_a_page():
    nothing = Results(0, None, None, {}, {}, None, {}, {}, ())
    elements = Elements(report(nothing, ()))
    assert (elements.open, elements.cards) == ([], [])


def titles(page):
    return re.findall(r"<figcaption>(.*?)</figcaption>", page)


def test_errors_are_drawn_in_metres_where_poses_are_known(results):
    error = BoxError(0.01, 0.0, 1.0, None, 0.2, 0.8)
    nameless = replace(error, distance_m=None)
    boxes = results_of([judged(0, True, boxes3d=(error, nameless))])
    page = report(boxes, CONDITIONS)
    assert "Error of the centre by distance" in titles(page)
    assert "Error of the centre by size" in titles(page)
    assert page.count('class="point"') == 3  # one of the two is nowhere in distance
    seen = replace(results.evidence[0], objects=(SeenObject(0.75, 30.0, 0.9),))
    masks = report(replace(results, evidence=(seen,)), CONDITIONS)
    assert "Mask IoU by distance" in titles(masks)
    assert masks.count('class="point"') == 2
    assert "Mask IoU by distance" not in titles(report(results, CONDITIONS))


def test_the_median_of_each_fifth():
    points = [(float(k), float(-k)) for k in range(25)]
    assert medians(points[::-1]) == ((2, -2), (7, -7), (12, -12), (17, -17), (22, -22))
    assert medians(points[:19]) == ()


POSITIVE = st.floats(1e-6, 1e6)


@given(st.lists(POSITIVE, min_size=1), st.booleans())
def test_an_axis_holds_all_values_between_its_ends(values, is_log):
    axis = log_axis(values, 10, 200, 1e-6) if is_log else linear_axis(values, 10, 200)
    slack = 1e-6 * (axis.high - axis.low)
    assert axis.low - slack <= min(values) and max(values) <= axis.high + slack
    assert 10 <= axis(min(values)) <= axis(max(values)) <= 200
    assert (axis(axis.low), axis(axis.high)) == (10, 200)


@given(st.lists(POSITIVE, min_size=1))
def test_a_linear_axis_has_few_round_steps(values):
    ticks = linear_axis(values, 10, 200).ticks
    assert 2 <= len(ticks) <= 8
    (step,) = {float(f"{b - a:.3g}") for a, b in pairwise(ticks)}
    assert f"{step:e}"[0] in "125"
    assert f"{step:e}"[2:8] == "000000"


@given(st.lists(POSITIVE, min_size=1))
def test_a_logarithmic_axis_has_few_powers_of_ten(values):
    ticks = log_axis(values, 10, 200, 1e-6).ticks
    assert 2 <= len(ticks) <= 7
    assert all(math.isclose(math.log10(tick), round(math.log10(tick))) for tick in ticks)


def test_the_ticks_of_known_axes():
    assert linear_axis([0.57, 1.22], 0, 1).ticks == pytest.approx([0.4, 0.6, 0.8, 1.0, 1.2, 1.4])
    assert Axis(0, 100, 0, 1).ticks == (0, 20, 40, 60, 80, 100)
    assert log_axis([0.3, 40], 0, 1, 0.01).ticks == pytest.approx([0.1, 1, 10, 100])
    assert linear_axis([5.0], 0, 100)(5.0) in (0, 100)
    assert math.isclose(log_axis([0.0], 0, 1, 0.01).low, 0.01)


def test_the_conditions_are_said(tmp_path):
    settings = Settings("hf", Conditions("masks", "kinect"), ("the mug", "the box"))
    said = dict(conditions_of([tmp_path / "a", tmp_path / "b.mcap"], settings))
    assert said["sources"] == "a, b.mcap"
    assert (said["grounder"], said["oracle"]) == ("hf", "masks")
    assert (said["noise of the depth"], said["asked"]) == ("kinect", "the mug; the box")


def test_a_report_of_a_folder_and_of_a_bag(folder, tmp_path):
    page = tmp_path / "page.html"
    sources = [str(folder), str(sample_bag_path())]
    assert cli.main(["evaluate", *sources, "--oracle", "objects", "--report", str(page)]) == 1
    assert cli.main(["evaluate", *sources, "--report", str(page)]) == 0
    elements = Elements(page.read_text("utf-8"))
    texts = [
        next(word for word in words if word.strip() not in "✓✗·") for _, words in elements.cards
    ]
    assert texts[0] == "pick up the red box"
    assert len(texts) > 6
    assert any(f"{folder.name}/first-01" in word for word in elements.cards[0][1])


def test_a_page_that_cannot_be_written_is_an_error(results, tmp_path):
    with pytest.raises(InputError, match="expected a writable file"):
        write_report(tmp_path, results, CONDITIONS)


def test_the_page_of_real_tables_is_small(tmp_path):
    folder = Path(__file__).resolve().parents[3] / "shared" / "data" / "mosd_tabletop"
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent: real data is not shipped")
    page = tmp_path / "page.html"
    results = evaluate([folder], Settings(), Outputs(report=page))
    assert len(Elements(page.read_text("utf-8")).cards) == len(results.judgements) == 92
    assert page.stat().st_size < 5e6  # 0.75 MB when this was written
