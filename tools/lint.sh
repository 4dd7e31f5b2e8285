#!/bin/bash
# lint.sh [format]: formatting, clang-tidy and cppcheck over all C files; with `format` it rewrites
# them instead. clang-tidy reads the compile commands of build-clang (tools/build.sh clang).
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t files < <(find src ports apps tests -name '*.[ch]' | sort)

# Releases of clang-format disagree in details; the tree is formatted by 14.
format=$(command -v clang-format-14 || command -v clang-format)
if [ "${1:-}" = format ]; then
    exec "$format" -i "${files[@]}"
fi

status=0
if [[ $("$format" --version) == *"version 14."* ]]; then
    "$format" --dry-run -Werror "${files[@]}" || status=1
else
    echo "formatting NOT CHECKED: $("$format" --version) is not version 14"
fi

mapfile -t sources < <(sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' build-clang/compile_commands.json | sort -u)
[ ${#sources[@]} -gt 0 ] || { echo "build-clang has no compile commands"; exit 1; }
printf '%s\0' "${sources[@]}" |
    xargs -0 -n 4 -P "${JOBS:-2}" clang-tidy --quiet -p build-clang 2>/dev/null || status=1

cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 -j "${JOBS:-2}" \
    --enable=warning,performance,portability --suppressions-list=tools/cppcheck.suppressions \
    --project=build-clang/compile_commands.json || status=1
echo "result: ${#files[@]} files"
exit $status
