# Everything runs in .venv, which the first call makes. It needs Python 3.11 or newer and nothing else.
#   make demo     a company with every module, sample records and one login per role, served on this machine
#   make test     every test; what had to be left out is listed by name at the end
#   make check    what a change must pass: format, lint, types, layers, then the tests
# Others: lint, format, bench, bench-exactness, messages, constraints. ARGS go to the program: make demo ARGS="--reset"

BIN := .venv/bin
PYTHONS = $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python
# The npm scripts need the node of .venv.
NPM = PATH="$(CURDIR)/$(BIN):$$PATH" npm

.PHONY: demo test check lint format bench bench-exactness messages constraints ready

demo: ready
	@exec $(BIN)/dougong demo $(ARGS)

test: ready
	NODE_OPTIONS=--test-reporter=dot $(NPM) run --silent test
	$(BIN)/pytest -n auto -rfEs --no-fold-skipped $(ARGS)

check: lint test

lint: ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(NPM) run --silent check

format: ready
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: ready
	$(BIN)/python -m tests.bench.evaluation
	$(BIN)/python -m tests.bench.filters $(ARGS)
	$(BIN)/python -m tests.bench.siblings $(ARGS)
	$(BIN)/python -m tests.bench.claims $(ARGS)

# Proof that the formula engines are equal, that no text hurts and that rollups are never wrong; fails otherwise.
bench-exactness: ready
	$(BIN)/python -m tests.exactness $(ARGS)

# New sentences arrive in the catalogue untranslated, and a test fails until they have their Chinese.
messages: ready
	@mkdir -p build
	$(BIN)/pybabel extract -F pyproject.toml --project=Dougong --omit-header --add-location=file -o build/messages.pot .
	$(BIN)/pybabel update -i build/messages.pot -d web/translations -l zh_CN --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

# The newest versions that fit together; run the tests before committing them.
constraints:
	@rm -rf build/pins; $(find-python); "$$python" -m venv build/pins
	build/pins/bin/python -m pip install --quiet '.[dev]'
	(echo '# What was tested together; `make constraints` writes it anew.'; \
	build/pins/bin/python -m pip freeze --exclude dougong | tr 'A-Z_' 'a-z-') > constraints.txt

# The build hook compares digests itself, so this costs half a second while nothing has changed.
ready: .venv/installed
	@$(BIN)/hatchling build --hooks-only --target wheel --directory build > /dev/null

.venv/installed: $(BIN)/pip pyproject.toml constraints.txt
	@echo 'Setting up .venv; this takes a few minutes, once.'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' --constraint constraints.txt
	@touch $@

$(BIN)/pip:
	@$(find-python); "$$python" -m venv .venv

define find-python
for python in $(PYTHONS); do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null && break || python=; \
done; \
test "$$python" || { echo 'Python 3.11 or newer is needed, and none was found; install it, or name it: make PYTHON=/path/to/python3.11' >&2; exit 1; }
endef
