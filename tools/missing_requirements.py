"""Print the pinned requirements whose distribution or module this Python does not have yet.

For environments on top of a ROS: its NumPy and OpenCV come from the distribution, under other
names and versions, and its compiled messages work with that NumPy only.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from importlib import metadata
from pathlib import Path

MODULE_OF = {"opencv-python-headless": "cv2", "PyYAML": "yaml", "types-PyYAML": "yaml-stubs"}


def is_here(distribution: str) -> bool:
    """Whether the distribution, or the module it stands for, is installed."""
    try:
        metadata.version(distribution)
    except metadata.PackageNotFoundError:
        module = MODULE_OF.get(distribution, distribution.replace("-", "_"))
        spec = importlib.util.find_spec(module)
        return spec is not None and spec.origin is not None  # a bare folder has no origin
    return True


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
