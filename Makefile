# Wirelake. `make` alone lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TRAIN := build/train
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
export PYTHONHASHSEED := 0

.PHONY: help setup setup-dev run test test-slow kill hostile airflow flink flink-server golden lint types fmt docs bench bench-engines lock versitygw prism soak train test-train wheel clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.setup: requirements.txt pyproject.toml
	@echo "Setting up $(VENV) (once; a minute or two) …"
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v < (3, 14) else f"Wirelake needs Python 3.11 to 3.13; this is {v.major}.{v.minor}")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.setup-dev: $(VENV)/.setup requirements-dev.txt
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

setup: $(VENV)/.setup ## make .venv with the wirelake command in it

setup-dev: $(VENV)/.setup-dev ## the same, with the tools for tests and lint

run: setup ## run the sample newsroom into ./lake and print a summary
	@$(BIN)/wirelake run configs/sample.toml

test: setup-dev versitygw prism ## run the tests (under ten minutes)
	@$(BIN)/pytest -q -n 2 --dist worksteal

versitygw: ## build the S3 server that the tests use, where Go is; else they use moto's
	@if test ! -x build/bin/versitygw && command -v go >/dev/null; then \
		GOBIN="$(CURDIR)/build/bin" go install github.com/versity/versitygw/cmd/versitygw@v1.8.0 || \
		echo "versitygw could not be built; the tests use moto's server"; fi

prism: setup ## build Prism, Beam's local runner for streams, where Go is
	@if test ! -x build/bin/prism; then \
		command -v go >/dev/null || { echo "Prism is built with Go, which is not here"; exit 0; }; \
		echo "Building Prism (once; two or three minutes) …"; \
		GOBIN="$(CURDIR)/build/bin" go install github.com/apache/beam/sdks/v2/go/cmd/prism@v$$( \
		$(BIN)/python -c 'from importlib.metadata import version; print(version("apache-beam"))'); fi

test-slow: setup-dev ## run the slow proofs, the kills among them
	@$(BIN)/pytest -q -m slow --timeout 1800

kill: setup-dev versitygw ## kill runs, commits, compactions, recodings and expiries; compare the lake
	@$(BIN)/pytest -q -s -m slow --timeout 3000 tests/integration/test_kill.py tests/integration/test_s3.py \
		tests/transforms/lake/test_kill.py tests/transforms/lake/test_s3.py

soak: setup-dev prism ## stream 50 feeds for 20 minutes, killed in the middle; compare lake and memory
	@$(BIN)/python benchmarks/soak.py

hostile: setup-dev ## one run of honest feeds and every attack; prints time and memory
	@$(BIN)/pytest -q -s -m slow --timeout 600 tests/integration/test_hostile.py

airflow: setup-dev ## run the DAG under a real Airflow, in an environment of its own
	@test -x build/airflow/venv/bin/airflow || ($(PYTHON) -m venv build/airflow/venv && \
		build/airflow/venv/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r deploy/airflow/requirements.txt)
	@$(BIN)/pytest -q -s -m slow tests/deploy/test_airflow.py

flink: setup ## the sample on a Flink cluster of this machine, as batch and stream, with faults (Java 17, Maven)
	@$(BIN)/python scripts/flink

flink-server: setup ## fetch Flink and build Beam's job server for it into build/flink
	@$(BIN)/python scripts/flink --install

golden: setup-dev ## write tests/data/events/coded.txt anew; review it with git diff
	@$(BIN)/python benchmarks/score_coder.py --golden

lint: setup-dev ## ruff, all rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup-dev ## mypy, strict
	@$(BIN)/mypy

fmt: setup-dev ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only .

docs: setup-dev ## generate docs/schema.md, docs/schema.json and docs/configuration.md
	@$(BIN)/python scripts/make_docs.py

bench: setup-dev ## print the benchmarks' ratios
	@for file in $(filter-out %/bench_engines.py,$(wildcard benchmarks/bench_*.py)); do \
		$(BIN)/python $$file || exit 1; done

bench-engines: setup-dev prism ## print articles a second, start-up and memory on every engine
	@$(BIN)/python benchmarks/bench_engines.py

lock: setup-dev ## lock the dependencies anew
	@$(LOCK) --upgrade -o requirements.txt pyproject.toml
	@$(LOCK) --upgrade --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml
	@$(LOCK) --upgrade --extra train -c requirements.txt -o requirements-train.txt pyproject.toml

$(TRAIN)/.setup: requirements-train.txt
	@test -x $(TRAIN)/bin/python || $(PYTHON) -m venv $(TRAIN)
	@$(TRAIN)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

train: setup $(TRAIN)/.setup ## train the learned coder anew from learning/data; under an hour on two cores
	@$(BIN)/python -m learning.compile
	@$(BIN)/python -m learning.first_look --write
	@PYTHONPATH=. $(TRAIN)/bin/python -m learning.train
	@$(BIN)/python -m learning.policy --write

test-train: $(TRAIN)/.setup ## test the training with its own packages
	@$(TRAIN)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@PYTHONPATH=. $(TRAIN)/bin/python -m pytest -q tests/learning/test_train.py tests/learning/test_augment.py

wheel: setup-dev ## build the wheel
	@$(BIN)/python -m build --no-isolation --wheel --outdir dist .

clean: ## remove what was built, the lake excepted
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
