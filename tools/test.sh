#!/bin/bash
# test.sh: everything that has to pass, one step after the other (about what each proves:
# docs/testing.md). The last line is `N passed, N failed`: test programs plus steps.
set -uo pipefail
cd "$(dirname "$0")/.."
logs=build-test
mkdir -p "$logs"
passed=0 failed=0 skipped=()
failures=()

note() { # ok|FAILED NAME SECONDS TEXT
    printf '%-7s %-28s %4d s  %s\n' "$1" "$2" "$3" "${4:-}"
}

# One step: a command that must succeed. Its output is kept, and shown when it fails.
step() { # NAME COMMAND...
    local name=$1 log start=$SECONDS
    shift
    log=$logs/${name//[ \/]/-}.log
    if "$@" >"$log" 2>&1 </dev/null; then
        passed=$((passed + 1))
        note ok "$name" $((SECONDS - start)) "$(grep -a '^result: ' "$log" | cut -c9- | tail -1)"
        return 0
    fi
    failed=$((failed + 1))
    failures+=("$name (all of it: $log)")
    note FAILED "$name" $((SECONDS - start))
    tail -n 60 "$log" | sed 's/^/    /'
    return 1
}

junit() { # FILE ATTRIBUTE: the number in ctest's own count
    sed -n "s/.*[[:space:]]$2=\"\\([0-9]*\\)\".*/\\1/p" "$1" | head -1
}

# What test programs that passed say they left out: "not run: WHAT", or skip() of cmocka.
left_out() { # FILE OF ctest
    sed -nE 's/^(.*<system-out>)?(not run: |\[  SKIPPED \] )//p' "$1" 2>/dev/null |
        grep -v 'test(s)' | sort -u
}

# All tests of a build folder, or those that the further options of ctest choose. Twice as many at a
# time as there are cores: the long ones wait for the demo's clock and for brokers.
ctests() { # NAME FOLDER [OPTIONS OF ctest]
    local name=$1 dir=$2 log xml start=$SECONDS all bad off
    shift 2
    log=$PWD/$logs/${name//[ \/]/-}.log
    xml=${log%.log}.xml
    rm -f "$xml"
    ctest --test-dir "$dir" -j$((2 * JOBS)) --timeout 1500 --no-tests=error --output-on-failure \
        --test-output-size-passed 1000000 --output-junit "$xml" "$@" >"$log" 2>&1 </dev/null
    local status=$?
    all=$(junit "$xml" tests 2>/dev/null) bad=$(junit "$xml" failures 2>/dev/null)
    off=$(($(junit "$xml" skipped 2>/dev/null || echo 0) + $(junit "$xml" disabled 2>/dev/null || echo 0)))
    if [ -z "$all" ] || [ -z "$bad" ] || { [ $status != 0 ] && [ "$bad" = 0 ]; }; then
        all=$((${all:-0} + 1)) bad=$((${bad:-0} + 1))   # ctest itself failed
    fi
    passed=$((passed + all - bad - off))
    failed=$((failed + bad))
    [ "$off" = 0 ] || skipped+=("$name: $(grep -aoE '[a-z0-9_/-]+ \((Skipped|Disabled)\)' "$log" | paste -sd, )")
    mapfile -t -O ${#skipped[@]} skipped < <(left_out "$xml" | sed "s|^|$name: |")
    if [ "$bad" = 0 ]; then
        note ok "$name" $((SECONDS - start)) "$((all - off)) tests"
        return 0
    fi
    failures+=("$name (all of it: ${log#"$PWD"/})")
    note FAILED "$name" $((SECONDS - start)) "$bad of $all tests"
    grep -avE '^ *(Start +[0-9]+:|[0-9]+/[0-9]+ Test .* Passed)' "$log" | tail -n 100 | sed 's/^/    /'
    return 1
}

# A command that counts for itself: it ends with `N passed, N failed`, and says before what it did not
# run.
counting() { # NAME COMMAND...
    local name=$1 log start=$SECONDS good bad
    shift
    log=$logs/${name//[ \/]/-}.log
    "$@" >"$log" 2>&1 </dev/null
    read -r good bad < <(sed -nE '$s/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$log")
    [ -n "${bad:-}" ] || good=0 bad=1   # it failed itself
    passed=$((passed + good))
    failed=$((failed + bad))
    mapfile -t -O ${#skipped[@]} skipped < <(sed -n 's/^not run: //p' "$log")
    if [ "$bad" = 0 ]; then
        note ok "$name" $((SECONDS - start)) "$good tests"
        return 0
    fi
    failures+=("$name (all of it: $log)")
    note FAILED "$name" $((SECONDS - start)) "$bad of $((good + bad)) tests"
    grep -v '^ok ' "$log" | tail -n 100 | sed 's/^/    /'
    return 1
}

export JOBS=${JOBS:-2}
step "dev build" tools/build.sh dev && ctests "dev tests" build-dev
step "gcc build" tools/build.sh gcc && ctests "gcc tests" build-gcc -LE walls
[ ! -x build-gcc/mi32 ] || counting "vm" tests/vm/run.py build-gcc
step "clang build" tools/build.sh clang && ctests "clang tests" build-clang -L unit
step "lean build" tools/build.sh lean && ctests "lean tests" build-lean -L unit
step "lint" tools/lint.sh
step "fuzz build" tools/build.sh fuzz --target fuzzers && ctests "fuzz" build-fuzz -L fuzz
for target in rv32 lx106; do
    step "$target build" tests/target/build.sh $target && ctests "$target tests" build-$target &&
        step "$target report" tests/target/report.py $target build-$target &&
        sed 's/^/    /' "$logs/$target-report.log"
done

echo
[ ${#skipped[@]} = 0 ] || printf 'not run: %s\n' "${skipped[@]}"
[ ${#failures[@]} = 0 ] || printf 'failed: %s\n' "${failures[@]}"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
