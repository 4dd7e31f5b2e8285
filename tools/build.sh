#!/bin/bash
# build.sh PRESET [OPTIONS OF cmake --build]: configures where needed, then builds what changed.
set -euo pipefail
preset=$1
shift
dir=build
[ "$preset" = release ] || dir=build-$preset
log=$dir/configure.log

# CMake looks after changed lists itself; a folder it could not configure starts anew.
if [ ! -e "$dir/Makefile" ] && [ ! -e "$dir/build.ninja" ] || [ CMakePresets.json -nt "$log" ]; then
    mkdir -p "$dir"
    rm -f "$dir/CMakeCache.txt"
    if ! cmake --preset "$preset" >"$log.new" 2>&1; then
        cat "$log.new" >&2
        exit 1
    fi
    mv "$log.new" "$log"
fi
# A list that has a new target is known only after that.
[ $# = 0 ] || cmake "$dir" >/dev/null
exec cmake --build "$dir" -j"${JOBS:-$(nproc)}" "$@"
