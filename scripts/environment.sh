# Sourced by every other script: sets the folders of the caches, and puts the tools first on PATH.
# shellcheck shell=bash

CLAVIGER_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# The folder is outside the checkout, so that a clean checkout does not build everything again.
CLAVIGER_CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/claviger"
export CLAVIGER_ROOT CLAVIGER_CACHE
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$CLAVIGER_CACHE/target}"
export LC_ALL=C.UTF-8

# `setup.sh` records the folder of the chosen compiler. Both halves of the application, the server and
# the WebAssembly, must be built by the same one.
use_tools() {
    if [ -f "$CLAVIGER_CACHE/rust-bin" ]; then
        PATH="$(cat "$CLAVIGER_CACHE/rust-bin"):$PATH"
    fi
    PATH="$CLAVIGER_CACHE/tools/bin:$CLAVIGER_ROOT/node_modules/.bin:$PATH"
    export PATH
}
use_tools

# set_up TASK: installs the tools of the task. The first run chooses the compiler only here, so PATH is set again.
set_up() {
    "$CLAVIGER_ROOT/scripts/setup.sh" "$1"
    use_tools
}

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}
