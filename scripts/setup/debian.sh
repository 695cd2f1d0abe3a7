# Sourced by setup.sh: packages from Debian.
# shellcheck shell=bash

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "not root, and there is no sudo to run: $*"
    fi
}

is_installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

is_offered() { apt-cache show "$1" >/dev/null 2>&1; }

apt_updated=no
update_package_lists() {
    [ $apt_updated = yes ] && return
    as_root apt-get update -qq
    apt_updated=yes
}

install_packages() {
    local missing=() package
    command -v apt-get >/dev/null || {
        say "This is not Debian: $* must be there already"
        return
    }
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} = 0 ] && return
    update_package_lists
    say "Installing ${missing[*]} from Debian"
    local log
    log="$(mktemp)"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
        </dev/null >"$log" 2>&1 || {
        cat "$log" >&2
        fail "Debian's packages could not be installed"
    }
    rm "$log"
}

# install_command COMMAND PACKAGE: the package, unless the command is there from elsewhere.
install_command() { command -v "$1" >/dev/null || install_packages "$2"; }

# Debian's package would make a database cluster of its own and start it; the tests start theirs and need no other.
install_postgresql() {
    [ -n "$(find /usr/lib/postgresql -name initdb 2>/dev/null)" ] && return
    local settings=/etc/postgresql-common/createcluster.d
    as_root mkdir -p "$settings"
    echo "create_main_cluster = false" | as_root tee "$settings/claviger.conf" >/dev/null
    install_packages postgresql
    as_root rm "$settings/claviger.conf"
}

# The gateways of examples/gateways that Debian has, and a server that takes the upgrade that they must not pass (nghttpx).
# Debian's packages may start them at once; only those that the tests start are wanted, so the starting is forbidden while
# they are installed.
install_gateways() {
    local packages=(nginx libnginx-mod-http-headers-more-filter libnginx-mod-http-js caddy haproxy nghttp2-proxy)
    local policy=/usr/sbin/policy-rc.d
    local package complete=yes status=0
    for package in "${packages[@]}"; do is_installed "$package" || complete=no; done
    [ $complete = no ] || return 0
    if [ -e "$policy" ] || ! command -v apt-get >/dev/null; then
        install_packages "${packages[@]}"
        return
    fi
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    (install_packages "${packages[@]}") || status=1
    as_root rm "$policy"
    [ $status = 0 ] || exit 1
}
