#!/usr/bin/env bash
# Installs the system packages that are missing, with apt when root; else names the command.
#
#   tools/system_packages.sh PYTHON wheels|sourced
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tools/steps.sh
source tools/steps.sh
python=$1
ros=$2

has_library() { "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2>/dev/null; }
has_header() { "$python" -c 'import os, sysconfig; open(os.path.join(sysconfig.get_path("include"), "Python.h"))' 2>/dev/null; }

needed=() # without these nothing can be built
drawing=() # without these only the simulated scenes are missing
command -v cmake >/dev/null || needed+=(cmake)
command -v make >/dev/null || needed+=(make)
command -v c++ >/dev/null || needed+=(g++)
"$python" -c 'import ensurepip' 2>/dev/null || needed+=("python3-venv")
has_header || needed+=("python3-dev")
# The OpenCV of pip needs a newer NumPy than the one an older ROS was compiled with.
[[ $ros == wheels ]] || "$python" -c 'import cv2' 2>/dev/null || needed+=(python3-opencv)
has_library libEGL.so.1 || drawing+=(libegl1 libgl1-mesa-dri)
has_library libGL.so.1 || drawing+=(libgl1)

missing=("${needed[@]}" "${drawing[@]}")
((${#missing[@]})) || exit 0

apt_install() {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

if command -v apt-get >/dev/null && [[ $(id -u) == 0 ]]; then
    step "installing system packages: ${missing[*]}" apt_install
    exit 0
fi
say "System packages are missing. Please run:"
say "    sudo apt-get install --no-install-recommends ${missing[*]}"
((${#needed[@]} == 0)) || stop "Then run make setup again."
say "Going on without them: only the simulated scenes cannot be drawn."
