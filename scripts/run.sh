#!/usr/bin/env bash
# From a checkout to a running Claviger: installs what is missing, builds the release and serves it.
set -euo pipefail
# shellcheck source=scripts/environment.sh
. "$(dirname "$0")/environment.sh"

set_up build
"$CLAVIGER_ROOT/scripts/build.sh"

cd "$CLAVIGER_ROOT"
address="${LEPTOS_SITE_ADDR:-127.0.0.1:3000}"
say "Serving http://localhost:${address##*:} with the data in ${CLAVIGER_DATA_DIR:-./data}; Ctrl-C stops it"
exec dist/claviger serve
