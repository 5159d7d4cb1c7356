#!/usr/bin/env bash
# Builds a workspace with grounding_ros in src/, its executables on a Python that sees ROS and pip's packages.
#
#   docker/build_workspace.sh WORKSPACE [PIP_PACKAGE...]
set -eo pipefail # not -u: the setup.bash of a ROS reads unset variables

workspace=$1
shift
# shellcheck source=/dev/null
source "/opt/ros/$ROS_DISTRO/setup.bash"

# pip may not write into the Python of newer Ubuntu; an environment that sees it may.
python3 -m venv --system-site-packages "$workspace/venv"
# colcon must not take the environment for a source of packages.
touch "$workspace/venv/COLCON_IGNORE"
python="$workspace/venv/bin/python"
if (($#)); then
    # ROS's messages are compiled against this NumPy, so pip must not bring another.
    numpy=$("$python" -c 'import numpy; print(numpy.__version__)')
    "$python" -m pip install --no-cache-dir "numpy==$numpy" "$@"
fi

cd "$workspace"
# The Python that runs colcon is the one that the executables get.
"$python" -m colcon build --merge-install
