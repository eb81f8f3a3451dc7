# Every target works on a machine with Python 3.11+ and make; none needs root, Node or Docker.
PYTHON   ?= python3
PORT     ?= 8000
HOST     ?= 127.0.0.1
BASE_IRI ?= http://localhost:$(PORT)/
RELEASES ?= releases

VENV := .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes --no-deps

.DEFAULT_GOAL := help
.PHONY: help run build serve test check-code format lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  Settings: PORT=$(PORT) HOST=$(HOST) BASE_IRI=$(BASE_IRI) RELEASES=$(RELEASES)"

run: $(VENV)/run.stamp ## Set up, build the release if needed, serve it on http://localhost:8000/
	@$(BIN)/python -m loaders build --if-needed --base-iri $(BASE_IRI) --releases $(RELEASES)
	@exec $(BIN)/python -m service --releases $(RELEASES) --host $(HOST) --port $(PORT)

build: $(VENV)/run.stamp ## Build a new release from the embedded data
	@$(BIN)/python -m loaders build --base-iri $(BASE_IRI) --releases $(RELEASES)

serve: $(VENV)/run.stamp ## Serve the current release
	@exec $(BIN)/python -m service --releases $(RELEASES) --host $(HOST) --port $(PORT)

test: $(VENV)/test.stamp check-code ## Set up and run every check and test
	@tests/tools.sh
	@$(BIN)/python -m pytest tests/shapes --numprocesses auto
	@$(BIN)/python -m pytest --ignore tests/shapes

check-code: $(VENV)/test.stamp ## Formatter, linter and type checker
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet . && $(BIN)/mypy

format: $(VENV)/test.stamp ## Format the code and mend what the linter can
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format .

lock: ## Write requirements*.txt anew from pyproject.toml
	@test -d $(VENV)-lock || $(PYTHON) -m venv $(VENV)-lock
	@$(VENV)-lock/bin/python -m pip --disable-pip-version-check --quiet install uv
	@for target in "requirements.txt" "requirements-dev.txt --group dev"; do \
	  $(VENV)-lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-header --no-annotate pyproject.toml --output-file $$target; done

clean: ## Remove the environment and caches; releases stay
	@rm -rf $(VENV) $(VENV)-lock .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements-dev.txt | $(BIN)/python
	@$(PIP) -r requirements-dev.txt
	@touch $@ $(VENV)/run.stamp
