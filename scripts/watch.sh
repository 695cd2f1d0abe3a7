#!/usr/bin/env bash
# For development: rebuilds both halves and reloads the page at every change.
set -euo pipefail
# shellcheck source=scripts/environment.sh
. "$(dirname "$0")/environment.sh"

set_up build
cd "$CLAVIGER_ROOT"
say "Watching; the page is at http://localhost:3000"
exec cargo leptos watch
