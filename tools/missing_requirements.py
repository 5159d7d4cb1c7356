"""Print the pinned requirements whose distribution or module this Python does not have yet.

For environments on top of a ROS: its NumPy and OpenCV come from the distribution, under other
names and versions, and its compiled messages work with that NumPy only. What the distribution has
too old a version of, as Ubuntu 22.04 does, is needed too.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from importlib import metadata
from pathlib import Path

AT_LEAST = {
    "pytest": 7,  # knows the setting pythonpath
    "setuptools": 64,  # puts the scripts of an editable package into bin/
}
MODULE_OF = {"opencv-python-headless": "cv2", "PyYAML": "yaml", "types-PyYAML": "yaml-stubs"}


def is_here(distribution: str) -> bool:
    """Whether the distribution, or the module it stands for, is installed and new enough."""
    try:
        version = metadata.version(distribution)
    except metadata.PackageNotFoundError:
        module = MODULE_OF.get(distribution, distribution.replace("-", "_"))
        spec = importlib.util.find_spec(module)
        return spec is not None and spec.origin is not None  # a bare folder has no origin
    return int(version.partition(".")[0]) >= AT_LEAST.get(distribution, 0)


def main(files: list[str]) -> None:
    """Print the lines of the requirements files that are still needed."""
    for file in files:
        for line in Path(file).read_text().splitlines():
            if (
                "==" in line
                and not line.startswith("#")
                and not is_here(re.split(r"[\[=]", line)[0])
            ):
                print(line)
    # pip must not bring another NumPy beside the one ROS was compiled with.
    if importlib.util.find_spec("numpy"):
        print(f"numpy=={metadata.version('numpy')}")


if __name__ == "__main__":
    main(sys.argv[1:])
