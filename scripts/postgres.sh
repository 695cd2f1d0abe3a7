# Sourced by the test scripts: starts a separate PostgreSQL, on a free port, in a temporary folder.
# shellcheck shell=bash

# A folder in memory if there is room. The tests create and drop hundreds of databases of 300 files each. ext4 reuses no inode
# for seconds after a deletion and searches past all of these: that took more time than everything else that PostgreSQL did.
make_postgres_folder() {
    local free
    free="$(df --output=avail -B 1M /dev/shm 2>/dev/null | tail -n 1)"
    if [ -w /dev/shm ] && [ "${free:-0}" -ge 4096 ]; then mktemp -d -p /dev/shm; else mktemp -d; fi
}

# PostgreSQL refuses to run as root; Debian's package creates a user for it.
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

# Logs every statement with its parameters: a test searches this log for secrets.
start_postgres() {
    local port
    CLAVIGER_TEST_POSTGRES_BIN="$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1 | xargs -r dirname)"
    [ -n "$CLAVIGER_TEST_POSTGRES_BIN" ] || fail "PostgreSQL is not installed: scripts/setup.sh test installs it"
    postgres_folder="$(make_postgres_folder)"
    if [ "$(id -u)" = 0 ]; then chown postgres "$postgres_folder"; fi
    port="$(free_port)"
    say "Starting PostgreSQL for the tests"
    (
        cd "$postgres_folder"
        as_postgres "$CLAVIGER_TEST_POSTGRES_BIN/initdb" -D "$postgres_folder/data" -A trust -U postgres -E UTF8 --no-sync
        as_postgres "$CLAVIGER_TEST_POSTGRES_BIN/pg_ctl" -D "$postgres_folder/data" -l "$postgres_folder/log" -w \
            -o "-p $port -k $postgres_folder -c listen_addresses=127.0.0.1 -c max_connections=300 -c fsync=off" \
            -o "-c log_statement=all -c log_connections=on" start
    ) </dev/null >"$postgres_folder.start" 2>&1 || {
        cat "$postgres_folder.start" "$postgres_folder/log" >&2 || true
        fail "PostgreSQL did not start"
    }
    rm -f "$postgres_folder.start"
    CLAVIGER_TEST_POSTGRES_URL="postgres://postgres@127.0.0.1:$port/postgres"
    CLAVIGER_TEST_POSTGRES_DATA="$postgres_folder/data"
    CLAVIGER_TEST_POSTGRES_LOG="$postgres_folder/log"
    export CLAVIGER_TEST_POSTGRES_BIN CLAVIGER_TEST_POSTGRES_URL CLAVIGER_TEST_POSTGRES_DATA CLAVIGER_TEST_POSTGRES_LOG
}

# SIGINT makes PostgreSQL close its connections and stop; SIGQUIT makes it stop immediately.
stop_postgres() {
    [ -n "${postgres_folder:-}" ] || return 0
    local process _
    process="$(head -n 1 "$postgres_folder/data/postmaster.pid" 2>/dev/null || true)"
    if [ -n "$process" ]; then
        kill -INT "$process" 2>/dev/null || true
        for _ in $(seq 100); do
            kill -0 "$process" 2>/dev/null || break
            sleep 0.1
        done
        kill -QUIT "$process" 2>/dev/null || true
    fi
    rm -rf "$postgres_folder" "$postgres_folder.start"
    postgres_folder=""
}
