# Sourced by setup.sh.
# shellcheck shell=bash

python_version() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }

# Sets $python: $PYTHON where given, else the first Python from 3.10 to 3.13 (the ROS wheels exist for those).
find_python() {
    local candidate
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python3.10; do
        case $(python_version "$candidate") in
            3.10 | 3.11 | 3.12 | 3.13)
                # shellcheck disable=SC2034 # used by setup.sh
                python=$candidate
                return
                ;;
        esac
        [[ -z ${PYTHON:-} ]] || stop "PYTHON=$PYTHON is not a Python from 3.10 to 3.13."
    done
    stop "No Python from 3.10 to 3.13 found. Install one (Debian, Ubuntu: apt-get install python3 python3-venv python3-dev)," \
        "or name it: make setup PYTHON=/path/to/python3"
}
