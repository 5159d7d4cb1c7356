#!/usr/bin/env bash
# Sources the ROS and the workspace, then becomes the command.
set -eo pipefail # not -u: the setup.bash of a ROS reads unset variables

# shellcheck source=/dev/null
source "/opt/ros/$ROS_DISTRO/setup.bash"
# shellcheck source=/dev/null
source /robot_ws/install/setup.bash
exec "$@"
