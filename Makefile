# Every target sets up what it needs in .venv: `make demo` and `make test` work on a fresh machine with Python 3.11+ and make.
# Choose another interpreter with `make demo PYTHON=python3.12`, another folder with `make demo OUT=somewhere`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out
PORT ?= 8000
INDEX ?= $(OUT)/demo/index
# One more than two processors have: tests wait for servers and browsers.
WORKERS ?= 3
BENCH_PATIENTS ?= 1000
FUZZ_INPUTS ?= 100000
REAL_BENCHMARKS := zones near_duplicates locator ct_locator report_reader text_search
CRASH_TESTS := $(addprefix tests/index/,test_crash.py test_cluster_crash.py test_faults.py test_clock.py upkeep/test_check.py) \
  tests/journeys/test_ingest_killed.py
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

CORE := $(VENV)/.installed-core
TEST := $(VENV)/.installed-test
BENCH := $(VENV)/.installed-bench
SERVE := $(VENV)/.installed-serve
SYSTEM := $(VENV)/.installed-system
MILVUS := $(VENV)/.installed-milvus

.DEFAULT_GOAL := help
.PHONY: help demo demo-real test test-crash fuzz check docs bench train-default serve clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: $(CORE) ## simulate an archive, ingest it, search it, write an evidence sheet (offline, a few minutes)
	$(BIN)/casekin demo --out $(OUT)/demo

demo-real: $(CORE) ## the same road on your own files: make demo-real DATA=folder
	@test -n "$(DATA)" || { echo "demo-real needs a folder of DICOM, PNG, JPEG or NIfTI files: make demo-real DATA=folder" >&2; exit 2; }
	$(BIN)/python tools/demo_real.py "$(DATA)" --out $(OUT)/demo-real

test: $(TEST) $(SYSTEM) $(MILVUS) ## lint, types, import directions, all tests (what CI runs)
	$(BIN)/ruff check
	$(BIN)/ruff format --check --quiet src tests tools benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

test-crash: $(TEST) $(SYSTEM) $(MILVUS) ## kill an index at 272 random moments, flip 1,000 bits, fail its disk, turn its clock (a few minutes)
	CASEKIN_TEST_KILLS=26 CASEKIN_TEST_THOROUGH=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest $(CRASH_TESTS)

fuzz: $(TEST) ## mutated inputs against every reader, FUZZ_INPUTS of each family (some four hours, half of them waiting for peers; goes on where it stopped)
	@mkdir -p $(OUT)/fuzz
	$(BIN)/python tools/fuzz/run.py --resume --inputs $(FUZZ_INPUTS) --keep $(OUT)/fuzz --out $(OUT)/fuzz/record.json
	cp $(OUT)/fuzz/record.json benchmarks/results/fuzz.json

check: $(TEST) ## the quick half of `make test`, and what casekin stands on: licences, known vulnerabilities, a bill of materials
	$(BIN)/ruff check
	$(BIN)/ruff format --check --quiet src tests tools benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	@mkdir -p $(OUT)
	$(BIN)/python tools/sbom.py --out $(OUT)/sbom.json

docs: $(TEST) ## write docs/reference and the client from the code and check every link
	$(BIN)/python tools/build_openapi.py
	$(BIN)/python tools/build_client.py
	$(BIN)/python tools/build_reference.py
	$(BIN)/python -m pytest -q tests/house/test_documentation.py

bench: $(BENCH) ## benchmarks into benchmarks/results; those on real images when CASEKIN_REAL_DATA names a folder (long)
	$(BIN)/casekin world --out $(OUT)/bench/archive --patients $(BENCH_PATIENTS) --seed 777
	$(BIN)/casekin ingest $(OUT)/bench/archive --index $(OUT)/bench/index
	$(BIN)/python benchmarks/conditional_retrieval.py --archive $(OUT)/bench/archive --index $(OUT)/bench/index
	$(BIN)/casekin world --out $(OUT)/bench/small --patients 60 --seed 7
	$(BIN)/python benchmarks/ingest_rate.py --archive $(OUT)/bench/small
	$(BIN)/python benchmarks/search_latency.py --archive $(OUT)/bench/small
	$(BIN)/python benchmarks/index_upkeep.py
	$(BIN)/python benchmarks/search_scale.py --work $(OUT)/bench/scale
	$(BIN)/python benchmarks/mine_rate.py
	$(BIN)/python benchmarks/relevance_agreement.py
	$(BIN)/python benchmarks/relevance_speed.py
	$(BIN)/python benchmarks/measures_speed.py
	$(BIN)/python benchmarks/bootstrap_speed.py
	$(BIN)/python benchmarks/interval_coverage.py
	$(BIN)/python benchmarks/judging_agreement.py
	$(BIN)/python benchmarks/text_encoders.py --encoder default
	$(BIN)/python benchmarks/grounding.py --archive $(OUT)/bench/archive
	$(BIN)/python benchmarks/pair_maps.py --archive $(OUT)/bench/archive --index $(OUT)/bench/index
	@if [ -n "$$CASEKIN_REAL_DATA" ]; then \
	  set -ex; \
	  for name in $(REAL_BENCHMARKS); do $(BIN)/python benchmarks/$$name.py --out benchmarks/results/$$name.json; done; \
	else echo "left out, as CASEKIN_REAL_DATA names no folder: $(REAL_BENCHMARKS)"; fi

train-default: $(TEST) ## train the shipped decoder, its curves, the look and the locator anew, and put them into the package (under 3 hours on two cores)
	$(BIN)/casekin world --out $(OUT)/train/one --patients 1000 --seed 4242
	$(BIN)/casekin world --out $(OUT)/train/two --patients 1300 --seed 611
	$(BIN)/python tools/train_default.py --archive $(OUT)/train/one --archive $(OUT)/train/two --cache $(OUT)/train/cache --out $(OUT)/train/decoder
	$(BIN)/python tools/train_locator.py --archive $(OUT)/train/one --archive $(OUT)/train/two --cache $(OUT)/train/cache/locator --out $(OUT)/train/locator
	$(BIN)/python tools/install_default.py $(OUT)/train/decoder $(OUT)/train/locator

serve: $(SERVE) ## web page and REST API over an index, for this machine only: make serve INDEX=folder
	$(BIN)/casekin serve --index $(INDEX) --port $(PORT)

clean: ## remove the environment, caches and outputs
	rm -rf $(VENV) $(OUT)/demo $(OUT)/demo-real $(OUT)/bench .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "casekin needs Python 3.11 or newer; choose one with: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "could not make $(VENV); on Debian and Ubuntu install python3-venv first" >&2; rm -rf $(VENV); exit 1; }

$(CORE): pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing casekin into $(VENV)"
	@$(PIP_INSTALL) --editable .
	@touch $@

$(TEST): $(CORE)
	@echo "installing the test tools into $(VENV)"
	@$(PIP_INSTALL) --editable '.[test]'
	@touch $@

$(BENCH): $(CORE)
	@echo "installing the benchmark tools into $(VENV)"
	@$(PIP_INSTALL) --editable '.[bench]'
	@touch $@

$(SERVE): $(CORE)
	@echo "installing the service into $(VENV)"
	@$(PIP_INSTALL) --editable '.[serve]'
	@touch $@

# Programs that some tests compare with or drive: DICOM tools and a DICOM server, a browser, a C compiler. Where they can't be installed, those tests
# say so and skip (and in CI a skip fails).
$(SYSTEM): Makefile | $(BIN)/python
	@if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  missing=; \
	  command -v dciodvfy >/dev/null || missing="$$missing dicom3tools"; \
	  command -v chromium >/dev/null || missing="$$missing chromium"; \
	  command -v cc >/dev/null || missing="$$missing gcc libc6-dev"; \
	  command -v Orthanc >/dev/null || missing="$$missing orthanc orthanc-dicomweb orthanc-gdcm"; \
	  command -v dcmdump >/dev/null || missing="$$missing dcmtk"; \
	  command -v systemd-analyze >/dev/null || missing="$$missing systemd"; \
	  if [ -n "$$missing" ]; then \
	    echo "installing$$missing"; \
	    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends $$missing; } \
	      >/dev/null 2>&1 || echo "could not install$$missing; tests that need them skip"; \
	  fi; \
	fi
	@touch $@

# A real Milvus server for the cluster engine's tests, in an environment of its own: its requirements are not ours.
$(MILVUS): Makefile | $(BIN)/python
	@echo "installing a Milvus server into $(VENV)/milvus"
	@{ $(BIN)/python -m venv $(VENV)/milvus && $(VENV)/milvus/bin/python -m pip install --quiet --disable-pip-version-check milvus==2.3.5; } \
	  || { rm -rf $(VENV)/milvus; echo "could not install the Milvus server; tests that need it skip"; }
	@touch $@
