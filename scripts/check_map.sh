#!/usr/bin/env bash
# Compares the map in ARCHITECTURE.md, and the paths there and in CONTRIBUTING.md, with the repository: every path must exist, and
# every folder of sources must be on the map. A file in capitals, such as NOUN.rs, stands for one that is still to be made.
set -euo pipefail
cd "$(dirname "$0")/.."

# Prints the paths of the map. The path in an indented line is relative to the folder above it.
mapped() {
    awk '/^## The map/ { on = 1; next } /^## / { on = 0 }
        on && /^    [^ ]/ { count = split($0, words, " "); base = words[1]; print base
            for (i = 2; i <= count && words[i] ~ /\/$/; i++) print words[i] }
        on && /^      [^ ]/ { split($0, words, " "); print base words[1] }' ARCHITECTURE.md
}

# Prints the paths that the text contains in backquotes.
# shellcheck disable=SC2016
named() {
    grep -ohE '`(core|app|types|frontend|server|docs|scripts|end2end|examples|fuzz)/[A-Za-z0-9_./-]+`' \
        ARCHITECTURE.md CONTRIBUTING.md | tr -d '`' | grep -vE '/[A-Z]+\.rs$'
}

status=0
while read -r path; do
    # shellcheck disable=SC2086 # A star in the map stands for some files.
    compgen -G "$path" >/dev/null || {
        echo "ARCHITECTURE.md or CONTRIBUTING.md names $path, which is not there"
        status=1
    }
done < <(mapped; named)

on_map="$(mapped)"
for folder in core/src/*/ app/src/*/ server/src/*/; do
    grep -qxF "$folder" <<<"$on_map" || {
        echo "the map in ARCHITECTURE.md lacks $folder"
        status=1
    }
done
exit $status
