#!/usr/bin/env bash
# Builds the release and assembles dist/: the executable, the site with its brotli files, the configuration, the licences.
set -euo pipefail
# shellcheck source=scripts/environment.sh
. "$(dirname "$0")/environment.sh"
cd "$CLAVIGER_ROOT"

sources=(app core frontend server types style public .cargo Cargo.toml Cargo.lock rust-toolchain.toml Leptos.toml
    LICENSE-APACHE LICENSE-MIT package-lock.json scripts/build.sh)

# Prints a hash of everything that dist/ depends on: the contents of the sources, and the compiler.
fingerprint() {
    {
        rustc --version
        find "${sources[@]}" -type f -print0 | sort -z | xargs -0 sha256sum
    } | sha256sum
}

is_complete() {
    [ -x dist/claviger ] && [ -f dist/Leptos.toml ] && [ -f dist/hash.txt ] && [ -d dist/site/pkg ]
}

# Checks that every file of the site has a brotli file; otherwise it would be sent uncompressed, and unnoticed.
require_brotli() {
    local file
    while IFS= read -r -d '' file; do
        [ -f "$file.br" ] || fail "no brotli file beside ${file#"$1/"}"
    done < <(find "$1" -type f ! -name '*.br' ! -name '*.gz' -print0)
}

# Assemble the release in another folder and move it into place, so that dist/ is never half a release.
assemble() {
    rm -rf target/dist.new target/dist.old
    mkdir -p target/dist.new
    cp "$CARGO_TARGET_DIR/release/claviger" "$CARGO_TARGET_DIR/release/hash.txt" Leptos.toml LICENSE-APACHE LICENSE-MIT \
        target/dist.new/
    cp -r target/site target/dist.new/site
    # wasm-bindgen's declarations for TypeScript: no browser requests them.
    find target/dist.new/site/pkg -name '*.d.*.ts*' -delete
    require_brotli target/dist.new/site
    if [ -e dist ]; then mv dist target/dist.old; fi
    mv target/dist.new dist
    rm -rf target/dist.old
}

stamp=target/dist.sum
wanted="$(fingerprint)"
if is_complete && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    say "dist/ is up to date with the sources"
    exit
fi

say "Building the release: WebAssembly, style and server"
mkdir -p target
rm -f "$stamp"
cargo leptos build --release --precompress </dev/null
assemble
# The hash from before the build: sources that changed meanwhile are built the next time.
echo "$wanted" >"$stamp"
say "dist/ is ready: copied anywhere, ./claviger serve runs from it"
