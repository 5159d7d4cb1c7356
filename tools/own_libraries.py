"""Let the dynamic linker find the message libraries of this environment.

Copied into the environment where a ROS lacks vision_msgs and it was built there; a .pth file
imports it whenever the environment's Python starts.
"""

import os
import sys

_libraries = os.path.join(sys.prefix, "lib")
_path = [part for part in os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep) if part]

if _libraries not in _path:
    # The linker reads the variable only when a process starts, so this one starts again.
    os.environ["LD_LIBRARY_PATH"] = os.pathsep.join([_libraries, *_path])
    os.execv(sys.executable, sys.orig_argv)
