#!/usr/bin/env bash
# Measures the release in one run and prints each figure beside its target. The load comes from wrk on the same
# machine, which uses a large part of the processors. `bench.sh verification` measures only verification.
set -euo pipefail
# shellcheck source=scripts/environment.sh
. "$(dirname "$0")/environment.sh"
# shellcheck source=scripts/free_port.sh
. "$CLAVIGER_ROOT/scripts/free_port.sh"
# shellcheck source=scripts/bench/verification.sh
. "$CLAVIGER_ROOT/scripts/bench/verification.sh"
cd "$CLAVIGER_ROOT"

connections=32
seconds=10
server=""
folder="$(mktemp -d)"

stop_server() {
    [ -n "$server" ] || return 0
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=""
}
trap 'stop_server; stop_bare; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

line() { printf '  %-46s %14s   %s\n' "$1" "$2" "${3:-}"; }

kib() { awk -v bytes="$1" 'BEGIN { printf "%.1f KiB", bytes / 1024 }'; }

# verdict VALUE COMPARISON TARGET UNIT
verdict() {
    awk -v value="$1" -v target="$3" -v comparison="$2" -v unit="$4" 'BEGIN {
        met = comparison == "at most" ? value <= target : value >= target
        printf "%s: %s %s %s", met ? "met" : "MISSED", comparison, target, unit
    }'
}

# size_of PATTERN: the total size, in bytes, of the files of the site whose names match.
size_of() { find dist/site/pkg -name "$1" -printf '%s\n' | awk '{ sum += $1 } END { print sum + 0 }'; }

measure_sizes() {
    local wasm js compressed
    wasm="$(size_of '*.wasm.br')"
    js="$(size_of '*.js.br')"
    compressed=$((wasm + js))
    say "Size of what the landing page loads"
    line "WebAssembly, raw" "$(kib "$(size_of '*.wasm')")"
    line "WebAssembly, brotli" "$(kib "$wasm")"
    line "JavaScript, raw" "$(kib "$(size_of '*.js')")"
    line "JavaScript, brotli" "$(kib "$js")"
    line "style, brotli" "$(kib "$(size_of '*.css.br')")"
    line "WebAssembly + JavaScript, brotli" "$(kib "$compressed")" \
        "$(verdict "$(awk -v bytes="$compressed" 'BEGIN { print bytes / 1024 }')" "at most" 220 KiB)"
}

# start_server [COMMAND ...]: starts the server, through the command if one is given.
start_server() {
    (
        cd "$folder"
        exec env LEPTOS_SITE_ADDR="127.0.0.1:$port" CLAVIGER_DATA_DIR="$folder/data" RUST_LOG=warn \
            "$@" "$CLAVIGER_ROOT/dist/claviger" serve
    ) </dev/null >>"$folder/log" 2>&1 &
    server=$!
}

# Sends the request over a bare connection: starting a program for each attempt would take longer than the server.
answers() {
    local first=""
    exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
    printf 'GET /healthz HTTP/1.1\r\nHost: localhost:%s\r\nConnection: close\r\n\r\n' "$port" >&3
    read -r first <&3 || true
    exec 3>&-
    [[ "$first" == *" 200 "* ]]
}

await_server() {
    until answers 2>/dev/null; do
        kill -0 "$server" 2>/dev/null || {
            cat "$folder/log" >&2
            fail "the server ended"
        }
    done
}

measure_start() {
    local before after times=() _
    for _ in 1 2 3 4 5; do
        before=$EPOCHREALTIME
        start_server
        await_server
        after=$EPOCHREALTIME
        times+=("$(awk -v before="$before" -v after="$after" 'BEGIN { printf "%.0f", (after - before) * 1000 }')")
        stop_server
    done
    local median
    median="$(printf '%s\n' "${times[@]}" | sort -n | sed -n 3p)"
    say "Start with an existing database, until /healthz answers (median of five)"
    line "start" "$median ms" "$(verdict "$median" "at most" 200 ms)"
}

resident() { awk '/^VmRSS/ { print $2 }' "/proc/$server/status"; }

measure_memory() {
    local mebibytes
    mebibytes="$(awk -v kib="$1" 'BEGIN { printf "%.1f", kib / 1024 }')"
    line "resident, $2" "$mebibytes MiB" "$(verdict "$mebibytes" "at most" 64 MiB)"
}

# Signs up an organisation as the form does, and stores the session cookies.
sign_up() {
    curl -sS -o /dev/null -D "$folder/headers" "http://localhost:$port/api/sign_up" \
        -H "Origin: http://localhost:$port" \
        --data-urlencode "organisation=Lighthouse" --data-urlencode "name=Ada" \
        --data-urlencode "email=ada@example.org" --data-urlencode "password=$(head -c 15 /dev/urandom | od -An -tx1 | tr -d ' \n')"
    cookies="$(sed -n 's/^[Ss]et-[Cc]ookie: \([^;]*\).*/\1/p' "$folder/headers" | tr -d '\r' | paste -sd ';')"
    [ -n "$cookies" ] || fail "signing up gave no session"
}

# load PATH [HEADER]: sets `rate` and `p50`.
load() {
    local out
    out="$(wrk -t 1 -c "$connections" -d "${seconds}s" --latency ${2:+-H "$2"} "http://localhost:$port$1")"
    if grep -q 'Non-2xx' <<<"$out"; then
        echo "$out" >&2
        fail "$1 answered something else than 200"
    fi
    rate="$(awk '/^Requests\/sec/ { printf "%.0f", $2 }' <<<"$out")"
    p50="$(awk '$1 == "50%" { print $2 }' <<<"$out")"
}

measure_load() {
    say "Load: one thread of wrk, $connections connections, $seconds seconds each, $(nproc) processors shared with the server"
    load /healthz
    line "/healthz, a bare handler" "$rate /s" "p50 $p50"
    load /login
    line "/login" "$rate /s" "p50 $p50"
    load /credentials "Cookie: $cookies"
    line "/credentials, signed in" "$rate /s" "p50 $p50; $(verdict "$rate" "at least" 2000 /s)"
}

# Inserts the rows directly while the server is stopped: hashing 2,000 passwords would take a minute.
add_members() {
    sqlite3 "$folder/data/claviger.db" "
        INSERT INTO member (id, account_id, email, email_folded, name, name_folded, password_hash, status, created_at)
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1999)
        SELECT 'member-' || n, account.id, 'm' || n || '@example.org', 'm' || n || '@example.org', 'Member ' || n,
            'member ' || n, '', 'active', 0 FROM numbers, account;"
}

measure_members() {
    local path out p99
    say "An organisation with 2,000 members: one request at a time, 3 seconds each"
    for path in "/members" "/members?page=80" "/members?search=m1999"; do
        out="$(wrk -t 1 -c 1 -d 3s --latency -H "Cookie: $cookies" "http://localhost:$port$path")"
        if grep -q 'Non-2xx' <<<"$out"; then fail "$path answered something else than 200"; fi
        p99="$(awk '$1 == "99%" { value = $2 + 0; if ($2 ~ /us$/) value /= 1000; if ($2 ~ /[0-9]s$/) value *= 1000
            printf "%.2f", value }' <<<"$out")"
        line "$path, p99" "$p99 ms" "$(verdict "$p99" "at most" 50 ms)"
    done
}

set_up bench
"$CLAVIGER_ROOT/scripts/build.sh"
port="$(free_port)"
if [ "${1:-}" = verification ]; then
    measure_verification
    exit
fi
start_server
await_server
sign_up
stop_server

measure_sizes
measure_start
start_server
await_server
curl -sS -o /dev/null "http://localhost:$port/credentials" -H "Cookie: $cookies"
say "Memory"
measure_memory "$(resident)" "idle after one page"
measure_load
say "Memory"
measure_memory "$(resident)" "idle after the load"
stop_server
add_members
start_server
await_server
measure_members
stop_server
measure_verification
