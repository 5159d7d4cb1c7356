#!/usr/bin/env bash
# Builds interfaces/ into the virtual environment, beside the other message packages, so that nobody has to source anything.
#
#   tools/build_interfaces.sh VENV wheels|sourced
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tools/steps.sh
source tools/steps.sh
venv=$1
ros=$2
python=$venv/bin/python

if [[ $ros == sourced ]] && "$python" -c 'import vision_msgs.msg, tf2_msgs.msg' 2>/dev/null; then
    exit 0
fi

# A killed build leaves half-written objects that make takes for finished: always from nothing.
build=$venv/.setup/build
rm -rf "$build"
mkdir -p "$build"

if [[ $ros == wheels ]]; then
    export AMENT_PREFIX_PATH=$venv CMAKE_PREFIX_PATH=$venv
    "$python" tools/point_cmake_at_venv.py "$venv"
else
    # The wheels bring the like of this themselves.
    packages=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    cp tools/own_libraries.py "$packages/grounding_ros_own_libraries.py"
    echo "import grounding_ros_own_libraries" >"$packages/grounding_ros_own_libraries.pth"
fi

# The flags and variables of the make that called this are not for the makes below.
unset MAKELEVEL MFLAGS MAKEOVERRIDES
MAKEFLAGS=-j$(nproc)
export MAKEFLAGS PATH=$venv/bin:$PATH
step "building vision_msgs and tf2_msgs" "$python" -m colcon --log-base "$build/log" build \
    --base-paths interfaces --build-base "$build" --install-base "$venv" --merge-install \
    --executor sequential --event-handlers console_direct+ \
    --cmake-args -DBUILD_TESTING=OFF -DPython3_EXECUTABLE="$python" -DPython3_FIND_VIRTUALENV=ONLY
rm -rf "$build"
