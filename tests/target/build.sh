#!/bin/bash
# build.sh rv32|lx106: fetches the libraries' sources where needed, then builds.
set -euo pipefail
cd "$(dirname "$0")/../.."
tests/target/sources.sh build-sources
exec tools/build.sh "$1"
