#!/usr/bin/env bash
# Builds and tests grounding_ros in a container of a ROS distribution, as root; fails when a test is skipped.
#
#   docker/run_tests.sh [ARGUMENT FOR PYTEST...]
set -eo pipefail # not -u: the setup.bash of a ROS reads unset variables

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
# shellcheck source=/dev/null
source "/opt/ros/$ROS_DISTRO/setup.bash"

docker/install_dependencies.sh .
# The test tools, MuJoCo and rosbags, which rosdep does not have: in .venv, on top of the ROS.
make setup PYTHON=/usr/bin/python3

workspace=$(mktemp -d)
mkdir "$workspace/src"
ln -s "$root" "$workspace/src/grounding_ros"
(cd "$workspace" && "$root/.venv/bin/python" -m colcon build)
# shellcheck source=/dev/null
source "$workspace/install/setup.bash"

# A skip here means that something is missing which this container should have. Only real camera
# frames and sentences may be absent, which are not part of the repository, and the libraries of models
# with weights, which no distribution has.
exec .venv/bin/python -m pytest test --no-skips --may-skip "not shipped" --may-skip "the real frames" --may-skip "needs the extra models" "$@"
