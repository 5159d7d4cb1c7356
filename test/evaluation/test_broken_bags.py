"""Bags that are not as they should be: figures as far as there are any, and a sentence."""

import json
import re
import shutil
import sqlite3
import time
import zipfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from damaged_bags import bag_of, chunked_mcap, chunks_of, without_index
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from grounding_ros import cli
from grounding_ros.errors import InputError
from grounding_ros.evaluation.bag_run import EVERYTHING
from grounding_ros.evaluation.bags.messages import (
    camera_info,
    color_image,
    compressed_color,
    depth_image,
    string,
    tf,
)
from grounding_ros.evaluation.bags.writer import make_bag
from grounding_ros.evaluation.evaluate import Outputs, evaluate
from grounding_ros.evaluation.record import Broken
from grounding_ros.evaluation.work import Job, JobRunner, Settings, jobs_of

SENTENCE = "expected a whole rosbag2 recording, got "
IMAGE, DEPTH, INFO = "/camera/color/image_raw", "/camera/aligned_depth/image", "/camera/color/info"


@pytest.fixture(scope="module")
def runner():
    return JobRunner(Settings(grounder="geometric"))


@pytest.fixture
def answers(runner):
    """Run a bag: its answers, and what broke; at most one thing does."""

    def run(path):
        records = list(runner.run(Job(path)))
        broken = [one.reason for one in records if isinstance(one, Broken)]
        assert len(broken) <= 1 and not any(isinstance(one, Broken) for one in records[:-1])
        heard = [one for record in records[: len(records) - len(broken)] for one in record.heard]
        return heard, "".join(broken)

    return run


def results_of(runner, path):
    return [answer for result in runner.results(Job(path)) for _, answer in result.answers]


# Other people's bags.

TWO_CAMERAS = (
    "expected one colour image, got /test/sensor_msgs/compressed_image, /test/sensor_msgs/image"
)
STRINGS = "expected one colour image, got none; its topics: AAA, BBB, CCC, DDD, EEE, FFF, GGG, HHH"
SAMPLES = {
    "test_bag_mcap": TWO_CAMERAS,
    "test_bag_mcap/test_bag_mcap.mcap": TWO_CAMERAS,
    "test_bag_sqlite3": TWO_CAMERAS,
    "test_bag_sqlite3/test_bag_sqlite3.db3": TWO_CAMERAS,
    "wbag": STRINGS,
    **{f"wbag/wbag_{part}.mcap": STRINGS for part in range(5)},
    "cdr_test_0.db3": "expected one colour image, got none; its topics: /array_topic, /test_topic",
    ".": "expected one colour image, got none; its topics: /array_topic, /test_topic",
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_bag_without_one_camera_is_refused(shared, answers, name):
    path = shared / "rosbag2_samples" / name
    heard, broken = answers(path)
    assert heard == []
    assert broken.startswith(f"{path}: {SAMPLES[name]}"), broken


def test_the_bag_with_a_picture_alone_is_answered(shared, runner):
    (answer,) = results_of(runner, shared / "rosbag2_samples" / "sample.db3")
    assert (answer.text, answer.status.value) == (EVERYTHING, "failed")
    assert "the bag has no depth image" in answer.message
    assert "expected one for frame '' of 640x480, got none" in answer.message
    assert answer.candidates.image_size == (480, 640)


def test_from_the_picture_alone_the_bundled_model_answers_without_metres(shared):
    pytest.importorskip("onnxruntime", reason="needs the extra cpu")
    runner = JobRunner(Settings(grounder="tabletop"))
    (answer,) = results_of(runner, shared / "rosbag2_samples" / "sample.db3")
    assert answer.status.value in ("grounded", "not_found")
    assert all("no depth image" in reason for reason in answer.objects.reasons)


def test_every_sample_is_in_the_table(shared):
    folder = shared / "rosbag2_samples"
    files = {
        str(path.relative_to(folder))
        for suffix in ("mcap", "db3")
        for path in folder.rglob(f"*.{suffix}")
    }
    assert files <= {*SAMPLES, "sample.db3"}


# Messages that are not as they should be.


def camera_messages(frame, at_s, image=None, depth=None, info=True):
    stamp_ns = round(at_s * 1e9)
    yield IMAGE, image or color_image(frame, stamp_ns), at_s
    yield DEPTH, depth or depth_image(frame, stamp_ns), at_s
    if info:
        yield INFO, camera_info(frame, stamp_ns), at_s


def changed(message, **fields):
    for name, value in fields.items():
        setattr(message, name, value)
    return message


@pytest.fixture
def frame(scenes):
    return scenes[0].frame


UNREADABLE = {
    "bayer": ({"encoding": "bayer_rggb8"}, r"image encoding: expected .*, got 'bayer_rggb8'"),
    "mono16": ({"encoding": "mono16"}, r"image encoding: expected .*, got 'mono16'"),
    "16UC1": ({"encoding": "16UC1"}, r"image encoding: expected .*, got '16UC1'"),
    "nv12": ({"encoding": "nv12"}, r"image encoding: expected .*, got 'nv12'"),
    "cut": ({"data": np.zeros(7, np.uint8)}, "image data: expected 9216 bytes .* got 7"),
    "step": ({"step": 3}, "image step: expected at least 192 bytes"),
    "empty": ({"height": 0}, "image: expected a picture, got an empty one"),
    "huge": ({"height": 2**31, "width": 2**31, "step": 2**32 - 1}, "image step: expected at least"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_image_that_cannot_be_read_is_a_failed_answer(tmp_path, frame, runner, name):
    fields, sentence = UNREADABLE[name]
    bad = changed(color_image(frame, 10**9), **fields)
    messages = [*camera_messages(frame, 1, image=bad), *camera_messages(frame, 2)]
    first, second = results_of(runner, bag_of(tmp_path / "bag", messages))
    assert first.status.value == "failed"
    assert re.search(sentence, first.message), first.message
    assert second.status.value != "failed"
    assert (first.stamp_ns, second.stamp_ns) == (10**9, 2 * 10**9)


def test_a_compressed_image_that_is_none_is_a_failed_answer(tmp_path, frame, runner):
    messages = list(camera_messages(frame, 1, image=compressed_color(frame, 10**9, 90)))
    (topic, image, at_s), *rest = messages
    image.data = image.data[20:]
    bag = bag_of(tmp_path / "bag", [(f"{topic}/compressed", image, at_s), *rest])
    (answer,) = results_of(runner, bag)
    assert answer.message.startswith("compressed image: expected jpeg or png, got")


def test_the_table_says_why_answers_failed(tmp_path, frame, capsys):
    bad = changed(color_image(frame, 10**9), encoding="bayer_rggb8")
    messages = [*camera_messages(frame, 1, image=bad), *camera_messages(frame, 2)]
    assert cli.main(["evaluate", str(bag_of(tmp_path / "bag", messages))]) == 0
    assert re.search(r"^failed    1 x image encoding: .* got 'bayer_rggb8'", *said(capsys))


def said(capsys):
    return capsys.readouterr().out, re.MULTILINE


@pytest.mark.parametrize("encoding", ["yuv422", "yuyv"])
def test_yuv_is_read(tmp_path, frame, runner, encoding):
    grey = np.full(48 * 64 * 2, 128, np.uint8)
    image = changed(color_image(frame, 10**9), encoding=encoding, step=128, data=grey)
    bag = bag_of(tmp_path / "bag", camera_messages(frame, 1, image=image))
    (result,) = runner.results(Job(bag))
    assert np.ptp(result.scene.frame.rgb) == 0
    assert result.answers[0][1].status.value != "failed"


MISSING = {
    "no camera_info": ({"info": False}, "camera_info: expected one for frame"),
    "small depth": (
        {"depth": {"height": 24, "data": np.zeros(24 * 128, np.uint8)}},
        "depth size: expected the image's 64x48, got 64x24",
    ),
    "colour as depth": (
        {"depth": {"encoding": "rgb8"}},
        "depth encoding: expected 16UC1, mono16, 32FC1, got 'rgb8'",
    ),
}


@pytest.mark.parametrize("name", MISSING)
def test_what_3d_lacks_is_said(tmp_path, frame, runner, name):
    fields, sentence = MISSING[name]
    if "depth" in fields:
        fields = {"depth": changed(depth_image(frame, 10**9), **fields["depth"])}
    (result,) = runner.results(Job(bag_of(tmp_path / "bag", camera_messages(frame, 1, **fields))))
    assert sentence in result.scene.frame.missing_3d
    assert sentence in result.answers[0][1].message


def test_a_camera_info_that_comes_later_holds_from_the_beginning(tmp_path, frame, runner):
    messages = [
        *camera_messages(frame, 1, info=False),
        *camera_messages(frame, 2, info=False),
        *camera_messages(frame, 3),
    ]
    results = list(runner.results(Job(bag_of(tmp_path / "bag", messages))))
    assert [one.scene.frame.missing_3d for one in results] == ["", "", ""]
    assert {one.scene.frame.intrinsics.fx for one in results} == {60.5}


def test_transforms_that_cannot_be_are_not_heard(tmp_path, frame, runner):
    nowhere = tf("base", "camera", np.eye(4), 0)
    nowhere.transforms[0].transform.rotation.w = 0.0
    loop = tf("camera", "camera", np.eye(4), 0)
    messages = [("/tf", nowhere, 0.5), ("/tf", loop, 0.6), *camera_messages(frame, 1)]
    (answer,) = results_of(runner, bag_of(tmp_path / "bag", messages))
    assert answer.status.value != "failed"


STRING = "std_msgs/msg/String"


@pytest.mark.parametrize("empty_topics", [(), [("/instruction", STRING)]])
def test_where_nobody_speaks_everything_is_asked(tmp_path, frame, runner, empty_topics):
    messages = [one for at_s in (1, 2, 3) for one in camera_messages(frame, at_s)]
    bag = bag_of(tmp_path / "bag", messages, empty_topics)
    assert [answer.text for answer in results_of(runner, bag)] == [EVERYTHING] * 3


def test_a_camera_that_sent_nothing_is_no_second_camera(tmp_path, frame, runner):
    other = [("/left/color/image_raw", "sensor_msgs/msg/Image")]
    bag = bag_of(tmp_path / "bag", camera_messages(frame, 1), other)
    assert len(results_of(runner, bag)) == 1


def test_an_instruction_before_the_first_image_waits_for_it(tmp_path, frame, runner):
    messages = [
        ("/instruction", string("find the box"), 0.1),
        ("/instruction", string("find the ball"), 0.2),
        *camera_messages(frame, 1),
        *camera_messages(frame, 2),
    ]
    (answer,) = results_of(runner, bag_of(tmp_path / "bag", messages))
    assert (answer.text, answer.stamp_ns) == ("find the ball", 10**9)


# Files that are not as they should be.


@pytest.mark.parametrize("compression", ["", "lz4", "zstd"])
@pytest.mark.parametrize("whole", range(7))
def test_a_file_that_was_cut_counts_as_far_as_it_is_whole(
    folder, tmp_path, answers, compression, whole
):
    file = chunked_mcap(folder, tmp_path / "bag", compression)
    content = file.read_bytes()
    chunks = chunks_of(content)
    assert len(chunks) == 6
    begin, end = chunks[whole] if whole < 6 else (chunks[5][1], len(content) - 8)
    for cut in (begin, (begin + end) // 2, end - 1):
        file.write_bytes(content[:cut])
        heard, broken = answers(file)
        if whole == 0:
            assert heard == [] and "cut off" in broken
        else:
            assert len(heard) == whole
            assert re.search(rf"{SENTENCE}one (that is cut off after|whose index)", broken)


def test_a_cut_says_where(folder, tmp_path, answers):
    file = chunked_mcap(folder, tmp_path / "bag")
    content = file.read_bytes()
    begin, end = chunks_of(content)[4]
    file.write_bytes(content[: end - 1])
    _, broken = answers(file)
    assert f"cut off after {begin} of {end - 1} bytes" in broken
    assert "`mcap recover`" in broken


def test_a_crash_that_leaves_zeros_is_a_cut(folder, tmp_path, answers):
    file = chunked_mcap(folder, tmp_path / "bag", "zstd")
    content = file.read_bytes()
    begin, _ = chunks_of(content)[2]
    file.write_bytes(content[:begin] + bytes(len(content) - begin))
    heard, broken = answers(file)
    assert len(heard) == 2 and "is cut off" in broken


def test_a_cut_in_a_folder_with_metadata_is_found(folder, tmp_path, answers):
    file = chunked_mcap(folder, tmp_path / "bag", "zstd")
    content = file.read_bytes()
    file.write_bytes(content[: chunks_of(content)[5][0]])
    heard, broken = answers(file.parent)
    assert len(heard) == 5
    assert broken.startswith(f"{file}: {SENTENCE}one that is cut off")


def test_a_damaged_index_costs_no_answer(folder, tmp_path, answers):
    file = chunked_mcap(folder, tmp_path / "bag", "lz4")
    content = bytearray(file.read_bytes())
    content[-30:-22] = b"\xff" * 8  # where the footer says the index is
    file.write_bytes(content)
    heard, broken = answers(file)
    assert len(heard) == 6 and "whose index is damaged" in broken


@pytest.mark.parametrize("compression", ["", "lz4", "zstd"])
def test_a_file_without_index_is_whole(folder, tmp_path, answers, compression):
    file = chunked_mcap(folder, tmp_path / "bag", compression)
    with_index, _ = answers(file)
    file.write_bytes(without_index(file.read_bytes()))
    heard, broken = answers(file)
    assert broken == "" and len(heard) == 6
    assert [one.text for one in heard] == [one.text for one in with_index]


@pytest.mark.parametrize("compression", ["lz4", "zstd"])
def test_a_chunk_that_rots_ends_the_bag(folder, tmp_path, answers, capsys, compression):
    file = chunked_mcap(folder, tmp_path / "bag", compression)
    content = bytearray(file.read_bytes())
    begin, _ = chunks_of(content)[3]
    content[begin + 49 : begin + 81] = bytes(32)  # where the compressed data begin
    file.write_bytes(content)
    heard, broken = answers(file)
    assert len(heard) == 3 and SENTENCE in broken
    assert cli.main(["evaluate", str(file), "--json", str(tmp_path / "f.json")]) == 1
    assert capsys.readouterr().out.count("broken  ") == 1
    figures = json.loads((tmp_path / "f.json").read_text())
    assert len(figures["expressions"]) == 3 and len(figures["broken"]) == 1


def write_zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", "b")


def write_database(path):
    with closing(sqlite3.connect(path)) as database:
        database.execute("create table people (name text)")


FOREIGN = {
    "text": lambda path: path.write_text("topics: none\n" * 100),
    "nothing": lambda path: path.write_bytes(b""),
    "zip": write_zip,
    "database": write_database,
}


@pytest.mark.parametrize("suffix", ["mcap", "db3"])
@pytest.mark.parametrize("kind", FOREIGN)
def test_a_file_of_something_else_is_refused(tmp_path, answers, kind, suffix):
    path = tmp_path / f"strange.{suffix}"
    FOREIGN[kind](path)
    heard, broken = answers(path)
    assert heard == []
    assert broken.startswith(f"{path}: "), broken


def test_a_bag_of_ros_1_is_told_how_to_be_converted(tmp_path, capsys):
    path = tmp_path / "old.bag"
    path.write_bytes(b"#ROSBAG V2.0\n")
    assert cli.main(["evaluate", str(path)]) == 2
    assert f"rosbags-convert --src {path} --dst old" in capsys.readouterr().err


def test_a_bag_without_messages_says_so(tmp_path, answers):
    bag = bag_of(tmp_path / "bag", [], [(IMAGE, "sensor_msgs/msg/Image")])
    heard, broken = answers(bag)
    assert heard == []
    assert broken == f"{bag}: expected messages, got none; was anything recorded?"


@pytest.mark.parametrize(
    "metadata",
    ["{", "a: [1", "- 1\n- 2\n", "", "rosbag2_bagfile_information: 7\n", "\x00\x01"],
)
@pytest.mark.parametrize("with_file", [True, False])
def test_metadata_that_is_none_is_refused(folder, tmp_path, answers, metadata, with_file):
    bag = make_bag(folder, tmp_path / "bag")
    (bag / "metadata.yaml").write_text(metadata)
    if not with_file:
        (bag / "bag.mcap").unlink()
    heard, broken = answers(bag)
    assert heard == [] and broken.startswith(f"{bag}: {SENTENCE}"), broken


def test_a_missing_part_is_named(shared, tmp_path, answers):
    split = shutil.copytree(shared / "rosbag2_samples" / "wbag", tmp_path / "wbag")
    split.chmod(0o755)
    (split / "wbag_2.mcap").unlink()
    heard, broken = answers(split)
    assert heard == [] and "Some database files are missing" in broken
    assert str(split / "wbag_2.mcap") in broken


@pytest.mark.parametrize("kept", [0.05, 0.3, 0.6, 0.95])
def test_a_database_that_was_cut_is_told(folder, tmp_path, answers, kept):
    bag = make_bag(folder, tmp_path / "bag", storage="sqlite3", repeat_frames=True)
    content = (bag / "bag.db3").read_bytes()
    (bag / "bag.db3").write_bytes(content[: int(kept * len(content))])
    _, broken = answers(bag)
    assert re.search(rf"{SENTENCE}.* (malformed|not a database)", broken), broken


# Several bags.


def test_the_bags_of_a_folder_are_evaluated_one_by_one(folder, tmp_path):
    bags = tmp_path / "bags"
    bags.mkdir()
    make_bag(folder, bags / "second")
    make_bag(folder, bags / "first", storage="sqlite3")
    loose = make_bag(folder, tmp_path / "loose")
    shutil.copy(loose / "loose.mcap", bags / "third.mcap")
    (bags / "notes").mkdir()
    (bags / "notes" / "readme.txt").write_text("nothing")
    assert jobs_of(bags) == tuple(Job(bags / name) for name in ("first", "second", "third.mcap"))
    results = evaluate([bags], Settings(), Outputs())
    assert [one.id for one in results.heard] == [
        f"{name}/{number:06d}" for name in ("first", "second", "third.mcap") for number in range(6)
    ]


def test_the_parts_of_a_bag_are_one_bag(shared, tmp_path):
    split = shutil.copytree(shared / "rosbag2_samples" / "wbag", tmp_path / "wbag")
    split.chmod(0o755)
    assert jobs_of(split) == (Job(split),)
    (split / "metadata.yaml").unlink()
    assert jobs_of(split) == (Job(split),)
    shutil.copy(split / "wbag_0.mcap", split / "other.mcap")
    assert len(jobs_of(split)) == 6


def test_one_broken_bag_of_many_is_told(folder, tmp_path, capsys):
    bags = tmp_path / "bags"
    bags.mkdir()
    make_bag(folder, bags / "good")
    (bags / "bad.mcap").write_text("no bag")
    assert cli.main(["evaluate", str(bags)]) == 1
    table = capsys.readouterr().out
    assert table.startswith("6 instructions") and table.count("broken  ") == 1
    assert "bad.mcap" in table


def test_a_source_that_is_given_twice_is_refused(folder, tmp_path):
    bag = make_bag(folder, tmp_path / "bag")
    (tmp_path / "link").symlink_to(bag)
    for again in (bag, bag / ".." / "bag", tmp_path / "link"):
        with pytest.raises(InputError, match="expected it once, got it twice"):
            evaluate([bag, again], Settings(), Outputs())
    with pytest.raises(InputError, match="expected it once, got it twice"):
        evaluate([folder, folder], Settings(), Outputs())


def test_bags_of_one_name_are_told_apart(folder, tmp_path):
    bags = [make_bag(folder, tmp_path / where / "bag") for where in ("a", "b")]
    results = evaluate(bags, Settings(), Outputs())
    assert len({one.id for one in results.heard}) == 12
    assert results.heard[0].id == f"{bags[0]}/000000"


# Whatever happens to a file.

STORED = {
    "plain": lambda folder, out: chunked_mcap(folder, out),
    "lz4": lambda folder, out: chunked_mcap(folder, out, "lz4"),
    "zstd": lambda folder, out: chunked_mcap(folder, out, "zstd"),
    "compressed images": lambda folder, out: chunked_mcap(folder, out, compressed_images=True),
    "sqlite3": lambda folder, out: make_bag(folder, out, storage="sqlite3") / f"{out.name}.db3",
}
LONGEST_S, MOST_BYTES = 20.0, 250_000_000
STATUS, RESET_PEAK = Path("/proc/self/status"), Path("/proc/self/clear_refs")


@pytest.fixture(scope="module")
def stored(lasting_folder, tmp_path_factory):
    """Every kind of file, and a place for what is made of it."""
    place = tmp_path_factory.mktemp("damage")
    files = {}
    for number, (kind, write) in enumerate(STORED.items()):
        (place / str(number)).mkdir()
        files[kind] = write(lasting_folder, place / str(number) / "bag").read_bytes()
    return files, place


def resident(field):
    """Bytes of this process by /proc: VmRSS now, VmHWM the most since it was reset."""
    (line,) = re.findall(rf"^{field}:\s+(\d+) kB$", STATUS.read_text(), re.MULTILINE)
    return 1024 * int(line)


# Without shrinking: a failure tells file, places and bytes anyway.
@given(data=st.data(), kind=st.sampled_from(sorted(STORED)))
@settings(max_examples=200, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_any_damage_gives_answers_or_a_sentence(stored, runner, data, kind):
    files, place = stored
    content = bytearray(files[kind])
    size = len(content)
    # A place anywhere, or near the ends, where the descriptions are.
    places = st.one_of(
        st.integers(0, size - 1),
        st.integers(0, min(size, 3000) - 1),
        st.integers(max(size - 6000, 0), size - 1),
    )
    flips = st.lists(st.tuples(places, st.integers(1, 255)), max_size=8)
    for at, by in data.draw(flips, label="flips"):
        content[at] ^= by
    kept = data.draw(st.one_of(st.just(size), places), label="kept")
    path = place / f"damaged.{'db3' if kind == 'sqlite3' else 'mcap'}"
    path.write_bytes(content[:kept])
    RESET_PEAK.write_text("5")
    before, began = resident("VmRSS"), time.monotonic()
    records = list(runner.run(Job(path)))
    assert time.monotonic() - began < LONGEST_S
    assert resident("VmHWM") - before < MOST_BYTES
    assert records, "neither an answer nor a sentence"
    assert all(one.reason for one in records if isinstance(one, Broken))
