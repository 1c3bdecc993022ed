# `make` alone lists what there is.
.PHONY: help run test test-fast bench lint format lock

PYTHON = .venv/bin/python
SETUP = deploy/venv.sh requirements.txt
SETUP_ALL = deploy/venv.sh requirements.txt tests/requirements.txt
COMPILE = $(PYTHON) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock"

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

run: ## the demo board on http://127.0.0.1:8000 (PORT=8001 make run, DATABASE_URL=postgres://… make run)
	@$(SETUP)
	@deploy/run.sh

test: ## all tests: SQLite, PostgreSQL, browser
	@$(SETUP_ALL)
	@tests/run.sh

test-fast: ## the tests worth running after every change: SQLite, without the slow ones
	@$(SETUP_ALL)
	@tests/run.sh --fast

bench: export SECRET_KEY = none
bench: ## what the search costs for an ad and for a query (DATABASE_URL=postgres://… make bench)
	@$(SETUP_ALL)
	@mkdir -p var/static
	@$(PYTHON) -m pytest tests/benchmarks/search.py

# The types of Django are read from the settings, which want a key.
lint: export SECRET_KEY = none
lint: ## style, types, templates
	@$(SETUP_ALL)
	@failed=0; \
	$(PYTHON) -m ruff check --output-format concise . || failed=1; \
	$(PYTHON) -m ruff format --check . || failed=1; \
	$(PYTHON) -m mypy . || failed=1; \
	$(PYTHON) -m djlint --lint --quiet jobboard profiles listings || failed=1; \
	exit $$failed

format: ## put style in order
	@$(SETUP_ALL)
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

lock: ## requirements.txt from requirements.in, for the site and for the tests (UPGRADE=--upgrade for newer versions)
	@$(SETUP_ALL)
	$(COMPILE) $(UPGRADE) requirements.in --output-file requirements.txt
	$(COMPILE) $(UPGRADE) tests/requirements.in --constraint requirements.txt --output-file tests/requirements.txt
