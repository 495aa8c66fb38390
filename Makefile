# Comanda: one word per job. `make help` lists them. Every target does its own set-up, on a machine with Python 3.11+ and make.

# The first of these that works; every locked package has a wheel for 3.11 and 3.12.
PYTHON ?= $(shell for p in python3.11 python3.12 python3; do $$p -c '' 2>/dev/null && echo $$p && break; done)
PORT ?= 8000
BIN := .venv/bin
TESTS ?=
WORKERS ?= 2
export PORT
# Compiled files are kept even where a machine forbids it: without them every start costs seconds.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup run stop smoke test check fmt fuzz bench demo shots lock docs migrations clean embedded dev

help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: dev ## Create .venv with everything a developer needs

embedded:
	@$(PYTHON) tools/bootstrap.py embedded

dev:
	@$(PYTHON) tools/bootstrap.py dev

run: embedded ## Start everything on http://127.0.0.1:8000 (PORT=… changes it); Ctrl-C stops it
	@exec $(BIN)/python -m tools.launch

stop: embedded ## Stop a running `make run` of this folder and every embedded server
	@$(BIN)/python -m tools.launch stop

smoke: embedded ## Does `make run` open, serve and stop cleanly? (CI runs this first)
	@$(BIN)/python -m tools.smoke

test: dev ## The whole suite, on its own throw-away database (TESTS="apps/stores -k cart" narrows it)
	@$(BIN)/python -m tools.browser
	@$(BIN)/pytest -q -n $(WORKERS) $(TESTS)

check: dev ## Format, lint, types, doors, migrations, API schema, budgets, generated docs, deploy settings
	@$(BIN)/python -m tools.check

fmt: dev ## Format the code and fix what can be fixed
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: dev ## Rewrite generated documentation (settings table, OpenAPI, states)
	@$(BIN)/python -m tools.settings_table
	@$(BIN)/python -m tools.openapi
	@$(BIN)/python manage.py states

fuzz: dev ## Two minutes of hostile input against every public endpoint
	@$(BIN)/python -m tools.fuzz

bench: dev ## Measure W1–W4 and the live paths (docs/benchmarks.md)
	@$(BIN)/python -m tools.bench

demo: dev ## Play one evening through HTTP and WebSocket and print the timeline
	@$(BIN)/python manage.py demo --start

shots: dev ## Take the screenshots in docs/images
	@$(BIN)/python -m tools.browser
	@$(BIN)/python -m tools.shots

migrations: dev ## Write migrations for changed models
	@$(BIN)/python manage.py makemigrations

lock: dev ## Resolve requirements/*.in again into exact versions
	@$(BIN)/python -m tools.lock

clean: ## Remove .venv, .local (data included) and caches
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m tools.launch stop >/dev/null 2>&1 || true; fi
	@rm -rf .venv .venv.lock .local .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage static
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "clean"
