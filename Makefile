# Everything a user or developer does, by name; `make help` lists it.
SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
# the newest Python that is there and new enough; several installations may stand side by side
PYTHON := $(shell for each in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	command -v $$each >/dev/null 2>&1 && $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$each; break; }; done)
UV := $(shell command -v uv 2>/dev/null)
WORKERS ?= 2

.PHONY: help run install frontend check lint types contracts test browser bench cycle clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.run frontend ## the demo company on http://127.0.0.1:8000
	@$(BIN)/letterflow demo --serve

install: $(VENV)/.test frontend ## everything that developing and testing need

frontend: $(VENV)/.run ## bundle the pages' scripts and styles (only when they changed)
	@$(BIN)/python -m webui.frontend.build
	@$(BIN)/python -m webui.translations.build

$(VENV)/.run: pyproject.toml constraints.txt
	@$(call environment,.[build])
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt
	@$(call environment,.[build$(comma)dev])
	@touch $(VENV)/.run $@

check: $(VENV)/.test lint types contracts ## the fast part: style, types, import contracts, unit tests (under a minute)
	@$(BIN)/pytest -q tests/unit tests/architecture -n $(WORKERS)

lint: $(VENV)/.test ## style
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.test ## types, strictly
	@$(BIN)/mypy

contracts: $(VENV)/.test ## which floor may import which
	@$(BIN)/lint-imports

test: install lint types contracts ## lint, types, contracts and all tests, on SQLite and PostgreSQL, with a real browser
	@$(BIN)/pytest -q -n $(WORKERS) --dist loadgroup

browser: install ## the browser tests alone
	@$(BIN)/pytest -q tests/browser

bench: install ## speed and growth, each beside a named floor
	@$(BIN)/python -m benchmarks

cycle: $(VENV)/.run ## play a whole month of the demo company, draft to published score
	@$(BIN)/letterflow demo --cycle

clean: ## remove what was built (the database in var/ stays)
	rm -rf $(VENV) webui/static/dist webui/frontend/node_modules .mypy_cache .ruff_cache .pytest_cache

comma := ,
# uv where it is there, else venv and pip; where neither works, one sentence that says what to install
define environment
	if [ -z "$(PYTHON)" ]; then echo "Letterflow needs Python 3.11 or newer: install it and run make again." >&2; exit 1; fi; \
	if [ -n "$(UV)" ]; then \
		{ [ -x $(BIN)/python ] || $(UV) venv -q --python "$$(command -v $(PYTHON))" $(VENV); } \
		&& $(UV) pip install -q --python $(BIN)/python -e '$(1)' -c constraints.txt; \
	else \
		{ [ -x $(BIN)/pip ] || $(PYTHON) -m venv $(VENV) \
			|| { echo "Letterflow needs Python's venv: install uv, or your system's python3-venv package, and run make again." >&2; exit 1; }; } \
		&& $(BIN)/python -m pip install -q --disable-pip-version-check -e '$(1)' -c constraints.txt; \
	fi
endef
