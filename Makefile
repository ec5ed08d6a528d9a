# Every target sets up what it needs by itself: Python 3.11 or newer, pip and make are all that must be there.
# `make help` lists them.

PORT ?= 9229
DATA ?= .idp
ARGS ?=
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test fuzz check check-format check-lint check-types check-imports format demo bench lock env env-dev clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|' 2>/dev/null \
		|| grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST)

run: env ## serve a seeded demo on http://localhost:9229 (PORT=, DATA=, ARGS= to differ)
	@exec $(BIN)/idp dev --port $(PORT) --data $(DATA) --seed examples/demo/seed.yaml $(ARGS)

test: env-dev ## run every test, on SQLite, PostgreSQL and in Chromium (ARGS="-k name" for some)
	@sh .ci/chromium
	@sh .ci/javascript
	@$(BIN)/pytest -n auto --dist worksteal $(ARGS)

fuzz: env-dev ## send every operation ten times as many hostile inputs as `make test` does (FUZZ_INPUTS=)
	@FUZZ_INPUTS=$${FUZZ_INPUTS:-20000} $(BIN)/pytest -n auto --dist worksteal tests/fuzz $(ARGS)

check: check-format check-lint check-types check-imports ## formatting, lint, types and import contracts

check-format: env-dev
	$(BIN)/ruff format --check .

check-lint: env-dev
	$(BIN)/ruff check .

check-types: env-dev
	$(BIN)/mypy

check-imports: env-dev
	$(BIN)/lint-imports

format: env-dev ## format the code and mend what ruff can mend
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

demo: env-dev ## walk through the product's main job against a server of its own
	@$(BIN)/python .ci/demo.py examples/quickstart.py $(ARGS)

bench: env-dev ## measure what requests cost, beside the machine's own floor
	@$(BIN)/python -m bench $(ARGS)

lock: env-dev ## pin the newest dependencies that pyproject.toml allows, with their hashes (ARGS=--upgrade)
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile $(PIP_COMPILE) --build-deps-for editable \
		-o requirements.lock $(ARGS) pyproject.toml
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile $(PIP_COMPILE) --build-deps-for editable --extra dev \
		-c requirements.lock -o requirements-dev.lock $(ARGS) pyproject.toml

PIP_COMPILE := --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --strip-extras --allow-unsafe

clean: ## remove the environment and everything generated (not .idp, the demo's data)
	rm -rf .venv .venv.lock build dist *.egg-info .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# The virtual environment, from the lock files; instant when it is current.
env:
	@python=$$(sh .ci/find-python) && "$$python" .ci/environment.py run

env-dev:
	@python=$$(sh .ci/find-python) && "$$python" .ci/environment.py dev
