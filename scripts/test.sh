#!/usr/bin/env bash
# Runs every test: `test.sh`; or one half: `test.sh rust`, `test.sh browser [arguments of playwright test]`.
set -euo pipefail
# shellcheck source=scripts/environment.sh
. "$(dirname "$0")/environment.sh"
# shellcheck source=scripts/free_port.sh
. "$CLAVIGER_ROOT/scripts/free_port.sh"
# shellcheck source=scripts/postgres.sh
. "$CLAVIGER_ROOT/scripts/postgres.sh"
cd "$CLAVIGER_ROOT"

half="${1:-all}"
[ $# = 0 ] || shift
logs=target/test-logs
mkdir -p "$logs"
rm -f "$logs"/*

test_rust() {
    say "Testing the core, the server functions and the server, on SQLite and on PostgreSQL"
    cargo test -p claviger-core -p claviger-app -p claviger --features claviger-app/ssr --no-fail-fast </dev/null 2>&1 |
        tee "$logs/rust"
}

test_browser() {
    "$CLAVIGER_ROOT/scripts/build.sh"
    say "Testing the release in Chromium"
    playwright test -c end2end/playwright.config.ts "$@" </dev/null 2>&1 | tee "$logs/browser"
}

passed_on() { grep -cE "^test (.*::)?$1::.* ok$" "$logs/rust"; }

# A test that runs on one engine only would let the other drift away.
compare_engines() {
    local sqlite postgres
    sqlite="$(passed_on sqlite)"
    postgres="$(passed_on postgres)"
    say "Passed on both databases: $sqlite tests on SQLite, $postgres tests on PostgreSQL"
    [ "$sqlite" = "$postgres" ] || fail "the engines did not run the same tests"
}

# The closing lines of the runners, once more, together.
summarise() {
    say "Done"
    if [ -f "$logs/rust" ]; then
        compare_engines
        grep -E '^ *(Running|Doc-tests)|^test result:' "$logs/rust"
    fi
    if [ -f "$logs/browser" ]; then grep -E '^ +[0-9]+ (passed|failed|flaky|skipped|did not run)' "$logs/browser"; fi
}

set_up test
trap stop_postgres EXIT
trap 'exit 130' INT TERM
start_postgres
case "$half" in
all)
    test_rust
    test_browser "$@"
    ;;
rust) test_rust ;;
browser) test_browser "$@" ;;
*) fail "usage: test.sh [rust|browser]" ;;
esac
summarise
