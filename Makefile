# meti-desk: two commands are enough - `make run` and `make test`.
SHELL := /bin/bash
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
SHARED := $(abspath ../shared)
ifneq ($(wildcard $(SHARED)/corpus),)
export METI_DESK_CORPUS ?= $(SHARED)/corpus
endif
ifneq ($(wildcard $(SHARED)/vectors),)
export METI_DESK_VECTORS ?= $(SHARED)/vectors
endif
ifneq ($(wildcard $(SHARED)/standard),)
export METI_DESK_STANDARD ?= $(SHARED)/standard
endif

.PHONY: help setup run demo test full lint bench lock packages-run packages-test clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(VENV)/.ready ## environment and system packages
packages-run:
	@bash installer/linux/system-packages.sh run
packages-test:
	@bash installer/linux/system-packages.sh run test

$(VENV)/.ready: pyproject.toml requirements/dev.lock installer/linux/system-packages.sh $(wildcard i18n/*.ts)
	@bash installer/linux/system-packages.sh run
	@if [ ! -x $(BIN)/python ]; then \
	    for py in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	        "$$py" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; py=; \
	    done; \
	    [ -n "$$py" ] || { echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv"; exit 1; }; \
	    "$$py" -m venv $(VENV); \
	fi
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m meti_desk.data --build-translations
	@touch $@

run: setup ## start the application (without a display: the guided demo)
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then exec $(BIN)/meti-desk; else exec $(MAKE) --no-print-directory demo; fi

demo: setup ## the guided demo on the shipped sample documents
	@$(BIN)/meti-desk demo demo-results

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: setup packages-test lint ## all checks, with fixed-seed slices
	$(BIN)/python -m pytest -n 2

full: setup packages-test lint ## everything: the whole corpus, all kills, all cases; with the figures that tests print
	METI_DESK_FULL=1 $(BIN)/python -m pytest -n 2 -raP

bench: setup packages-test ## ratios against a peer, in one run
	$(BIN)/python -m tests.bench

lock: ## renew requirements/*.lock (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml -o requirements/run.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --extra dev --extra server pyproject.toml -o requirements/dev.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build dist
