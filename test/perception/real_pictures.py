"""Five real pictures of different aspect, read where they lie; they are not ours to ship."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from grounding_ros.scene import Frame

DATA = Path(__file__).parents[3] / "shared/data"


def read(name):
    file = DATA / name
    if not file.is_file():
        pytest.skip(f"the real picture {file} is absent")
    return cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB)


def frames():
    """Wide, small, VGA, upright and square."""
    groceries = read("images_misc/groceries.jpg")
    return [
        Frame(np.ascontiguousarray(picture))
        for picture in (
            read("coco_panoptic_sample/input_images/000000439180.jpg"),
            read("images_misc/orange.jpg"),
            read("roborefit_sample/0.png"),
            np.rot90(groceries),
            groceries[:500, 100:600],
        )
    ]
