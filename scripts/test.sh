#!/usr/bin/env bash
# Runs every test: `test.sh`; or one part: `test.sh rust [arguments of cargo test]`, `test.sh contract`,
# `test.sh browser [arguments of playwright test]`.
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
    cargo rust-test --no-fail-fast "$@" </dev/null 2>&1 | tee "$logs/rust"
}

test_browser() {
    "$CLAVIGER_ROOT/scripts/build.sh"
    say "Testing the release in Chromium"
    playwright test -c end2end/playwright.config.ts "$@" </dev/null 2>&1 | tee "$logs/browser"
}

# ask_by_document PORT [OPTION ...]: sends generated requests, and checks the rules for every answer. /v1/authorize
# accepts any method, and a header that is not text is refused, although a schema cannot express this.
ask_by_document() {
    local port="$1"
    shift
    "$CLAVIGER_CACHE/tools/python/bin/schemathesis" run "http://127.0.0.1:$port/v1/openapi.json" --checks all \
        --exclude-checks unsupported_method --max-examples 100 --seed 1 --no-color "$@" </dev/null
}

stop_contract_server() {
    [ -n "${contract_server:-}" ] || return 0
    kill "$contract_server" 2>/dev/null || true
    wait "$contract_server" 2>/dev/null || true
    contract_server=""
}

# Tests the release against its OpenAPI document: every status and every schema of an answer must be in the document. Once
# with generated keys, and once with valid ones.
test_contract() {
    local port status=0 folder keys
    "$CLAVIGER_ROOT/scripts/build.sh"
    say "Testing the release against its OpenAPI document"
    port="$(free_port)"
    folder="$(mktemp -d)"
    LEPTOS_SITE_ADDR="127.0.0.1:$port" CLAVIGER_DATA_DIR="$folder/data" RUST_LOG=warn dist/claviger serve \
        </dev/null >"$logs/contract-server" 2>&1 &
    contract_server=$!
    until curl -sf -o /dev/null "http://127.0.0.1:$port/readyz"; do
        kill -0 "$contract_server" 2>/dev/null || fail "the server ended: $(cat "$logs/contract-server")"
    done
    mapfile -t keys < <("$CLAVIGER_CACHE/tools/python/bin/python" scripts/contract/keys.py "http://127.0.0.1:$port")
    [ ${#keys[@]} = 2 ] || fail "there are no keys to ask with"
    (
        cd "$folder"
        ask_by_document "$port"
        ask_by_document "$port" -H "ApiKey: ${keys[0]}" -H "BundleKey: ${keys[1]}"
    ) 2>&1 | tee "$logs/contract" || status=1
    stop_contract_server
    rm -rf "$folder"
    return $status
}

passed_on() { grep -cE "^test (.*::)?$1::.* ok$" "$logs/rust"; }

# Both engines must run the same number of tests: otherwise a difference between them could go unnoticed.
compare_engines() {
    local sqlite postgres
    sqlite="$(passed_on sqlite)"
    postgres="$(passed_on postgres)"
    say "Passed on both databases: $sqlite tests on SQLite, $postgres tests on PostgreSQL"
    [ "$sqlite" = "$postgres" ] || fail "the engines did not run the same tests"
}

# Prints the summary lines of all test runners again, together.
summarise() {
    say "Done"
    if [ -f "$logs/rust" ]; then
        [ -n "${chosen:-}" ] || compare_engines
        grep -E '^ *(Running|Doc-tests)|^test result:|SKIPPED:' "$logs/rust"
    fi
    if [ -f "$logs/contract" ]; then grep -E '(tested|passed|failed|generated)' "$logs/contract" | tail -n 5; fi
    if [ -f "$logs/browser" ]; then grep -E '^ +[0-9]+ (passed|failed|flaky|skipped|did not run)' "$logs/browser"; fi
}

# The tests skip parts for which the machine lacks a tool. Here a skipped part is an error of the set-up.
export CLAVIGER_TEST_DEMANDS_POSTGRES=1 CLAVIGER_TEST_DEMANDS_PROGRAMS=1
set_up test
trap 'stop_postgres; stop_contract_server' EXIT
trap 'exit 130' INT TERM
start_postgres
case "$half" in
all)
    test_rust
    test_contract
    test_browser "$@"
    ;;
rust)
    # Skip the comparison of the engines if only a part of the tests ran.
    chosen="$*"
    test_rust "$@"
    ;;
contract) test_contract ;;
browser) test_browser "$@" ;;
*) fail "usage: test.sh [rust|contract|browser] [arguments]" ;;
esac
summarise
