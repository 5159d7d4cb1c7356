# Sourced by setup.sh: one readable line per step, with the time it took; output is shown only when a step fails.
# shellcheck shell=bash

say() { printf '%s\n' "$*"; }

stop() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

# step "what is done" command...
step() {
    local text=$1 log=$steps_log start=$SECONDS pid status=0
    shift
    printf '  %s ... ' "$text"
    "$@" >"$log" 2>&1 &
    pid=$!
    if [[ -t 1 ]]; then
        while kill -0 "$pid" 2>/dev/null; do
            printf '\r  %s ... %d s ' "$text" $((SECONDS - start))
            sleep 0.5
        done
        printf '\r  %s ... ' "$text"
    fi
    wait "$pid" || status=$?
    if ((status)); then
        printf 'failed after %d s\n' $((SECONDS - start))
        tail -n 60 "$log" >&2
        stop "\"$text\" failed; the whole output is in $log. Running make setup again is safe."
    fi
    printf '%d s\n' $((SECONDS - start))
}
