#!/usr/bin/env bash
# Everything that can be said about the code without running it: format, lints, types, and dependencies.
set -euo pipefail
# shellcheck source=scripts/environment.sh
. "$(dirname "$0")/environment.sh"
cd "$CLAVIGER_ROOT"

skipped=""

check_format() {
    say "Formatting: rustfmt and prettier"
    cargo fmt --all --check
    prettier --check --log-level warn "end2end/**/*.ts" "style/**/*.scss" "*.json" "end2end/*.json"
}

# The two halves apart: one build of both would unify the features `ssr` and `hydrate`.
check_lints() {
    say "Lints: clippy on the server's half"
    cargo clippy --locked -p claviger-types -p claviger-core -p claviger-app -p claviger --features claviger-app/ssr --all-targets \
        -- -D warnings
    say "Lints: clippy on the browser's half"
    cargo clippy --locked -p frontend -p claviger-app --features claviger-app/hydrate \
        --target wasm32-unknown-unknown -- -D warnings
    say "Lints: shellcheck"
    shellcheck -x scripts/*.sh scripts/*/*.sh .ci/run
}

check_types() {
    say "Types: the browser suite"
    tsc -p end2end
}

# The core refuses to compile for the browser by itself; this finds a database that came some other way.
check_dependency_rule() {
    local tree
    say "Dependency rule: no database is compiled for the browser"
    tree="$(cargo tree --locked -p frontend --target wasm32-unknown-unknown -e normal --prefix none -f '{p}')" ||
        fail "cargo tree did not answer"
    grep -q '^leptos ' <<<"$tree" || fail "the dependencies of the frontend do not even hold leptos"
    ! grep -E '^(sqlx(-[a-z]+)?|claviger-core) ' <<<"$tree" || fail "these are compiled for the browser"
}

# The list of vulnerabilities is on another machine. Without a network, everything else is still checked.
check_dependencies() {
    say "Dependencies: licences, banned crates, sources"
    cargo deny --locked check bans licenses sources
    say "Dependencies: known vulnerabilities"
    if GIT_TERMINAL_PROMPT=0 timeout 60 cargo deny --locked fetch db </dev/null; then
        cargo deny --locked --offline check advisories
    else
        skipped="SKIPPED: nothing was checked for known vulnerabilities, because the advisory database cannot be reached"
        say "$skipped"
    fi
}

# Lists the files that are part of the project, also where there is no git.
project_files() {
    find . -type f \
        -not -path './.git/*' -not -path './node_modules/*' -not -path './target/*' -not -path './dist/*' \
        -not -path './data/*' -not -path './end2end/results/*' -print0
}

# SQL and its errors stay in one room.
check_store() {
    local found
    say "Store: sqlx is named in core/src/store/ only"
    found="$(grep -rnw sqlx core/src app server/src frontend --include=*.rs | grep -v '^core/src/store' || true)"
    [ -z "$found" ] || fail "sqlx is named outside the store:
$found"
}

# The brackets keep the patterns from finding themselves.
check_names() {
    local found
    say "Names: no package registry, no home folder of anybody"
    found="$(project_files | grep -zv '^\./Cargo\.lock$' |
        xargs -0 grep -InE 'regist[r]y\.npmjs|index\.crate[s]\.io|deb\.debia[n]\.org|pyp[i]\.org|/hom[e]/[a-z]|/roo[t]/' || true)"
    [ -z "$found" ] || fail "these lines name a package registry or somebody's folder:
$found"
}

check_length() {
    local found
    say "Length: no source file of 400 lines or more"
    found="$(project_files | grep -zE '\.(rs|ts|scss|sh|sql)$' | xargs -0 wc -l | awk '$1 >= 400 && $2 != "total"')"
    [ -z "$found" ] || fail "too long:
$found"
}

check_rust_version() {
    local pinned minimum
    say "Rust: Cargo.toml asks for the version that rust-toolchain.toml names"
    pinned="$(sed -n 's/^channel = "\(.*\)"$/\1/p' rust-toolchain.toml)"
    minimum="$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)"
    [ "${pinned%.*}" = "${minimum:-missing}" ] ||
        fail "rust-version in Cargo.toml is '$minimum', channel in rust-toolchain.toml is '$pinned'"
}

check_map() {
    say "Map: ARCHITECTURE.md names what is there, and every folder of sources"
    scripts/check_map.sh || fail "the map is wrong"
}

check_style() {
    local found
    say "Style: no class is declared by two partials"
    found="$(scripts/style_classes.sh style)"
    [ -z "$found" ] || fail "all class names are global, and the later partial wins:
$found"
}

set_up check
check_names
check_length
check_map
check_store
check_rust_version
check_style
check_dependency_rule
check_dependencies
check_format
check_types
check_lints
say "Every check passed"
[ -z "$skipped" ] || say "$skipped"
