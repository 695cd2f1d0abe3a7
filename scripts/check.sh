#!/usr/bin/env bash
# Everything that can be said about the code without running it: format, lints, types, and the dependency rule.
set -euo pipefail
# shellcheck source=scripts/environment.sh
. "$(dirname "$0")/environment.sh"
cd "$CLAVIGER_ROOT"

scratch=""
trap 'rm -rf "$scratch"' EXIT

check_format() {
    say "Formatting: rustfmt and prettier"
    cargo fmt --all --check
    prettier --check --log-level warn "end2end/**/*.ts" "style/**/*.scss" "*.json" "end2end/*.json"
}

# The two halves apart: one build of both would unify the features `ssr` and `hydrate`.
check_lints() {
    say "Lints: clippy on the server's half"
    cargo clippy --locked -p claviger-core -p claviger-app -p claviger --features claviger-app/ssr --all-targets \
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

# Prints what must never be compiled for the browser, of what the frontend in a folder depends on.
forbidden_dependencies() {
    local tree
    tree="$(cd "$1" && cargo tree --locked -p frontend --target wasm32-unknown-unknown -e normal --prefix none -f '{p}')" ||
        fail "cargo tree did not answer"
    grep -q '^leptos ' <<<"$tree" || fail "the dependencies of the frontend do not even hold leptos"
    cut -d ' ' -f 1 <<<"$tree" | grep -E '^(sqlx(-.*)?|claviger-core)$' | sort -u || true
}

# The manifests and the lock file, with empty sources: enough for cargo to work out the dependencies.
copy_manifests() {
    local package
    mkdir -p "$1"
    cp Cargo.toml Cargo.lock "$1/"
    for package in app core frontend server; do
        mkdir -p "$1/$package/src"
        cp "$package/Cargo.toml" "$1/$package/"
        touch "$1/$package/src/lib.rs" "$1/$package/src/main.rs"
    done
}

check_dependency_rule() {
    local found
    say "Dependency rule: neither a database nor the core is compiled for the browser"
    found="$(forbidden_dependencies .)"
    [ -z "$found" ] || fail "compiled for the browser: $(echo "$found" | tr '\n' ' ')"

    say "Dependency rule: the check itself fails where app depends on the core in every build"
    scratch="$(mktemp -d)"
    copy_manifests "$scratch"
    [ -z "$(forbidden_dependencies "$scratch")" ] || fail "the copied manifests should obey the rule"
    sed -i -e '/"dep:claviger-core"/d' -e 's/^claviger-core = .*/claviger-core.workspace = true/' "$scratch/app/Cargo.toml"
    found="$(forbidden_dependencies "$scratch")"
    grep -qx claviger-core <<<"$found" || fail "the planted dependency on the core was not noticed"
    grep -qx sqlx <<<"$found" || fail "the planted dependency on sqlx was not noticed"
}

# Lists the files that are part of the project, also where there is no git.
project_files() {
    find . -type f \
        -not -path './.git/*' -not -path './node_modules/*' -not -path './target/*' -not -path './dist/*' \
        -not -path './data/*' -not -path './end2end/results/*' -print0
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
check_rust_version
check_style
check_dependency_rule
check_format
check_types
check_lints
say "Every check passed"
