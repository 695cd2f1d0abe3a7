# Sourced by setup.sh: one Rust compiler for both halves of the application, and the build tools written in Rust.
# shellcheck shell=bash

# The version stands in one place, which rustup reads too when somebody calls plain `cargo`. A newer compiler serves as well.
RUST_VERSION="$(sed -n 's/^channel = "\(.*\)"$/\1/p' "$CLAVIGER_ROOT/rust-toolchain.toml")"

at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

rust_version() { "$1" --version 2>/dev/null | cut -d ' ' -f 2; }

wasm_library() { echo "$("$1/rustc" --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib"; }

has_wasm_std() { [ -n "$(find "$(wasm_library "$1")" -name 'libstd-*.rlib' 2>/dev/null)" ]; }

is_complete() {
    [ -x "$1/cargo" ] && [ -x "$1/cargo-clippy" ] && [ -x "$1/rustfmt" ] &&
        at_least "$RUST_VERSION" "$(rust_version "$1/rustc")" && has_wasm_std "$1"
}

# use_rustup_toolchain NAME: fetches what is missing of it. Without a network, one that is complete still serves.
# The time limit is for networks that swallow packets; rustup itself would wait much longer.
use_rustup_toolchain() {
    local toolchain="$1" folder
    rustup which rustc --toolchain "$toolchain" >/dev/null 2>&1 ||
        timeout 300 rustup toolchain install "$toolchain" --profile minimal </dev/null >/dev/null 2>&1 || return 1
    folder="$(dirname "$(rustup which rustc --toolchain "$toolchain")")"
    is_complete "$folder" || {
        at_least "$RUST_VERSION" "$(rust_version "$folder/rustc")" || return 1
        timeout 300 rustup target add wasm32-unknown-unknown --toolchain "$toolchain" >/dev/null 2>&1 || return 1
        timeout 300 rustup component add clippy rustfmt --toolchain "$toolchain" >/dev/null 2>&1 || return 1
    }
    is_complete "$folder" || return 1
    echo "$folder" >"$CLAVIGER_CACHE/rust-bin"
}

# Asked outside the checkout, because rust-toolchain.toml overrides it here.
default_rustup_toolchain() { (cd / && rustup show active-toolchain 2>/dev/null) | cut -d ' ' -f 1; }

# The version of rust-toolchain.toml; where it cannot be fetched, rustup's default one, if that is newer.
rustup_toolchain() {
    local default
    command -v rustup >/dev/null || return 1
    use_rustup_toolchain "$RUST_VERSION" && return
    default="$(default_rustup_toolchain)"
    [ -n "$default" ] && use_rustup_toolchain "$default"
}

# Debian keeps a current compiler for its browsers. It comes without the standard library for WebAssembly, but
# with its sources.
debian_toolchain() {
    command -v apt-get >/dev/null || return 1
    update_package_lists
    is_offered rustc-web || return 1
    install_packages rustc-web cargo-web rust-web-src rust-web-clippy rustfmt-web "$(newest_lld)"
    at_least "$RUST_VERSION" "$(rust_version /usr/bin/rustc)" || return 1
    has_wasm_std /usr/bin || build_wasm_std
    echo /usr/bin >"$CLAVIGER_CACHE/rust-bin"
}

# The last resort: Debian's own rustup, where there is one.
debian_rustup_toolchain() {
    command -v rustup >/dev/null && return 1
    is_offered rustup || return 1
    install_packages rustup
    rustup_toolchain
}

newest_lld() { apt-cache search --names-only '^lld-[0-9]+$' | cut -d ' ' -f 1 | sort -V | tail -n 1; }

# Building a crate with -Zbuild-std leaves the libraries of std behind, even though its own link fails: the
# linker that it asks for is what this function installs last.
build_wasm_std() {
    say "Building Rust's standard library for WebAssembly (about a minute)"
    local work library host
    work="$(mktemp -d)"
    mkdir "$work/src"
    printf '[package]\nname = "std-for-wasm"\nversion = "0.0.0"\nedition = "2024"\n[lib]\ncrate-type = ["cdylib"]\n[workspace]\n' >"$work/Cargo.toml"
    printf '#[unsafe(no_mangle)]\npub extern "C" fn one() -> i32 {\n    1\n}\n' >"$work/src/lib.rs"
    (cd "$work" && CARGO_TARGET_DIR="$work/target" PATH="/usr/bin:$PATH" RUSTC_BOOTSTRAP=1 /usr/bin/cargo build \
        --release --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort) </dev/null >"$work/log" 2>&1 || true
    ls "$work"/target/wasm32-unknown-unknown/release/deps/libstd-*.rlib >/dev/null 2>&1 || {
        cat "$work/log" >&2
        fail "the standard library for WebAssembly did not build"
    }
    library="$(wasm_library /usr/bin)"
    host="$(/usr/bin/rustc -vV | sed -n 's/^host: //p')"
    as_root mkdir -p "$library" "/usr/lib/rustlib/$host/bin"
    as_root cp "$work"/target/wasm32-unknown-unknown/release/deps/lib*.rlib "$library/"
    as_root ln -sf "/usr/bin/$(newest_lld)" "/usr/lib/rustlib/$host/bin/rust-lld"
    rm -rf "$work"
}

set_up_rust() {
    local chosen
    chosen="$(cat "$CLAVIGER_CACHE/rust-bin" 2>/dev/null || true)"
    [ -n "$chosen" ] && is_complete "$chosen" && return
    say "Looking for a Rust compiler with the WebAssembly target"
    # Debian's package of certificates is what cargo and npm check their servers by.
    install_packages ca-certificates
    command -v cc >/dev/null || install_packages gcc libc6-dev
    rustup_toolchain || debian_toolchain || debian_rustup_toolchain ||
        fail "found no Rust $RUST_VERSION with the WebAssembly target: install it with rustup"
    # Again, because there is a compiler to put on PATH now.
    . "$CLAVIGER_ROOT/scripts/environment.sh"
    say "Using $(rustc --version)"
}

# install_cargo_tool NAME VERSION: compiled from exactly this version with what its lock file names, whose checksums cargo
# compares; a binary from elsewhere would be pinned by nothing. These are build tools whose own speed hardly matters, and
# without optimisation they compile in a third of the time.
install_cargo_tool() {
    local name="$1" version="$2"
    shift 2
    local stamp="$CLAVIGER_CACHE/tools/$name-$version"
    [ -f "$stamp" ] && return
    say "Compiling $name $version, a build tool (several minutes, only once)"
    compile_cargo_tool "$name" "$version" --locked "$@" || {
        # A mirror of the registry may lack a version that the lock file names.
        say "$name cannot be had as its lock file says: compiling it with the newest dependencies that fit"
        compile_cargo_tool "$name" "$version" "$@"
    }
    rm -rf "$CLAVIGER_CACHE/tools/build"
    touch "$stamp"
}

compile_cargo_tool() {
    local name="$1" version="$2"
    shift 2
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
        CARGO_PROFILE_RELEASE_STRIP=debuginfo CARGO_TARGET_DIR="$CLAVIGER_CACHE/tools/build" \
        cargo install "$name" --version "=$version" --root "$CLAVIGER_CACHE/tools" --force "$@" </dev/null
}

locked_version() {
    awk -v name="$1" '$1 == "name" && $3 == "\"" name "\"" { getline; gsub(/"/, "", $3); print $3 }' \
        "$CLAVIGER_ROOT/Cargo.lock"
}
