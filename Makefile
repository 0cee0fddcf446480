# make demo   install, simulate an outbreak, investigate it, print where the report is
# make test   install and pass the tests
PYTHON ?= python3
VENV ?= .venv
CONSUMERS ?= .consumers
BIN = $(VENV)/bin
CPUS ?= $(shell $(PYTHON) -c "import os; print(len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count())")
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo test lint consumers bench docs clean

demo: $(VENV)/installed
	$(BIN)/abscope demo --outdir demo --cpus $(CPUS)

test: $(VENV)/developing
	$(BIN)/python -m pytest -n $(CPUS) --dist worksteal

lint: $(VENV)/developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# Exports opened by the programs they are for, in an environment of their own.
consumers: $(VENV)/developing
	test -x $(CONSUMERS)/bin/python || $(PYTHON) -m venv $(CONSUMERS)
	$(CONSUMERS)/bin/python -m pip install --quiet nextstrain-augur fhir.resources networkx hAMRonization multiqc rocrate grapetree openpyxl setuptools
	$(BIN)/python -m pip install --quiet --no-deps hAMRonization
	ABSCOPE_CONSUMERS=$(abspath $(CONSUMERS))/bin/python $(BIN)/python -m pytest tests/formats/test_exports_at_consumers.py tests/reports/test_hamronization.py

bench: $(VENV)/developing
	$(BIN)/python -m benchmarks all

docs: $(VENV)/developing
	$(BIN)/python -m pip install --quiet --group docs
	$(BIN)/sphinx-build -W -q -b html docs site

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'abscope needs Python 3.11 or newer: make PYTHON=python3.12 ...')"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/developing: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --group dev
	touch $@

clean:
	rm -rf $(VENV) $(CONSUMERS) demo build dist site
