# The commands of the project; `make` alone lists them. They need Python 3.11 or newer with venv, and make.

PORT ?= 8000
TESTS ?= tests
SECONDS ?= 600
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help run test check bench fuzz lock clean
MAKEFLAGS += --no-print-directory

# An environment is marked with the digest of what it was made from: the locks, the script that makes it, and
# this folder (an environment cannot be moved). While the mark is there nothing is installed.
digest = $(shell { pwd; cat tools/environment $(1); } | cksum | cut -d ' ' -f 1)
RUNTIME := .venv/.runtime-$(call digest,requirements.lock)
DEVELOPMENT := .venv/.development-$(call digest,requirements.lock requirements-development.lock)
VALIDATOR_LOCKS := tests/interop/ob2-build-requirements.lock tests/interop/ob2-requirements.lock
PEERS := .tools/peers/.made-$(call digest,tools/peers/package-lock.json)
VALIDATOR := .tools/ob2/.made-$(call digest,$(VALIDATOR_LOCKS))

help:
	@echo "make run [PORT=8000]   make what is missing, then start the service on http://localhost:8000"
	@echo "make test              run every test, browser tests included (TESTS=tests/house for a part)"
	@echo "make check             ruff, mypy, the layers, and what must not be in the tree"
	@echo "make bench             run every benchmark"
	@echo "make fuzz [SECONDS=600]  fuzz every parser of what strangers send (TARGETS='png svg' for some; Linux only)"
	@echo "make lock              write the locks anew from pyproject.toml"
	@echo "make clean             remove what was installed and built; keeps instance/ and keys/"

run: $(RUNTIME)
	@.venv/bin/badges init $(if $(BADGES_BASE_URL),,--base-url http://localhost:$(PORT))
	@exec .venv/bin/badges serve --port $(PORT)

test: $(DEVELOPMENT)
	@$(MAKE) $(VALIDATOR) || echo "Skipped: tests with the official OB 2.0 validator. Try again: make test"
	@$(MAKE) $(PEERS) || echo "Skipped: tests with @digitalbazaar/vc. They need Node 20 and npm."
	@tools/chromium
	@.venv/bin/python -m pytest -n 2 $(TESTS)

check: $(DEVELOPMENT)
	@tools/check

bench: $(DEVELOPMENT)
	@$(MAKE) $(PEERS) || echo "Left out: what @digitalbazaar/vc does in a second. It needs Node 20 and npm."
	@for file in benchmarks/[a-z]*.py; do \
		test -e "$$file" || continue; \
		echo "== $$file"; \
		.venv/bin/python -m "benchmarks.$$(basename "$$file" .py)" || exit 1; \
	done

# What is found is printed, and kept in .fuzz with all inputs that reached something new.
fuzz: $(DEVELOPMENT)
	@.venv/bin/python -m tests.fuzz.run --seconds $(SECONDS) $(TARGETS)

lock:
	@tools/lock

clean:
	rm -rf .venv .tools build dist test-results .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .fuzz
	find badges tests benchmarks tools -name __pycache__ -prune -exec rm -rf {} +

$(RUNTIME):
	@tools/environment .venv requirements.lock
	@tools/launcher .venv
	@rm -f .venv/.runtime-* .venv/.development-*
	@touch $@

# The development lock holds the runtime's packages too, at the same versions.
$(DEVELOPMENT):
	@tools/environment .venv requirements-development.lock
	@tools/launcher .venv
	@rm -f .venv/.runtime-* .venv/.development-*
	@touch $(RUNTIME) $@

# The validator's packages contradict what the service needs, so they live apart. The old ones among them are
# published as source only: their build tools come from a lock too.
$(VALIDATOR):
	@tools/environment .tools/ob2 tests/interop/ob2-build-requirements.lock
	@tools/environment .tools/ob2 tests/interop/ob2-requirements.lock --no-deps --no-build-isolation
	@rm -f .tools/ob2/.made-*
	@touch $@

# Software of others in JavaScript: a judge for tests, a measure for benchmarks.
$(PEERS):
	@mkdir -p .tools/peers
	@cp tools/peers/package.json tools/peers/package-lock.json tools/peers/.npmrc .tools/peers/
	@cd .tools/peers && npm ci --silent
	@rm -f .tools/peers/.made-*
	@touch $@
