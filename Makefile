# make demo | test | lint | setup.  PYTHON=... chooses the interpreter, ARGS=... is passed on.

.PHONY: help setup demo test lint

help:
	@echo "make demo    set everything up, then show what grounding_ros does (ARGS=... goes to grounding-ros demo)"
	@echo "make test    set everything up, torch and transformers too, then run the tests (ARGS=... goes to pytest)"
	@echo "make lint    set everything up, then run ruff, mypy and codespell"
	@echo "make setup   only set up .venv (PYTHON=python3.12 chooses the interpreter)"

setup:
	@PYTHON="$(PYTHON)" tools/setup.sh

demo: setup
	@.venv/bin/grounding-ros demo $(ARGS)

test:
	@PYTHON="$(PYTHON)" tools/setup.sh --models
	@.venv/bin/python -m pytest test $(ARGS)

lint: setup
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/python -m mypy
	@.venv/bin/codespell
