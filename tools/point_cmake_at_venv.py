"""Make the CMake files of the ROS wheels name this environment's Python and NumPy headers.

The wheels name those of the machine that built them (``/opt/python/cp311-cp311/include/...``), and
CMake refuses include folders that do not exist. Running it again changes nothing.
"""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from pathlib import Path

import numpy

FOREIGN = re.compile(
    r'(INTERFACE_INCLUDE_DIRECTORIES ")[^";]*/include/python3\.\d+;[^";]*/numpy/[^";]*include(")'
)


def main(venv: Path) -> None:
    """Rewrite the include folders in every exported CMake file under ``venv/share``."""
    own = f"{sysconfig.get_path('include')};{numpy.get_include()}"
    for path in venv.glob("share/*/cmake/*Export.cmake"):
        text = path.read_text()
        fixed = FOREIGN.sub(lambda match: match[1] + own + match[2], text)
        if fixed != text:
            # Written beside and moved over, so that a kill never leaves half a file.
            new = path.with_suffix(".new")
            new.write_text(fixed)
            os.replace(new, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
