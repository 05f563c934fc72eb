# Everything a reader, a writer or CI does here; `make` alone prints the list.
# Needs Python >= 3.11, Node >= 18, git and make; works with macOS's make 3.81.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

# Material's notice about the future of MkDocs would bury the build's own reports.
export NO_MKDOCS_2_WARNING := 1

.PHONY: help serve build offline book new test check bench clean setup needs

help:
	@echo "make serve   set up, then preview with live reload on 127.0.0.1:$(PORT) (PORT=9000 changes it)"
	@echo "make build   set up, then build the site into site/; any problem stops it"
	@echo "make offline build, with a ZIP to read from the disk: site/offline/handbook.zip"
	@echo "make book    build, with the whole book as one HTML page and as a PDF: site/book/ (needs Chromium)"
	@echo "make new PAGE=section/slug   make a page from the template"
	@echo "make test    set up, then run every check and test"
	@echo "make check   print only what is wrong: the build's reports and the Chinese copy"
	@echo "make bench   run the measurements in bench/"
	@echo "make clean   remove what was built and cached; .venv and node_modules stay"
	@echo "             (another Python: PYTHON=python3.12)"

serve: setup
	$(BIN)/mkdocs serve --dev-addr 127.0.0.1:$(PORT)

build: setup
	$(BIN)/mkdocs build --strict

offline: setup
	OFFLINE=1 $(BIN)/mkdocs build --strict

# BOOK has the home page link to the book; OFFLINE=1 makes the ZIP, too.
book: setup
	BOOK=1 $(BIN)/mkdocs build --strict --site-dir site
	$(BIN)/python -m tools.book site

new: setup
	@$(BIN)/python tools/new_page.py "$(PAGE)"

test: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	node tools/lint_workflows.mjs .github/workflows/*.yml
	$(BIN)/python tools/copy_lint.py README.md docs
	$(BIN)/mypy --num-workers 2 & types=$$!; SITE_URL=http://127.0.0.1/handbook/ $(BIN)/mkdocs build --strict --site-dir .cache/site; \
		built=$$?; wait $$types && exit $$built
	SITE=$(CURDIR)/.cache/site $(BIN)/python -m pytest -n auto --dist worksteal -rs

# Both run even if the first finds something. Not --quiet, which keeps MkDocs from counting warnings.
check: setup
	@mkdir -p .cache; status=0; \
	MENTIONS=1 $(BIN)/mkdocs build --strict --site-dir .cache/site >.cache/check.log 2>&1 || status=1; \
	grep -v '^INFO' .cache/check.log; sed -n 's/^INFO    -  mention: //p' .cache/check.log; \
	$(BIN)/python tools/copy_lint.py README.md docs || status=1; \
	exit $$status

bench: setup
	@for script in bench/*.py; do \
		echo "== $$script"; PYTHONPATH=.:hooks $(BIN)/python "$$script" || exit 1; \
	done

clean:
	rm -rf site .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path "./.venv/*" -not -path "./node_modules/*" -prune -exec rm -rf {} +

# --- Set-up, skipped while the files that name the packages are unchanged.

setup: .venv/.installed node_modules/.installed

# requirements.txt is whole, so nothing is resolved, and `pip check` says so if it is not.
.venv/.installed: pyproject.toml requirements.txt | needs
	@$(BIN)/python -c "import sys, pip; sys.exit(sys.version_info < (3, 11))" 2>/dev/null \
		|| $(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.txt
	@$(BIN)/python -m pip --disable-pip-version-check check
	@touch $@

node_modules/.installed: package.json package-lock.json | needs
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# Says what is missing before anything is installed.
needs:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null || { \
		found=$$($(PYTHON) -c "import sys; print(sys.version.split()[0])" 2>/dev/null || echo missing); \
		echo "Python 3.11 or newer is needed, but $(PYTHON) is $$found; name another with PYTHON=..." >&2; exit 1; }
	@node -e "process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)" 2>/dev/null || { \
		found=$$(node --version 2>/dev/null || echo missing); \
		echo "Node.js 18 or newer is needed to render the formulas, but node is $$found." >&2; exit 1; }
	@npm --version >/dev/null 2>&1 || { echo "npm, which comes with Node.js, is needed, but is missing." >&2; exit 1; }
