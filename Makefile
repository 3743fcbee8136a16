# Every target sets itself up: a .venv in the checkout, with what requirements.lock names, by hash.
# It needs python3 (3.11 or later) and make, nothing else.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: demo test coverage check bench setup lock docs format kafka clean

demo: setup
	@$(BIN)/ledgerhook demo $(ARGS)

test: setup
	@$(BIN)/pytest -n 2 --dist loadscope $(ARGS)

# What the tests of the pure rooms reach, branches included: handlers decide what foreign bytes mean, so all of it.
coverage: setup
	@$(BIN)/coverage run -m pytest -q tests/handlers tests/schemas tests/planning tests/resolving $(ARGS)
	@$(BIN)/coverage report --include 'handlers/*' --fail-under 99
	@$(BIN)/coverage report --include 'schemas/*,consumers/planning/*,consumers/resolving/*,consumers/*.py'

check: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/file_sizes.py

bench: setup
	@$(BIN)/python -m bench $(ARGS)

format: setup
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: setup
	@$(BIN)/python tools/generate_docs.py

lock: .venv/uv
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --python-version 3.11 \
		--no-header --no-emit-index-url --output-file requirements.lock $(ARGS)

setup: .venv/ready

.venv/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Ledgerhook needs Python 3.11 or later; set PYTHON=... to one"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
		|| { echo "python3 cannot make virtual environments here; install it first: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@

.venv/ready: .venv/uv requirements.lock pyproject.toml
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

clean:
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
