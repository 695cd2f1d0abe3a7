#!/usr/bin/env bash
# Installs the missing tools of a task: `setup.sh rust`, `build`, `check`, `test`, `fuzz` or `bench`.
# Every step first checks whether its tool is installed, so a second run takes about a second.
set -euo pipefail
# shellcheck source=scripts/environment.sh
. "$(dirname "$0")/environment.sh"
# shellcheck source=scripts/setup/debian.sh
. "$CLAVIGER_ROOT/scripts/setup/debian.sh"
# shellcheck source=scripts/setup/rust.sh
. "$CLAVIGER_ROOT/scripts/setup/rust.sh"
# shellcheck source=scripts/setup/node.sh
. "$CLAVIGER_ROOT/scripts/setup/node.sh"
# shellcheck source=scripts/setup/python.sh
. "$CLAVIGER_ROOT/scripts/setup/python.sh"

set_up_build() {
    set_up_rust
    set_up_node
    install_cargo_tool cargo-leptos 0.3.11 --features no_downloads
    install_cargo_tool wasm-bindgen-cli "$(locked_version wasm-bindgen)"
}

mkdir -p "$CLAVIGER_CACHE/tools/bin"
case "${1:-}" in
rust) set_up_rust ;;
build) set_up_build ;;
check)
    set_up_rust
    set_up_node
    install_command shellcheck shellcheck
    install_command git git
    install_cargo_tool cargo-deny 0.20.2
    ;;
test)
    set_up_build
    install_command "${CHROMIUM:-chromium}" chromium
    install_packages fonts-dejavu-core
    install_postgresql
    install_packages python3-aiosmtpd
    install_command curl curl
    install_gateways
    set_up_python
    ;;
fuzz)
    set_up_rust
    install_command c++ g++
    ;;
bench)
    set_up_build
    install_command wrk wrk
    install_command curl curl
    install_command sqlite3 sqlite3
    install_command taskset util-linux
    install_command python3 python3
    ;;
*) fail "usage: setup.sh rust|build|check|test|fuzz|bench" ;;
esac
