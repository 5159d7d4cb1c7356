"""What the doctor finds: always a sentence, and a way out of what is missing."""

import os
import random
import sys
from types import SimpleNamespace

import pytest

from grounding_ros import cli, doctor
from grounding_ros.doctor import Finding, examine

ALWAYS = {"Python", "ROS 2", "vision_msgs", "tf2_msgs", "rosbags", "GPU", "models", "DDS"}


@pytest.fixture
def without(monkeypatch):
    """Let packages seem not to be installed: `without("rclpy")`."""

    def hide(*packages):
        real = doctor._has
        monkeypatch.setattr(
            doctor, "_has", lambda name: name.partition(".")[0] not in packages and real(name)
        )

    return hide


def about(findings, subject):
    return [finding for finding in findings if finding.about == subject]


def test_every_finding_is_a_sentence(without):
    without("rclpy")  # then no camera is listened for
    findings = list(examine())
    assert {finding.about for finding in findings} >= ALWAYS
    for finding in findings:
        assert finding.level in ("ok", "note", "missing")
        assert finding.sentence.endswith("."), finding
        assert str(finding).split()[0] == finding.level


def test_a_machine_without_ros_is_told_what_to_do(without):
    without("rclpy", "vision_msgs", "tf2_msgs")
    findings = list(examine())
    missing = [finding.about for finding in findings if finding.is_fatal]
    assert missing == ["ROS 2", "vision_msgs", "tf2_msgs"]
    (ros,) = about(findings, "ROS 2")
    assert "source /opt/ros" in ros.sentence
    assert "make setup" in ros.sentence
    assert "apt install ros-$ROS_DISTRO-vision-msgs" in about(findings, "vision_msgs")[0].sentence
    assert about(findings, "camera") == []


@pytest.mark.parametrize(
    ("package", "subject", "remedy"),
    [
        ("tf2_ros", "tf2_ros", "our own tf listener"),
        ("cv_bridge", "cv_bridge", "bayer"),
        ("launch", "launch", "grounding-ros run"),
        ("rosbags", "rosbags", "pip install rosbags"),
        ("torch", "torch", "grounding_ros[models]"),
        ("mujoco", "rendering", "grounding_ros[sim]"),
        ("onnxruntime", "GPU runtime", "needs none"),
    ],
)
def test_what_is_optional_is_a_note(without, package, subject, remedy):
    without("rclpy", package)
    (finding,) = about(examine(), subject)
    assert finding.level == "note"
    assert remedy in finding.sentence


def test_a_package_of_folders_only_counts_by_its_module():
    pytest.importorskip("rosbags.rosbag2", reason="rosbags reads and writes bags")
    assert doctor._has("rosbags.rosbag2")
    assert not doctor._has("rosbags")  # a namespace, as any folder of that name would be
    assert not doctor._has("nowhere.at_all")


def test_the_dds_profile_is_recognised(without, monkeypatch, tmp_path):
    without("rclpy")
    monkeypatch.delenv("FASTRTPS_DEFAULT_PROFILES_FILE", raising=False)
    (note,) = about(examine(), "DDS")
    assert note.level == "note"
    assert "config/fastdds.xml" in note.sentence
    profile = tmp_path / "mine.xml"
    monkeypatch.setenv("FASTRTPS_DEFAULT_PROFILES_FILE", str(profile))
    assert about(examine(), "DDS")[0].level == "note"  # the file is not there
    profile.touch()
    (good,) = about(examine(), "DDS")
    assert (good.level, str(profile) in good.sentence) == ("ok", True)


@pytest.mark.parametrize(("hidden", "status"), [((), 0), (("tf2_msgs",), 1)])
def test_the_command_fails_only_when_the_node_cannot_run(
    without, monkeypatch, capsys, hidden, status
):
    monkeypatch.setattr(
        doctor, "_has", lambda name: name not in hidden and name in ("vision_msgs", "tf2_msgs")
    )
    monkeypatch.setattr(doctor, "_ros", lambda: iter([Finding("ok", "ROS 2", "there.")]))
    assert cli.main(["doctor"]) == status
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("missing") for line in lines) == status


@pytest.mark.parametrize(
    ("installed", "noted"),
    [
        ([], []),
        (["onnxruntime"], []),
        (["onnxruntime-gpu"], []),
        (
            ["onnxruntime", "onnxruntime-gpu"],
            ["onnxruntime and onnxruntime-gpu are installed over"],
        ),
    ],
)
def test_two_onnx_runtimes_over_each_other_are_told(installed, noted, monkeypatch):
    others = ["numpy", "onnxruntime_extensions_of_somebody_else"]
    entries = [SimpleNamespace(metadata={"Name": name}) for name in (*others, *installed)]
    monkeypatch.setattr(doctor.metadata, "distributions", lambda: entries)
    assert doctor.runtimes() == installed
    findings = list(doctor._mixed_runtimes(doctor.runtimes()))
    assert len(findings) == len(noted)
    for finding, sentence in zip(findings, noted, strict=True):
        assert finding.level == "note"
        assert finding.sentence.startswith(sentence)
        assert "pip uninstall -y onnxruntime onnxruntime-gpu" in finding.sentence


@pytest.mark.parametrize(
    ("names", "noted"),
    [
        (["/image", "/depth_registered", "/camera_info"], []),
        (["/image", "/aligned_depth", "/camera_info"], []),
        (["/image", "/depth", "/camera_info"], ["depth"]),
        (["/image", "/camera_info"], ["depth"]),
        (["/image", "/aligned_depth"], ["camera_info"]),
    ],
)
def test_advice_about_the_topics_that_are_there(names, noted):
    found = doctor._advice(lambda words: any(all(w in name for w in words) for name in names))
    assert [finding.about for finding in found] == noted


@pytest.fixture
def camera(monkeypatch):
    """A camera driver in a domain of its own, that has started but sends nothing yet."""
    pytest.importorskip("rclpy", reason="ROS 2 is not here: run `make test`")
    monkeypatch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
    monkeypatch.setenv("ROS_DOMAIN_ID", str(random.SystemRandom().randint(1, 101)))
    from rclpy.qos import qos_profile_sensor_data
    from sensor_msgs.msg import CameraInfo, Image
    from std_msgs.msg import String

    from grounding_ros.ros.session import spinning

    with spinning("camera") as node:
        node.create_publisher(Image, "/camera/color/image_raw", 10)
        node.create_publisher(Image, "/camera/depth/image_rect_raw", qos_profile_sensor_data)
        node.create_publisher(CameraInfo, "/camera/color/camera_info", 10)
        node.create_publisher(String, "/chatter", 10)
        yield node


def test_a_live_camera_is_found(camera):
    findings = list(examine(listen_s=2.0))
    assert [finding.sentence for finding in about(findings, "camera")] == [
        "/camera/color/camera_info (CameraInfo, reliable).",
        "/camera/color/image_raw (Image, reliable).",
        "/camera/depth/image_rect_raw (Image, best effort).",
    ]
    (depth,) = about(findings, "depth")
    assert "align_depth.enable:=true" in depth.sentence  # this depth is not registered
    assert about(findings, "camera_info") == []
    assert all(finding.sentence.endswith(".") for finding in findings)


def test_no_camera_is_told_with_the_domain(monkeypatch):
    pytest.importorskip("rclpy", reason="ROS 2 is not here: run `make test`")
    domain = str(random.SystemRandom().randint(1, 101))
    monkeypatch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
    monkeypatch.setenv("ROS_DOMAIN_ID", domain)
    (finding,) = about(examine(listen_s=0.3), "camera")
    assert finding.level == "note"
    assert f"ROS domain {domain}" in finding.sentence


def test_python_is_the_one_that_runs():
    (finding,) = list(doctor._python())
    assert sys.executable in finding.sentence
    assert os.path.basename(sys.executable) in finding.sentence
