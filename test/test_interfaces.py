"""Other people's messages, declared by us, have their fields in their order."""

import pytest

vision = pytest.importorskip("vision_msgs.msg", reason="needs vision_msgs: run `make test`")
tf2 = pytest.importorskip("tf2_msgs.msg", reason="needs tf2_msgs: run `make test`")

HEADER = ("header", "std_msgs/Header")
RESULTS = ("results", "sequence<vision_msgs/ObjectHypothesisWithPose>")

FIELDS = {
    "Point2D": [("x", "double"), ("y", "double")],
    "Pose2D": [("position", "vision_msgs/Point2D"), ("theta", "double")],
    "BoundingBox2D": [
        ("center", "vision_msgs/Pose2D"),
        ("size_x", "double"),
        ("size_y", "double"),
    ],
    "BoundingBox2DArray": [HEADER, ("boxes", "sequence<vision_msgs/BoundingBox2D>")],
    "BoundingBox3D": [("center", "geometry_msgs/Pose"), ("size", "geometry_msgs/Vector3")],
    "BoundingBox3DArray": [HEADER, ("boxes", "sequence<vision_msgs/BoundingBox3D>")],
    "ObjectHypothesis": [("class_id", "string"), ("score", "double")],
    "ObjectHypothesisWithPose": [
        ("hypothesis", "vision_msgs/ObjectHypothesis"),
        ("pose", "geometry_msgs/PoseWithCovariance"),
    ],
    "Detection2D": [HEADER, RESULTS, ("bbox", "vision_msgs/BoundingBox2D"), ("id", "string")],
    "Detection2DArray": [HEADER, ("detections", "sequence<vision_msgs/Detection2D>")],
    "Detection3D": [HEADER, RESULTS, ("bbox", "vision_msgs/BoundingBox3D"), ("id", "string")],
    "Detection3DArray": [HEADER, ("detections", "sequence<vision_msgs/Detection3D>")],
    "VisionClass": [("class_id", "uint16"), ("class_name", "string")],
    "LabelInfo": [
        HEADER,
        ("class_map", "sequence<vision_msgs/VisionClass>"),
        ("threshold", "float"),
    ],
    "VisionInfo": [
        HEADER,
        ("method", "string"),
        ("database_location", "string"),
        ("database_version", "int32"),
    ],
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_message_of_vision_msgs_has_the_fields_of_4_1_1(name):
    message = getattr(vision, name)
    assert list(message.get_fields_and_field_types().items()) == FIELDS[name]


def test_the_transform_message_has_its_one_field():
    fields = tf2.TFMessage.get_fields_and_field_types()
    assert list(fields.items()) == [("transforms", "sequence<geometry_msgs/TransformStamped>")]


def test_a_detection_survives_its_bytes():
    serialization = pytest.importorskip("rclpy.serialization", reason="needs rclpy")
    detection = vision.Detection3D(id="7")
    detection.bbox.size.x = 0.25
    hypothesis = vision.ObjectHypothesisWithPose()
    hypothesis.hypothesis.class_id = "mug"
    detection.results = [hypothesis]
    sent = vision.Detection3DArray(detections=[detection])
    data = serialization.serialize_message(sent)
    assert serialization.deserialize_message(data, vision.Detection3DArray) == sent
