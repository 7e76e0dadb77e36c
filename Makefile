# setup the environment · demo · test · quick · soak · bench · bench-forecast · bench-agenda · mutants · docs · screens · truth.  Needs Python 3.11+ and make only.
.PHONY: setup setup-dev demo test quick soak bench bench-forecast bench-agenda mutants docs screens truth
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

bench-forecast: setup-dev
	@$(RUN)/python -m benchmarks.forecast

bench-agenda: setup-dev
	@$(RUN)/python -m benchmarks.agenda
	@$(RUN)/python -m benchmarks.agenda_size

mutants: setup-dev
	@$(RUN)/python tools/mutants.py

docs: setup-dev
	@$(RUN)/python tools/docs.py

truth: setup-dev
	@$(RUN)/python tools/truth.py

screens: setup-dev
	@$(RUN)/python tools/screens.py
