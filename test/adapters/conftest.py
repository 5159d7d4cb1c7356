"""An answer worked out by hand, and message types with the fields of the real ones."""

from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pytest

from grounding_ros.scene import Answer, Detections, Frame, Intrinsics, Objects3D, Status

CAMERA = Intrinsics(64, 48, 50.0, 50.0, 31.5, 23.5)
QUARTER_TURN = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])
NAN = np.full(3, np.nan)


def masks_of(*boxes):
    masks = np.zeros((len(boxes), 48, 64), bool)
    for mask, (x0, y0, x1, y1) in zip(masks, boxes, strict=True):
        mask[y0:y1, x0:x1] = True
    return masks


@pytest.fixture
def frame():
    """Grey, everything 1 m away."""
    return Frame(
        rgb=np.full((48, 64, 3), 90, np.uint8),
        depth=np.ones((48, 64), np.float32),
        intrinsics=CAMERA,
        stamp_ns=12_000_000_345,
        frame_id="optical",
    )


@pytest.fixture
def an_answer():
    """A blue ball without 3D, a green can that was not chosen, and a red box, the best."""

    def make(*, chosen=(2, 0), **changes):
        fields = {
            "status": Status.GROUNDED,
            "text": "the red box and the ball",
            "task": "find",
            "stamp_ns": 12_000_000_345,
            "frame_id": "optical",
            "candidates": Detections(
                boxes=np.array([[4, 6, 14, 16], [50, 2, 60, 12], [10.5, 10, 40, 30]]),
                scores=np.array([0.5, 0.75, 0.25]),
                labels=("blue ball", "green can", "red box"),
                image_size=(48, 64),
                masks=masks_of((4, 6, 14, 16), (50, 2, 60, 12), (10, 10, 40, 30)),
            ),
            "objects": Objects3D(
                frame_id="optical",
                centers=np.array([NAN, [0.4, -0.3, 1.0], [0.1, -0.2, 0.5]]),
                rotations=np.stack([np.full((3, 3), np.nan), np.eye(3), QUARTER_TURN]),
                sizes=np.array([NAN, [0.1, 0.1, 0.1], [0.2, 0.1, 0.05]]),
                covariances=np.stack(
                    [np.full((3, 3), np.nan), np.eye(3), np.diag([1e-4, 4e-4, 9e-4])]
                ),
                point_counts=np.array([0, 50, 90]),
                reasons=("no depth under the mask", "", ""),
                up=NAN,
            ),
            "chosen": chosen,
            "count": len(chosen),
        }
        return Answer(**(fields | changes))

    return make


def struct(**fields):
    """A message type whose fields are made by calling these."""

    def make(**given):
        assert given.keys() <= fields.keys(), f"no field of that name: {given}"
        return SimpleNamespace(**({name: kind() for name, kind in fields.items()} | given))

    return make


_point = struct(x=float, y=float, z=float)
_quaternion = struct(x=float, y=float, z=float, w=lambda: 1.0)
_pose = struct(position=_point, orientation=_quaternion)
_header = struct(stamp=struct(sec=int, nanosec=int), frame_id=str)
_hypothesis = struct(
    hypothesis=struct(class_id=str, score=float),
    pose=struct(pose=_pose, covariance=lambda: [0.0] * 36),
)
_centre_2d = struct(position=struct(x=float, y=float), theta=float)
_box_2d = struct(center=_centre_2d, size_x=float, size_y=float)
_box_3d = struct(center=_pose, size=_point)
_marker = struct(
    header=_header, ns=str, id=int, type=int, action=int, pose=_pose, scale=_point, text=str,
    color=struct(r=float, g=float, b=float, a=float),
)  # fmt: skip
vars(_marker).update(CUBE=1, TEXT_VIEW_FACING=9, ADD=0, DELETEALL=3)
_field = struct(name=str, offset=int, datatype=int, count=int)
vars(_field).update(FLOAT32=7)

FAKES = {
    "std_msgs": SimpleNamespace(Header=_header, Float32=struct(data=float)),
    "geometry_msgs": SimpleNamespace(PoseStamped=struct(header=_header, pose=_pose)),
    "vision_msgs": SimpleNamespace(
        Detection2DArray=struct(header=_header, detections=list),
        Detection3DArray=struct(header=_header, detections=list),
        Detection2D=struct(header=_header, id=str, results=list, bbox=_box_2d),
        Detection3D=struct(header=_header, id=str, results=list, bbox=_box_3d),
        ObjectHypothesisWithPose=_hypothesis,
        VisionClass=struct(class_id=int, class_name=str),
        LabelInfo=struct(header=_header, class_map=list, threshold=float),
    ),
    "visualization_msgs": SimpleNamespace(MarkerArray=struct(markers=list), Marker=_marker),
    "sensor_msgs": SimpleNamespace(
        PointField=_field,
        PointCloud2=struct(
            header=_header, height=int, width=int, fields=list, point_step=int, row_step=int,
            is_bigendian=bool, is_dense=bool, data=bytes,
        ),
    ),
}  # fmt: skip


@pytest.fixture(params=["fake", "real"])
def messages(request):
    """Give a package's module of messages by name: made up here, and the real one where ROS is."""
    if request.param == "fake":
        return FAKES.__getitem__

    def real(package):
        pytest.importorskip(f"{package}.msg", reason="ROS 2 is not here: run `make test`")
        return import_module(f"{package}.msg")

    return real


@pytest.fixture
def header(messages):
    made = messages("std_msgs").Header(frame_id="optical")
    made.stamp.sec, made.stamp.nanosec = 12, 345
    return made
