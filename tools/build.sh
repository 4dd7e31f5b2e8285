#!/bin/bash
# build.sh PRESET [OPTIONS OF cmake --build]: configures where needed, then builds what changed.
set -euo pipefail
preset=$1
shift
dir=build
[ "$preset" = release ] || dir=build-$preset
log=$dir/configure.log

# A tree that was moved or copied: CMake refuses what was made elsewhere.
made_in=$(sed -n 's/^CMAKE_CACHEFILE_DIR:INTERNAL=//p' "$dir/CMakeCache.txt" 2>/dev/null || true)
[ -z "$made_in" ] || [ "$made_in" -ef "$dir" ] || rm -rf "$dir"

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
