#!/usr/bin/env bash
# Takes screenshots of every page in every state, light and dark, wide and narrow, into a folder, and the one in the
# README: `screenshots.sh FOLDER`.
set -euo pipefail
# shellcheck source=scripts/environment.sh
. "$(dirname "$0")/environment.sh"

[ $# = 1 ] || fail "usage: screenshots.sh FOLDER"
mkdir -p "$1"
CLAVIGER_SCREENSHOTS="$(cd "$1" && pwd)"
export CLAVIGER_SCREENSHOTS
"$CLAVIGER_ROOT/scripts/test.sh" browser screenshots
say "The pictures are in $CLAVIGER_SCREENSHOTS"
