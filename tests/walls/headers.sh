#!/bin/bash
# headers.sh COMPILER FILE...: each header compiles alone, twice in a row, as the first thing a
# program includes.
set -u
compiler=$1
shift
bad=0
for header in "$@"; do
    printf '#include "%s"\n#include "%s"\ntypedef int nothing;\n' "$header" "$header" |
        "$compiler" -std=c11 -Wall -Wextra -Werror -I src -fsyntax-only -x c - || {
        echo "does not compile alone: $header"
        bad=$((bad + 1))
    }
done
echo "$# headers, $bad bad"
[ $# -gt 0 ] && [ $bad = 0 ]
