# `make run` and `make test` set everything up by themselves; nothing but Python >= 3.11 and make is needed.

# Any Python 3 will do to start scripts/setup.py, which then looks for one that fits; a name on the PATH may be a dead shim, so try it.
STARTER := $(shell for p in .venv/bin/python "$$PYTHON" python3 python3.13 python3.12 python3.11 python3.14 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 7))' 2>/dev/null && { echo "$$p"; break; }; done)
BIN := .venv/bin

.PHONY: run test check format bench clean setup setup-dev

run: setup ## the conversation; ARGS="check-device" goes to a lesson
	@$(BIN)/tutor $(ARGS)

test: setup-dev check ## everything that CI runs
	TUTOR_HOME=.venv/check $(BIN)/tutor check --run
	$(BIN)/python -m pytest -n 3

check: setup-dev ## what needs no running
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup-dev ## ARGS="startup --json" for one of them
	@$(BIN)/python -m benchmarks $(ARGS)

setup setup-dev:
	@test -n "$(STARTER)" || { echo "No Python was found. tutor needs Python 3.11 to 3.14: sudo apt install python3 python3-venv, or brew install python@3.13" >&2; exit 1; }
	@"$(STARTER)" scripts/setup.py $(if $(filter setup-dev,$@),--dev)

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
