"""The tool that checks pair maps writes the outcome into the model's card, and asks for the model's own index."""

from __future__ import annotations

import importlib
import json
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from casekin.errors import IndexStoreError
from casekin.index import CaseIndex
from casekin.models import load_encoder
from casekin.models.weights import FOLDER, load_card
from casekin.retrieval.explain.check import Ahead, MapCheck, why_no_maps

TOOLS = Path(__file__).parents[2] / "tools"


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(TOOLS))
    return importlib.import_module("check_pair_maps")


def made_outcome(version: str, *, mirrored: float) -> MapCheck:
    ahead = Ahead(map=0.5, random=0.8, centre=0.7, ahead_of_random=(0.2, 0.4), ahead_of_centre=(0.1, 0.3))
    return MapCheck(version=version, pairs=20, deletion=ahead, insertion=ahead, randomised=0.0, mirrored=mirrored)


def test_a_written_outcome_decides_whether_maps_of_that_model_are_shown(tool: ModuleType, tmp_path: Path) -> None:
    card = load_card()
    del card["pair_maps"]
    for entry in card["files"].values():
        shutil.copy(FOLDER / entry["name"], tmp_path)
    path = tmp_path / "site.json"
    path.write_text(json.dumps(card), encoding="utf-8")
    version = load_encoder(path).version
    assert why_no_maps(load_encoder(path)) == f"maps of model {version} have not been checked"
    assert tool.write_outcome(str(path), made_outcome(version, mirrored=0.2)) == path
    assert why_no_maps(load_encoder(path)) == f"maps of model {version} failed a check: mirrored pictures"
    tool.write_outcome(str(path), made_outcome(version, mirrored=0.9))
    assert why_no_maps(load_encoder(path)) is None
    assert {name: json.loads(path.read_text())[name] for name in card} == card


def test_an_index_by_another_model_is_refused(tool: ModuleType, tmp_path: Path) -> None:
    CaseIndex(tmp_path / "index", create=True).close()
    with pytest.raises(IndexStoreError, match="give its model"):
        tool.check(tmp_path / "index", "default", pairs=20)
