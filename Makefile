# setup the environment · demo · test · quick · soak · bench · mutants · docs · screens.  Nothing here needs more than Python 3.11+ and make.
.PHONY: setup setup-dev demo test quick soak bench mutants docs screens
SHELL := /bin/bash
PYTHON ?= python3
RUN := .venv/bin

setup:
	@$(PYTHON) tools/setup.py run
setup-dev:
	@$(PYTHON) tools/setup.py dev

demo: setup
	@$(RUN)/headway demo --out demo-output $(if $(FILE),--file "$(FILE)")

test: setup-dev
	@$(RUN)/python tools/checks.py all

quick: setup-dev
	@$(RUN)/python tools/checks.py quick

soak: setup-dev
	@$(RUN)/python tools/checks.py soak

bench: setup-dev
	@$(PYTHON) tools/setup.py bench
	@$(RUN)/python -m benchmarks.run

mutants: setup-dev
	@$(RUN)/python tools/mutants.py

docs: setup-dev
	@$(RUN)/python tools/docs.py

screens: setup-dev
	@$(RUN)/python tools/screens.py
