"""Which topics of a bag are the camera's: the names that real drivers use."""

import pytest

from grounding_ros.errors import InputError
from grounding_ros.evaluation.bags.topics import CameraTopics, find_topics

IMAGE = "sensor_msgs/msg/Image"
COMPRESSED = "sensor_msgs/msg/CompressedImage"
INFO = "sensor_msgs/msg/CameraInfo"
STRING = "std_msgs/msg/String"

REALSENSE = {
    "/camera/camera/aligned_depth_to_color/camera_info": INFO,
    "/camera/camera/aligned_depth_to_color/image_raw": IMAGE,
    "/camera/camera/color/camera_info": INFO,
    "/camera/camera/color/image_raw": IMAGE,
    "/camera/camera/depth/camera_info": INFO,
    "/camera/camera/depth/image_rect_raw": IMAGE,
    "/instruction": STRING,
    "/tf_static": "tf2_msgs/msg/TFMessage",
}
ZED = {
    "/zed/zed_node/depth/camera_info": INFO,
    "/zed/zed_node/depth/depth_registered": IMAGE,
    "/zed/zed_node/rgb/camera_info": INFO,
    "/zed/zed_node/rgb/image_rect_color": IMAGE,
    "/robot/instruction": STRING,
    "/rosout": STRING,
}


def test_realsense():
    topics = find_topics(REALSENSE)
    assert topics == CameraTopics(
        image="/camera/camera/color/image_raw",
        depth="/camera/camera/aligned_depth_to_color/image_raw",
        camera_info="/camera/camera/color/camera_info",
        instruction="/instruction",
    )
    assert (topics.image_transport, topics.depth_transport) == ("raw", "raw")
    assert topics.remappings == {
        "image": "/camera/camera/color/image_raw",
        "depth": "/camera/camera/aligned_depth_to_color/image_raw",
        "camera_info": "/camera/camera/color/camera_info",
        "instruction": "/instruction",
    }


def test_zed():
    assert find_topics(ZED) == CameraTopics(
        image="/zed/zed_node/rgb/image_rect_color",
        depth="/zed/zed_node/depth/depth_registered",
        camera_info="/zed/zed_node/rgb/camera_info",
        instruction="/robot/instruction",
    )


def test_the_order_of_the_topics_does_not_matter():
    for topics in (REALSENSE, ZED):
        assert find_topics(dict(reversed(topics.items()))) == find_topics(topics)


def test_compressed_topics_give_transports_and_base_names():
    topics = find_topics(
        {
            "/cam/color/image_raw/compressed": COMPRESSED,
            "/cam/aligned_depth_to_color/image_raw/compressedDepth": COMPRESSED,
            "/cam/aligned_depth_to_color/camera_info": INFO,
            "/cam/color/camera_info": INFO,
        }
    )
    assert (topics.image_transport, topics.depth_transport) == ("compressed", "compressedDepth")
    assert topics.remappings == {
        "image": "/cam/color/image_raw",
        "depth": "/cam/aligned_depth_to_color/image_raw",
        "camera_info": "/cam/color/camera_info",
    }


def test_uncompressed_is_preferred_to_compressed_and_colour_to_infrared():
    topics = find_topics(
        {
            "/cam/infra1/image_rect_raw": IMAGE,
            "/cam/infra2/image_rect_raw": IMAGE,
            "/cam/color/image_raw/compressed": COMPRESSED,
            "/cam/color/image_raw": IMAGE,
            "/cam/aligned_depth_to_color/image_raw/compressedDepth": COMPRESSED,
            "/cam/aligned_depth_to_color/image_raw": IMAGE,
        }
    )
    assert topics.image == "/cam/color/image_raw"
    assert topics.depth == "/cam/aligned_depth_to_color/image_raw"


def test_what_is_not_there_is_empty():
    topics = find_topics({"/image": IMAGE})
    assert topics == CameraTopics(image="/image", depth="", camera_info="", instruction="")
    assert topics.remappings == {"image": "/image"}


def test_depth_that_is_not_registered_is_taken_when_there_is_no_other():
    unregistered = {k: v for k, v in REALSENSE.items() if "aligned" not in k}
    assert find_topics(unregistered).depth == "/camera/camera/depth/image_rect_raw"


def test_a_camera_info_elsewhere_is_taken_when_none_is_beside_the_image():
    topics = find_topics({"/left/image": IMAGE, "/calibration/camera_info": INFO})
    assert topics.camera_info == "/calibration/camera_info"


@pytest.mark.parametrize(
    ("topics", "words"),
    [
        ({}, ["expected one colour image", "got none", "its topics: none"]),
        ({"/chatter": STRING}, ["got none", "its topics: /chatter"]),
        ({"/camera/depth/image_raw": IMAGE}, ["got none", "/camera/depth/image_raw"]),
        (
            {"/left/image": IMAGE, "/right/image": IMAGE, "/depth": IMAGE},
            ["expected one colour image", "got /left/image, /right/image"],
        ),
    ],
)
def test_not_exactly_one_colour_image(topics, words):
    with pytest.raises(InputError) as refusal:
        find_topics(topics)
    assert all(word in str(refusal.value) for word in words), str(refusal.value)
