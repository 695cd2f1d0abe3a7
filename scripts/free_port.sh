# Sourced by the scripts that start a server.
# shellcheck shell=bash

free_port() {
    node -e 'const s = require("net").createServer(); s.listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); });'
}
