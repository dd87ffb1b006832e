# The verbs of this project. Python 3.11+ and make are enough; everything else comes with `make`.
#   make demo   scattered records become customers on a graph
#   make test   every check and test (with Java 17+ and Maven found, also against a real Neo4j)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TEST_STAMP := $(VENV)/.installed-test
# Side by side, each with engines of its own (about 4 GiB); 0 runs the tests in one process, as a debugger needs.
TEST_PROCESSES ?= 2

.PHONY: demo test check bench bench-quality format clean help

help: ## Show the verbs
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/'

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Say make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(STAMP): pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing the package and its pinned dependencies into $(VENV) (about a minute the first time)..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $(STAMP)

$(TEST_STAMP): pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing the package and what its tests need into $(VENV) (some minutes the first time)..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $(STAMP) $(TEST_STAMP)

demo: $(STAMP) ## Generate, load and resolve demo data; show a customer
	@$(BIN)/identity-graph demo

check: $(TEST_STAMP) ## Lint, types and import arrows
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

test: check ## Every check and test
	@$(BIN)/python -m pytest --numprocesses $(TEST_PROCESSES) --dist loadfile

bench: $(TEST_STAMP) ## Measure speed and memory; refreshes benchmarks/README.md
	@$(BIN)/python -m benchmarks.run

bench-quality: $(TEST_STAMP) ## Measure clusters on the labelled sets at hand; refreshes benchmarks/README.md
	@$(BIN)/python -m benchmarks.quality.run $(if $(SETS),--folder $(SETS))
	@$(BIN)/python -m benchmarks.quality.claims $(if $(SETS),--folder $(SETS))

format: $(TEST_STAMP) ## Format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean: ## Remove everything make has made (not your data folders)
	rm -rf $(VENV) .neo4j .clients benchmarks/.work dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
