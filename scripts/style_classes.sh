#!/usr/bin/env bash
# Finds class names that two style partials declare: all names are global, so the later partial would restyle the elements
# of the other one. `style_classes.sh FOLDER` prints each such name with its partials, and nothing if there is no such name.
# A rule declares a class if the class is its only selector, at the top level or in an @media block. Rules that name the
# class beside another selector, or within another rule, only adapt it.
set -euo pipefail

# Prettier indents by two spaces: a top-level rule is not indented, and a rule in an @ block is indented by two spaces.
declared() {
    awk '
        /^@/ { in_block = 1 }
        /^[^@ }]/ { in_block = 0 }
        {
            line = $0
            if (in_block) sub(/^  /, "", line)
            if (line ~ /^\.[a-z0-9-]+([:[][^ >+~]*)?( \{|,)$/) {
                sub(/^\./, "", line)
                sub(/[^a-z0-9-].*/, "", line)
                print line
            }
        }
    ' "$1" | sort -u
}

for partial in "$1"/_*.scss; do
    declared "$partial" | sed "s|\$| ${partial##*/}|"
done | sort | awk '
    $1 == name { files = files " " $2; count++; next }
    { if (count > 1) print name ":" files; name = $1; files = " " $2; count = 1 }
    END { if (count > 1) print name ":" files }
'
