# What a developer types. Everything is installed into .venv, from PyPI; nothing else on the machine is touched.
# Another Python: make clean, then make demo PYTHON=python3.12.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTHONS ?= python3.10 python3.11 python3.12 python3.13 python3.14

.PHONY: demo test lint bench test-pythons clean

demo: $(VENV)/.installed  ## expose an example manifest: no cluster, no kubeconfig
	$(BIN)/kubectl-svc expose -f tests/examples/my-app.yaml --type NodePort --dry-run=client -o yaml

test: $(READY)  ## all tests that this machine allows; what is left out is said at the end
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(READY)  ## kubectl and us, interleaved, on one API server
	$(BIN)/python -m tests.control_plane run -- $(BIN)/python -m tests.bench $(BENCH_ARGS)

test-pythons: $(READY)  ## the tests that need no cluster, on every Python that this machine has
	tests/test-pythons $(PYTHONS)

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .hypothesis

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or later is needed, as in: make demo PYTHON=python3.12")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(READY): $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group test --group lint
	touch $@
