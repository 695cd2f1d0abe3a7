#!/usr/bin/env bash
# Fuzzes the code that reads keys from headers, guided by coverage, for this many seconds: `fuzz.sh [SECONDS]`.
# libFuzzer needs a C++ compiler, and its flags for every crate, so it has a build folder of its own.
set -euo pipefail
# shellcheck source=scripts/environment.sh
. "$(dirname "$0")/environment.sh"
cd "$CLAVIGER_ROOT/fuzz"

set_up fuzz
say "Building the fuzzer"
export CARGO_TARGET_DIR="$CLAVIGER_CACHE/fuzz"
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions --cfg fuzzing"
cargo build --release --target x86_64-unknown-linux-gnu </dev/null
say "Fuzzing for ${1:-60} seconds"
mkdir -p corpus/presented
exec "$CARGO_TARGET_DIR/x86_64-unknown-linux-gnu/release/presented" -max_total_time="${1:-60}" -print_final_stats=1 corpus/presented
