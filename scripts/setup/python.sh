# Sourced by setup.sh: what comes from PyPI, in an environment of its own in the cache.
# shellcheck shell=bash

SCHEMATHESIS=4.32.5

set_up_python() {
    local environment="$CLAVIGER_CACHE/tools/python"
    "$environment/bin/python" -c "from importlib.metadata import version as v; assert v('schemathesis') == '$SCHEMATHESIS'" \
        2>/dev/null && return
    python3 -c 'import ensurepip' 2>/dev/null || install_packages python3-venv
    say "Installing schemathesis $SCHEMATHESIS"
    rm -rf "$environment"
    python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$SCHEMATHESIS" </dev/null ||
        fail "schemathesis could not be installed"
}
