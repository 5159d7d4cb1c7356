# Sourced: one readable line per step, with the time it took; output is shown only when a step fails.
# shellcheck shell=bash

steps_log=$PWD/.setup.log

say() { printf '%s\n' "$*"; }

stop() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

# step "what is done" command...
step() {
    local text=$1 start=$SECONDS pid status=0
    shift
    printf '  %s ... ' "$text"
    # In a process group of its own, so that Ctrl-C ends the compilers under it too.
    set -m
    "$@" >"$steps_log" 2>&1 </dev/null &
    pid=$!
    set +m
    # shellcheck disable=SC2064 # the group of now is meant
    trap "kill -- -$pid 2>/dev/null; exit 130" INT TERM HUP
    if [[ -t 1 ]]; then
        while kill -0 "$pid" 2>/dev/null; do
            printf '\r  %s ... %d s ' "$text" $((SECONDS - start))
            sleep 0.5
        done
        printf '\r  %s ... ' "$text"
    fi
    wait "$pid" || status=$?
    trap - INT TERM HUP
    if ((status)); then
        printf 'failed after %d s\n' $((SECONDS - start))
        tail -n 60 "$steps_log" >&2
        stop "\"$text\" failed; the whole output is in .setup.log. Running make setup again is safe."
    fi
    printf '%d s\n' $((SECONDS - start))
}
