# The front door. Everything here calls the presets of CMakePresets.json; CONTRIBUTING.md and
# docs/testing.md say what each one proves.
#
#   make             the release program build/mi32
#   make run         installs what is missing, builds, runs (ARGS="--json" adds to it)
#   make check       what one runs all day: unit tests with sanitizers, walls
#   make test        installs what tests need and runs them all
#   make test-vm     of these, the ones on real kernels in a virtual machine
#   make bench, fuzz, format, lint, install, clean, test-fresh

PREFIX ?= /usr/local
JOBS   ?= $(shell nproc)
MAKEFLAGS += --no-print-directory

.PHONY: all run test check bench fuzz test-vm test-fresh install format lint clean

all:
	@tools/deps.sh --check build || { echo "'make run' installs them."; exit 1; }
	@tools/build.sh release

run:
	@tools/deps.sh run
	@tools/build.sh release
	@tools/run.sh $(ARGS)

check:
	@tools/build.sh dev
	@ctest --test-dir build-dev -j$(JOBS) -L 'unit|walls' --output-on-failure --timeout 60 \
		--no-tests=error

test:
	@tools/deps.sh test
	@tools/test.sh

bench: all
	@build/mi32 bench $(ARGS)
	@[ -n "$(ARGS)" ] || tests/bench/berry/run.py build/mi32 build/src/berry/libmi32_berry.a

fuzz:
	@tools/build.sh fuzz --target fuzzers
	@MI32_FUZZ_SECONDS=60 ctest --test-dir build-fuzz -j2 -L fuzz --output-on-failure \
		--no-tests=error

test-vm:
	@tools/deps.sh test
	@tools/build.sh gcc --target mi32 --target gatt_probe --target gpio_probe
	@tests/vm/run.py build-gcc $(ARGS)

test-fresh:
	@tools/deps.sh fresh
	@tools/fresh.sh $(SUITE)

install: all
	@cmake --install build --prefix $(PREFIX)
	@tools/installed.sh "$(DESTDIR)" "$(PREFIX)"

format:
	@tools/lint.sh format

lint:
	@tools/build.sh clang
	@tools/lint.sh

clean:
	@rm -rf build build-*
