import shutil

import cv2
import numpy as np
import pytest
import yaml
from rosbags.highlevel import AnyReader
from rosbags.interfaces import QosDurability
from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin, Writer

from grounding_ros.errors import InputError
from grounding_ros.evaluation.bags.messages import TYPES, string
from grounding_ros.evaluation.bags.reader import BagReader
from grounding_ros.evaluation.bags.writer import (
    CAMERA_INFO_TOPIC,
    COLOR_TOPIC,
    DEPTH_TOPIC,
    INSTRUCTION_TOPIC,
    make_bag,
)
from grounding_ros.evaluation.folder import SceneFolder, scene_stamp_ns
from grounding_ros.geometry.transforms import transform
from grounding_ros.simulation.folder_writer import depth_to_mm

START = scene_stamp_ns(0)


def read(path, *topics):
    with BagReader(path) as bag:
        return list(bag.messages(topics or None))


def stamp_ns(message):
    return message.header.stamp.sec * 10**9 + message.header.stamp.nanosec


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
@pytest.mark.parametrize("zstd", [False, True])
def test_what_goes_into_a_bag_comes_out(folder, tmp_path, storage, zstd):
    bag = make_bag(folder, tmp_path / "bag", storage=storage, zstd=zstd)
    scenes = list(SceneFolder(folder))
    colors, depths = read(bag, COLOR_TOPIC), read(bag, DEPTH_TOPIC)
    infos = read(bag, CAMERA_INFO_TOPIC)
    for scene, *records in zip(scenes, colors, depths, infos, strict=True):
        color, depth, info = (message for _, message, _ in records)
        assert len({stamp_ns(message) for message in (color, depth, info)}) == 1
        assert {log_ns for *_, log_ns in records} == {stamp_ns(color)}
        assert {m.header.frame_id for m in (color, depth, info)} == {"camera_color_optical_frame"}
        assert (color.encoding, color.step) == ("rgb8", 64 * 3)
        assert np.array_equal(color.data.reshape(48, 64, 3), scene.frame.rgb)
        assert (depth.encoding, depth.step) == ("16UC1", 64 * 2)
        mm = depth.data.view("<u2").reshape(48, 64)
        assert np.array_equal(mm, depth_to_mm(scene.frame))
        assert np.array_equal(info.k.reshape(3, 3), scene.frame.intrinsics.matrix)
        assert np.array_equal(info.p.reshape(3, 4)[:, :3], scene.frame.intrinsics.matrix)
        assert (info.width, info.height) == (64, 48)


def test_instructions_follow_their_frame(folder, tmp_path):
    bag = make_bag(folder, tmp_path / "bag", period_s=2.0)
    events = read(bag, COLOR_TOPIC, INSTRUCTION_TOPIC)
    topics = [topic for topic, *_ in events]
    assert topics == 2 * [COLOR_TOPIC, *3 * [INSTRUCTION_TOPIC]]
    seconds = [(log_ns - START) / 1e9 for *_, log_ns in events]
    assert seconds == [0, 0.5, 2.5, 4.5, 6, 6.5, 8.5, 10.5]
    spoken = [message.data for topic, message, _ in events if topic == INSTRUCTION_TOPIC]
    assert spoken == [expression.text for expression in SceneFolder(folder).expressions]


def test_frames_can_be_sent_anew_for_each_instruction(folder, tmp_path):
    bag = make_bag(folder, tmp_path / "bag", repeat_frames=True)
    events = read(bag, COLOR_TOPIC, INSTRUCTION_TOPIC)
    assert [topic for topic, *_ in events] == 6 * [COLOR_TOPIC, INSTRUCTION_TOPIC]
    stamps = [stamp_ns(message) for topic, message, _ in events if topic == COLOR_TOPIC]
    assert np.array_equal(np.diff(stamps), 5 * [10**9])


def test_tf_leads_from_the_base_to_the_picture(folder, tmp_path):
    bag = make_bag(folder, tmp_path / "bag")
    (_, static, static_ns), *_ = read(bag, "/tf_static")
    frames = read(bag, COLOR_TOPIC)
    assert static_ns < frames[0][2]
    link_from_optical = matrix(static.transforms[0])
    scenes = {scene_stamp: scene for scene_stamp, scene in _by_stamp(folder, frames)}
    found = 0
    for _, message, _ in read(bag, "/tf"):
        (stamped,) = message.transforms
        assert (stamped.header.frame_id, stamped.child_frame_id) == ("base_link", "camera_link")
        scene = scenes.get(stamp_ns(stamped))
        if scene is not None:
            found += 1
            pose = matrix(stamped) @ link_from_optical
            np.testing.assert_allclose(pose, scene.base_from_camera, atol=1e-12)
    assert found == len(scenes)


def _by_stamp(folder, frames):
    return zip((stamp_ns(message) for _, message, _ in frames), SceneFolder(folder), strict=True)


def matrix(stamped):
    t, q = stamped.transform.translation, stamped.transform.rotation
    return transform((t.x, t.y, t.z), (q.x, q.y, q.z, q.w))


def test_tf_is_written_before_the_frame_of_its_stamp(folder, tmp_path):
    order = [topic for topic, *_ in read(make_bag(folder, tmp_path / "bag"))]
    assert order[:2] == ["/tf_static", "/tf"]
    assert order.index("/tf") < order.index(CAMERA_INFO_TOPIC) < order.index(COLOR_TOPIC)


def test_without_a_pose_there_is_no_tf(poseless_folder, tmp_path):
    with BagReader(make_bag(poseless_folder, tmp_path / "bag")) as bag:
        assert set(bag.topics) == {COLOR_TOPIC, DEPTH_TOPIC, CAMERA_INFO_TOPIC, INSTRUCTION_TOPIC}


@pytest.mark.parametrize("quality", [92, None])
def test_compressed_depth_is_exact(folder, tmp_path, quality):
    bag = make_bag(folder, tmp_path / "bag", compressed=True, jpeg_quality=quality)
    with BagReader(bag) as opened:
        assert COLOR_TOPIC not in opened.topics and DEPTH_TOPIC not in opened.topics
    colors = read(bag, f"{COLOR_TOPIC}/compressed")
    depths = read(bag, f"{DEPTH_TOPIC}/compressedDepth")
    for scene, (_, color, _), (_, depth, _) in zip(
        SceneFolder(folder), colors, depths, strict=True
    ):
        assert depth.format == "16UC1; compressedDepth png"
        mm = cv2.imdecode(depth.data[12:], cv2.IMREAD_UNCHANGED)
        assert mm.dtype == np.uint16 and np.array_equal(mm, depth_to_mm(scene.frame))
        assert color.format == f"rgb8; {'png' if quality is None else 'jpeg'} compressed bgr8"
        bgr = cv2.imdecode(color.data, cv2.IMREAD_COLOR)
        if quality is None:
            assert np.array_equal(bgr[..., ::-1], scene.frame.rgb)


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
def test_the_metadata_is_what_players_of_all_distributions_read(folder, tmp_path, storage):
    bag = make_bag(folder, tmp_path / "bag", storage=storage)
    info = yaml.safe_load((bag / "metadata.yaml").read_text())["rosbag2_bagfile_information"]
    assert info["version"] == 8 and info["storage_identifier"] == storage
    assert info["custom_data"] and info["ros_distro"]
    assert [(bag / name).is_file() for name in info["relative_file_paths"]] == [True]
    assert info["message_count"] == sum(
        topic["message_count"] for topic in info["topics_with_message_count"]
    )
    for topic in info["topics_with_message_count"]:
        described = topic["topic_metadata"]
        assert described["serialization_format"] == "cdr"
        assert described["type_description_hash"].startswith("RIHS01_")
        assert isinstance(described["offered_qos_profiles"], str)


def test_a_foreign_reader_agrees(folder, tmp_path):
    bag = make_bag(folder, tmp_path / "bag")
    with AnyReader([bag]) as reader:
        durability = {
            connection.topic: connection.ext.offered_qos_profiles[0].durability
            for connection in reader.connections
        }
        texts = [
            reader.deserialize(data, connection.msgtype).data
            for connection, _, data in reader.messages()
            if connection.topic == INSTRUCTION_TOPIC
        ]
    latched = {topic for topic, kind in durability.items() if kind is QosDurability.TRANSIENT_LOCAL}
    assert latched == {"/tf_static"}
    assert texts == [expression.text for expression in SceneFolder(folder).expressions]


def test_rclpy_reads_the_raw_messages(folder, tmp_path):
    serialization = pytest.importorskip("rclpy.serialization")
    messages = pytest.importorskip("sensor_msgs.msg")
    with BagReader(make_bag(folder, tmp_path / "bag")) as bag:
        raw = next(bag.raw_messages([COLOR_TOPIC]))
    image = serialization.deserialize_message(raw.cdr, messages.Image)
    assert raw.type == "sensor_msgs/msg/Image"
    assert bytes(image.data) == SceneFolder(folder)["first"].frame.rgb.tobytes()


def test_an_existing_bag_is_never_overwritten(folder, tmp_path):
    bag = make_bag(folder, tmp_path / "bag")
    before = (bag / "metadata.yaml").read_bytes()
    with pytest.raises(InputError, match="choose another name"):
        make_bag(folder, bag)
    assert (bag / "metadata.yaml").read_bytes() == before


def test_a_bag_that_fails_leaves_nothing(folder, tmp_path):
    (folder / "frames" / "second_color.png").unlink()
    with pytest.raises(InputError, match=r"second_color\.png"):
        make_bag(folder, tmp_path / "bag")
    assert not (tmp_path / "bag").exists()


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"storage": "rosbag1"}, "expected mcap or sqlite3, got 'rosbag1'"),
        ({"period_s": 0.0}, "expected a positive number of seconds"),
        ({"jpeg_quality": 101}, "expected 1 to 100, got 101"),
    ],
)
def test_a_setting_out_of_range_says_so(folder, tmp_path, setting, message):
    with pytest.raises(InputError, match=message):
        make_bag(folder, tmp_path / "bag", **setting)


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
def test_bare_storage_files_are_read(folder, tmp_path, storage):
    bag = make_bag(folder, tmp_path / "bag", storage=storage)
    whole = [(topic, log_ns) for topic, _, log_ns in read(bag)]
    (file,) = [path for path in bag.iterdir() if path.suffix in (".mcap", ".db3")]
    assert [(topic, log_ns) for topic, _, log_ns in read(file)] == whole
    (bag / "metadata.yaml").unlink()
    assert [(topic, log_ns) for topic, _, log_ns in read(bag)] == whole


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
@pytest.mark.parametrize("kept", [0.0, 0.01, 0.5, 0.98])
def test_a_truncated_bag_says_so(folder, tmp_path, storage, kept):
    bag = make_bag(folder, tmp_path / "bag", storage=storage)
    (file,) = [path for path in bag.iterdir() if path.suffix in (".mcap", ".db3")]
    content = file.read_bytes()
    file.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(InputError, match="expected a whole rosbag2 recording"):
        read(bag)


@pytest.mark.parametrize("mode", [CompressionMode.FILE, CompressionMode.MESSAGE])
@pytest.mark.parametrize("storage", StoragePlugin)
@pytest.mark.parametrize("version", [8, 9])
def test_bags_of_every_compression_are_read(tmp_path, mode, storage, version):
    writer = Writer(tmp_path / "bag", version=version, storage_plugin=storage)
    writer.set_compression(mode, CompressionFormat.ZSTD)
    with writer:
        kind = "std_msgs/msg/String"
        connection = writer.add_connection("/said", kind, typestore=TYPES)
        writer.write(connection, 7, TYPES.serialize_cdr(string("hello"), kind))
    ((topic, message, log_ns),) = read(tmp_path / "bag")
    assert (topic, message.data, log_ns) == ("/said", "hello", 7)


def test_what_is_no_bag_says_so(tmp_path):
    with pytest.raises(InputError, match="got nothing"):
        BagReader(tmp_path / "nowhere")
    with pytest.raises(InputError, match="got a folder without one"):
        BagReader(tmp_path)
    old = tmp_path / "ros1.bag"
    old.write_bytes(b"#ROSBAG V2.0\n")
    with pytest.raises(InputError, match=r"expected a ROS 2 bag, got a \.bag file"):
        BagReader(old)
    (tmp_path / "metadata.yaml").write_text("rosbag2_bagfile_information: {}")
    with pytest.raises(InputError, match="whole rosbag2 recording"):
        BagReader(tmp_path)


def test_a_topic_that_is_not_there_says_so(folder, tmp_path):
    with (
        BagReader(make_bag(folder, tmp_path / "bag")) as bag,
        pytest.raises(InputError, match="got '/nothing'"),
    ):
        next(bag.messages(["/nothing"]))


def test_topics_have_types_and_counts(folder, tmp_path):
    with BagReader(make_bag(folder, tmp_path / "bag")) as bag:
        assert bag.topics[INSTRUCTION_TOPIC].type == "std_msgs/msg/String"
        assert bag.topics[INSTRUCTION_TOPIC].count == 6
        assert bag.topics[COLOR_TOPIC].count == 2


def test_the_metadata_file_stands_for_its_bag(folder, tmp_path):
    bag = make_bag(folder, tmp_path / "bag")
    assert len(read(bag / "metadata.yaml")) == len(read(bag))


SAMPLES = {
    "test_bag_mcap": (94, 188),
    "test_bag_sqlite3": (94, 188),
    "wbag": (8, 6074),
    "sample.db3": (5, 5),
    "cdr_test_0.db3": (2, 7),
    "test_bag_mcap/test_bag_mcap.mcap": (94, 188),
    "wbag/wbag_2.mcap": (8, None),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_bags_of_others_are_read_whole(shared, name):
    topics, count = SAMPLES[name]
    with BagReader(shared / "rosbag2_samples" / name) as bag:
        assert len(bag.topics) == topics
        times = [log_ns for _, _, log_ns in bag.messages()]
        expected = sum(topic.count for topic in bag.topics.values())
    assert times == sorted(times)
    assert len(times) == expected == (count or expected)


def test_a_split_bag_without_metadata_is_merged(shared, tmp_path):
    split = shutil.copytree(shared / "rosbag2_samples" / "wbag", tmp_path / "wbag")
    (split / "metadata.yaml").chmod(0o644)
    split.chmod(0o755)
    whole = [(topic, log_ns) for topic, _, log_ns in read(split)]
    (split / "metadata.yaml").unlink()
    assert sorted((topic, log_ns) for topic, _, log_ns in read(split)) == sorted(whole)


def test_the_first_bags_of_ros_2_are_read(shared):
    with BagReader(shared / "rosbag2_samples" / "sample.db3") as bag:
        images = [message for _, message, _ in bag.messages() if hasattr(message, "encoding")]
    assert [(image.width, image.height) for image in images] == [(640, 480)]
    assert all(image.data.dtype == np.uint8 for image in images)
