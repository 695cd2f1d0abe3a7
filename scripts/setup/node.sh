# Sourced by setup.sh: Node, and the build and test tools from npm.
# shellcheck shell=bash

# Playwright and sass ask for this one.
NODE_MINIMUM=20.19
# Fetched from npm where Debian's is older. npm compares what it fetched with what the registry says, and nothing says what
# the registry must say: so the packages' own SHA-512 stand here.
NODE_FETCHED=22.23.3
NODE_X64_SHA512=a879f3e6d16c1e88ff58cfae4443558d638d8b9855be6c2b82af00e15efa2a9b95340738fa3c0af31e20c1ba1b13d06d1cd83f00a476e7cdde628acb17f73b9e
NODE_ARM64_SHA512=9770c01d9adeca5a3ea7d4170edb0eae31b625726a5736179c01a621034e50d01170ca694ced9c99ec1540ffb7ead8c99d213e773a4c36d816f9cde8883bd7b4

node_is_new_enough() {
    command -v node >/dev/null && at_least "$NODE_MINIMUM" "$(node --version 2>/dev/null | tr -d v)"
}

# A Node as an npm package: the newer one is fetched by the older one.
fetch_node() {
    local architecture sum package packed folder="$CLAVIGER_CACHE/tools/node"
    case "$(uname -m)" in
    x86_64) architecture=x64 sum="$NODE_X64_SHA512" ;;
    aarch64) architecture=arm64 sum="$NODE_ARM64_SHA512" ;;
    *) fail "Node $NODE_MINIMUM or newer is needed; here is $(node --version)" ;;
    esac
    package="node-linux-$architecture"
    say "Installing Node $NODE_FETCHED from npm"
    mkdir -p "$folder"
    packed="$folder/$(cd "$folder" && npm pack --silent "$package@$NODE_FETCHED" </dev/null)"
    echo "$sum  $packed" | sha512sum --check --quiet || fail "the package $package is not the one that is known"
    # Its own scripts do nothing that is needed, and a changed one must not run.
    npm install --silent --no-audit --no-fund --no-save --ignore-scripts --prefix "$folder" "$packed" </dev/null
    rm "$packed"
    ln -sf "$folder/node_modules/$package/bin/node" "$CLAVIGER_CACHE/tools/bin/node"
    hash -r
}

set_up_node() {
    install_command node nodejs
    install_command npm npm
    node_is_new_enough || fetch_node
    node_is_new_enough || fail "Node $NODE_MINIMUM or newer is needed; here is $(node --version)"
    local stamp="$CLAVIGER_ROOT/node_modules/.package-lock.sum" sum
    sum="$(sha256sum <"$CLAVIGER_ROOT/package-lock.json")"
    [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && return
    say "Installing the build and test tools from npm"
    (cd "$CLAVIGER_ROOT" && npm ci --silent --no-audit --no-fund </dev/null)
    echo "$sum" >"$stamp"
}
