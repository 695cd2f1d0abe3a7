# Sourced by bench.sh: measures the cost of a verification beside a bare handler that answers 204. Server and client
# have one processor each.
# shellcheck shell=bash disable=SC2154

email=ada@example.org
bare=""

stop_bare() {
    [ -n "$bare" ] || return 0
    kill "$bare" 2>/dev/null || true
    wait "$bare" 2>/dev/null || true
    bare=""
}

milliseconds() {
    awk -v value="$1" 'BEGIN { number = value + 0; if (value ~ /us$/) number /= 1000; if (value ~ /[0-9]s$/) number *= 1000
        printf "%.3f", number }'
}

# ask PORT KIND: sets `rate` and `p99` (in milliseconds).
ask() {
    local out
    out="$(taskset -c 1 wrk -t 1 -c "$connections" -d "${seconds}s" --latency -s "$CLAVIGER_ROOT/scripts/bench/verify.lua" \
        "http://127.0.0.1:$1" -- "$folder/pairs" "$2" "$(unknown_key)")"
    rate="$(awk '/^Requests\/sec/ { printf "%.0f", $2 }' <<<"$out")"
    p99="$(milliseconds "$(awk '$1 == "99%" { print $2 }' <<<"$out")")"
    refused="$(awk '/Non-2xx/ { print $NF }' <<<"$out")"
}

# A key of another installation: it has the format of a key and the correct checksum.
unknown_key() { head -n 1 "$folder/elsewhere/pairs" | cut -d ' ' -f 1; }

make_unknown_key() {
    mkdir -p "$folder/elsewhere"
    make_account "$folder/elsewhere/data"
    "$CARGO_TARGET_DIR/release/examples/seed" "$folder/elsewhere/data" "$email" 1 >"$folder/elsewhere/pairs"
}

make_account() {
    CLAVIGER_DATA_DIR="$1" "$CLAVIGER_ROOT/dist/claviger" account create --organisation Acme --name Ada \
        --email "$email" >/dev/null 2>&1
}

expect_all_passed() { [ -z "$refused" ] || fail "$refused good keys were refused"; }

measure_bare() {
    local port_of_bare
    port_of_bare="$(free_port)"
    taskset -c 0 "$CARGO_TARGET_DIR/release/examples/bare" "127.0.0.1:$port_of_bare" &
    bare=$!
    until (exec 3<>"/dev/tcp/127.0.0.1/$port_of_bare") 2>/dev/null; do kill -0 "$bare"; done
    ask "$port_of_bare" good
    stop_bare
    bare_rate="$rate" bare_p99="$p99"
    line "a bare handler that answers 204" "$rate /s" "p99 $p99 ms"
}

# start_pinned [VARIABLE=VALUE ...]
start_pinned() {
    start_server taskset -c 0 env "$@"
    until curl -sf -o /dev/null "http://127.0.0.1:$port/readyz"; do kill -0 "$server" || fail "the server ended"; done
}

compare() {
    local share ratio
    share="$(awk -v a="$rate" -v b="$bare_rate" 'BEGIN { printf "%.2f", a / b }')"
    ratio="$(awk -v a="$p99" -v b="$bare_p99" 'BEGIN { printf "%.2f", a / b }')"
    line "$1" "$rate /s" "$share of bare; $(verdict "$share" "at least" 0.90 "")"
    line "" "p99 $p99 ms" "$ratio of bare; $(verdict "$ratio" "at most" 1.3 "")"
}

# with_accounts NUMBER: creates this many accounts in a new data folder.
with_accounts() {
    local before after
    rm -rf "$folder/data" "$folder/pairs"
    make_account "$folder/data"
    start_pinned
    before="$(resident)"
    stop_server
    "$CARGO_TARGET_DIR/release/examples/seed" "$folder/data" "$email" "$1" >"$folder/pairs"
    start_pinned
    after="$(resident)"
    say "Verification with $1 accounts, processor 0 for the server, processor 1 for wrk, $connections connections"
    line "memory" "$(awk -v kib=$((after - before)) -v n="$1" 'BEGIN { printf "%.0f bytes", kib * 1024 / n }')" "an account"
    measure_bare
    ask "$port" good
    expect_all_passed
    compare "good keys"
    for kind in bad unknown; do
        ask "$port" "$kind"
        line "$kind keys" "$rate /s" "p99 $p99 ms"
    done
}

# 64 simultaneous log-ins with a wrong password, from as many addresses, for slightly longer than the measurement takes.
check_passwords() {
    taskset -c 1 wrk -t 1 -c 64 -d "$((seconds + 3))s" --timeout 60s -s "$CLAVIGER_ROOT/scripts/bench/passwords.lua" \
        "http://127.0.0.1:$port" >/dev/null &
    password_checks=$!
    until [ "$(in_flight)" = 64 ]; do kill -0 "$password_checks"; done
}

in_flight() { curl -s "http://127.0.0.1:$metrics_port/metrics" | awk '/^claviger_password_checks/ { print $2 }'; }

measure_beside_passwords() {
    local quiet still
    # Metrics are on only here, to see how many checks are in flight: measuring has a small cost.
    stop_server
    metrics_port="$(free_port)"
    start_pinned "CLAVIGER_METRICS_ADDR=127.0.0.1:$metrics_port" CLAVIGER_TRUSTED_PROXIES=127.0.0.1
    say "Verification while 64 passwords are being checked"
    ask "$port" good
    quiet="$p99"
    line "quiet" "$rate /s" "p99 $quiet ms"
    check_passwords
    ask "$port" good
    still="$(in_flight)"
    kill "$password_checks" 2>/dev/null || true
    wait "$password_checks" 2>/dev/null || true
    line "$still in flight" "$rate /s" "p99 $p99 ms; $(verdict "$(awk -v a="$p99" -v b="$quiet" 'BEGIN { printf "%.2f", a / b }')" \
        "at most" 1.5 "of quiet")"
}

# One account requests new passwords over 160 connections, for slightly longer than the measurements take.
measure_beside_flood() {
    local password="wide purple tuba 9 marsh" session quiet flood slowest
    stop_server
    start_pinned
    say "Verification, and the dialog of another organisation, while one account floods the server from 160 connections"
    session="$(python3 "$CLAVIGER_ROOT/scripts/bench/member.py" "http://127.0.0.1:$port" sign-up flood@example.org "$password")"
    python3 "$CLAVIGER_ROOT/scripts/bench/member.py" "http://127.0.0.1:$port" sign-up other@example.org "$password" >/dev/null
    ask "$port" good
    quiet="$p99"
    line "quiet" "$rate /s" "p99 $quiet ms"
    taskset -c 1 wrk -t 1 -c 160 -d "$((2 * seconds + 5))s" --timeout 60s -s "$CLAVIGER_ROOT/scripts/bench/flood.lua" \
        "http://127.0.0.1:$port" -- "${session%$'\t'*}" "${session#*$'\t'}" "${password// /+}" >"$folder/flood" &
    flood=$!
    ask "$port" good
    line "flooded" "$rate /s" "p99 $p99 ms; $(verdict "$(awk -v a="$p99" -v b="$quiet" 'BEGIN { printf "%.2f", a / b }')" \
        "at most" 2 "of quiet")"
    slowest="$(python3 "$CLAVIGER_ROOT/scripts/bench/member.py" "http://127.0.0.1:$port" view 10 other@example.org "$password")"
    kill -0 "$flood" || fail "the flood ended before it was measured: $(cat "$folder/flood")"
    kill "$flood"
    wait "$flood" 2>/dev/null || true
    line "slowest of 10 dialogs" "$slowest s" "$(verdict "$slowest" "at most" 2 s)"
}

measure_verification() {
    say "Building what verification is measured with"
    cargo build --release --locked -p claviger-core --features seeding --example seed </dev/null
    cargo build --release --locked -p claviger --example bare </dev/null
    make_unknown_key
    with_accounts 1000
    measure_beside_passwords
    measure_beside_flood
    stop_server
    with_accounts 1000000
    stop_server
}
