"""Evaluations go with an erased case that they name, and stay where they name others."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest

from casekin.site.books import Books
from casekin.site.evaluations import Evaluations


@pytest.mark.parametrize("name", ["case-1", "päd/1", 'a"b', "1"])
def test_an_evaluation_that_names_an_erased_case_is_removed_whole(tmp_path: Path, name: str) -> None:
    kept = Evaluations(Books(tmp_path))
    assert kept.forget([name]) == 0
    for folder, text in (
        ("json", json.dumps({"case_id": name})),
        ("page", f"<p>{html.escape(name)}</p>"),
        ("other", "case-10 case-11 x-case-1 11 nobody"),
        ("empty", ""),
    ):
        place = kept.folder / folder / "deep"
        place.mkdir(parents=True)
        (place / "told").write_text(text, encoding="utf-8")
    (kept.folder / "loose.jsonl").write_text(json.dumps({"query_id": name}), encoding="utf-8")
    assert kept.forget([], ["patient"]) == 0
    assert kept.forget([name, "another"]) == 3
    assert sorted(one.name for one in kept.folder.iterdir()) == ["empty", "other"]
