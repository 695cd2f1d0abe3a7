#!/usr/bin/env bash
# Finds class names that two style partials declare: all names are global, so the partial that comes later would restyle
# what the other one draws. `style_classes.sh FOLDER` prints each such name with the partials, and nothing where there is
# none. A class is declared where a rule is about it alone, at the top level or in an @media block; rules that only name
# it beside another selector, or within another rule, adapt it.
set -euo pipefail

# Prettier indents by two spaces: what stands at the margin is at the top level, and two spaces in if the block around it
# is an @ rule.
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
