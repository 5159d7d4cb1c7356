#!/usr/bin/env bash
# Installs what package.xml names, by rosdep, in a container with a sourced or unsourced ROS.
#
#   docker/install_dependencies.sh FOLDER    that holds the package.xml
set -euo pipefail

export DEBIAN_FRONTEND=noninteractive
# rosdep looks the release up in this index; an image may be older than a package's release.
rosdep update --rosdistro "$ROS_DISTRO"
apt-get update -qq
rosdep install --from-paths "$1" --ignore-src --rosdistro "$ROS_DISTRO" --default-yes
