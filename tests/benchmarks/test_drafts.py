"""The benchmark of drafts: its aims are checked against what was found, and its record holds both."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from made_cases import made_fact
from made_indexes import made_index

ROOT = Path(__file__).parents[2]
SAID = {"finding": "pneumothorax", "anatomy": "pleural_space", "side": "left", "polarity": "present"}
DISTANCE = "distance of F1(polarity)"
TRUE = made_fact("pneumothorax", "pleural_space", "left")


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    made = importlib.import_module("drafts")
    monkeypatch.setattr(made, "load_encoder", lambda: None)
    return made


def drafting(text: str) -> Any:
    """What drafts this sentence of every case, and cites a case that states it."""
    sentence = {"text": text, **SAID, "support": {"p": 0.9, "n": 3, "interval": [0.5, 1]}, "cites": ["c01"]}
    return lambda index, case, **_: SimpleNamespace(as_record=lambda: {"sentences": [sentence]})


@pytest.mark.parametrize(
    ("text", "missed"),
    [
        ("Left pneumothorax.", set()),
        ("Left pneumothorax of 8 mm, unchanged.", {"Numbers", "Priors"}),
        ("Right pneumothorax.", {"CitationPrecision", "SideError"}),
    ],
)
def test_aims_that_are_missed_are_told(
    benchmark: Any, text: str, missed: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_index(tmp_path / "made.index", c01={"facts": (TRUE,)}).close()
    rows = [{"case_id": f"c{i:02d}", "facts": [TRUE.as_record()]} for i in range(12)]
    (tmp_path / "truth.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    monkeypatch.setattr(benchmark, "draft_stored", drafting(text))
    words = ["--truth", str(tmp_path / "truth.jsonl"), "--cases", "8", "--result", str(tmp_path / "told.json")]
    monkeypatch.setattr("sys.argv", ["drafts.py", str(tmp_path / "made.index"), *words])

    benchmark.main()

    record = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    # Nobody denies anything in this archive, so there is no F1 of denials, and no distance by it.
    assert {name for name, aim in record["aims"].items() if not aim["met"]} == {*missed, DISTANCE}
    assert record["n_queries"] == 8
    assert record["archive"] == tmp_path.name


@pytest.mark.parametrize(("found", "met"), [(1.6, True), (1.5, True), (1.4, False), (None, False)])
def test_a_distance_has_to_be_known_and_large_enough(benchmark: Any, found: float | None, met: bool) -> None:
    told = {"distances": {"F1(polarity)": {"mean": found}}}

    assert benchmark.AIMS[DISTANCE](told) == (found, 1.5, met)
