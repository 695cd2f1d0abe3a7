# Sourced by setup.sh: Node, and the build and test tools from npm.
# shellcheck shell=bash

# Playwright and sass ask for this one.
NODE_MINIMUM=20.19
# Fetched from npm where Debian's is older.
NODE_FETCHED=22.23.3

node_is_new_enough() {
    command -v node >/dev/null && at_least "$NODE_MINIMUM" "$(node --version 2>/dev/null | tr -d v)"
}

# A Node as an npm package: the newer one is fetched by the older one.
fetch_node() {
    local architecture package folder="$CLAVIGER_CACHE/tools/node"
    case "$(uname -m)" in
    x86_64) architecture=x64 ;;
    aarch64) architecture=arm64 ;;
    *) fail "Node $NODE_MINIMUM or newer is needed; here is $(node --version)" ;;
    esac
    package="node-linux-$architecture"
    say "Installing Node $NODE_FETCHED from npm"
    mkdir -p "$folder"
    npm install --silent --no-audit --no-fund --no-save --prefix "$folder" "$package@$NODE_FETCHED" </dev/null
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
