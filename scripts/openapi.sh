#!/usr/bin/env bash
# Writes server/openapi.json: the document at /v1/openapi.json. It is in the repository, so that reviewers see each change of it.
set -euo pipefail
# shellcheck source=scripts/environment.sh
. "$(dirname "$0")/environment.sh"
cd "$CLAVIGER_ROOT"

set_up rust
CLAVIGER_TEST_WRITE_OPENAPI=1 cargo test --locked -p claviger-core -p claviger-app -p claviger --features claviger-app/ssr \
    --lib http::v1::openapi </dev/null
say "server/openapi.json is what the server serves now"
