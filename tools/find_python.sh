# Sourced by setup.sh.
# shellcheck shell=bash

python_version() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }

# find_python wheels|sourced: sets $python to $PYTHON where given, else to the first Python that will do.
find_python() {
    local candidate wanted="from 3.10 to 3.13" pattern='^3\.1[0-3]$' # the ROS wheels exist for those
    if [[ $1 == sourced ]]; then
        wanted="3.10 or later" pattern='^3\.[1-9][0-9]$'
    fi
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python3.10; do
        if [[ $(python_version "$candidate") =~ $pattern ]]; then
            # shellcheck disable=SC2034 # used by setup.sh
            python=$candidate
            return
        fi
        [[ -z ${PYTHON:-} ]] || stop "PYTHON=$PYTHON is not a Python $wanted."
    done
    stop "No Python $wanted found. Install one (Debian, Ubuntu: apt-get install python3 python3-venv python3-dev)," \
        "or name it: make setup PYTHON=/path/to/python3"
}
