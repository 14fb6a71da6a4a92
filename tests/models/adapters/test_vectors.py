"""Precomputed vectors: looked up by id in either file, refused where ids or dimensions don't fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest

from casekin.errors import InputError, ModelError
from casekin.models.adapters import load_backbone, load_vectors

from .published import write_json

CARD: dict[str, Any] = {"name": "elixir", "licence": "health-ai-developer-foundations", "dim": 3, "key": "case_id"}
IDS = ["alfa", "bravo", "charlie"]
ROWS = np.arange(9, dtype=np.float32).reshape(3, 3)


def write(folder: Path, *, kind: str, ids: Any = IDS, rows: Any = ROWS, card: dict[str, Any] | None = None) -> Path:
    write_json(folder / "card.json", CARD if card is None else card)
    if kind == "npz":
        np.savez(folder / "vectors.npz", ids=np.array(ids), vectors=rows)
    else:
        table = pyarrow.table({"id": list(ids), "vector": [list(map(float, row)) for row in rows]})
        pyarrow.parquet.write_table(table, folder / "vectors.parquet")
    return folder


@pytest.mark.parametrize("kind", ["npz", "parquet"])
def test_vectors_come_in_the_order_asked_for(kind: str, tmp_path: Path) -> None:
    stored = load_vectors(write(tmp_path, kind=kind))
    np.testing.assert_array_equal(stored.vectors(["charlie", "alfa", "charlie"]), ROWS[[2, 0, 2]])
    assert (len(stored), stored.dim, stored.key) == (3, 3, "case_id")
    assert (stored.card.licence_tier, stored.card.family) == ("B", "vectors")
    assert stored.vectors([]).shape == (0, 3)


@pytest.mark.parametrize("kind", ["npz", "parquet"])
def test_ids_without_a_vector_are_named(kind: str, tmp_path: Path) -> None:
    stored = load_vectors(write(tmp_path, kind=kind))
    with pytest.raises(InputError, match=r"2 of 3 ids have no vector \(delta, echo\)"):
        stored.vectors(["delta", "alfa", "echo"])


def test_another_file_is_another_version(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a", kind="npz"), write(tmp_path / "b", kind="npz", rows=ROWS + 1)
    assert load_vectors(first).version == load_vectors(write(tmp_path / "c", kind="npz")).version
    assert load_vectors(first).version != load_vectors(second).version


@pytest.mark.parametrize(
    "given",
    [
        {"card": {**CARD, "dim": 4}},
        {"card": {**CARD, "key": "patient"}},
        {"card": {"name": "elixir"}},
        {"ids": ["alfa", "bravo"]},
        {"ids": ["alfa", "bravo", "alfa"]},
        {"rows": np.full((3, 3), np.nan, dtype=np.float32)},
        {"rows": np.array(["a", "b", "c"])},
    ],
)
def test_a_file_that_doesnt_fit_its_card_is_refused(given: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"expected|write it again"):
        load_vectors(write(tmp_path, kind="npz", **given))


def test_rows_of_unequal_length_and_damaged_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="equal lengths"):
        load_vectors(write(tmp_path / "a", kind="parquet", rows=[[1.0], [1.0, 2.0], [3.0]]))
    folder = write(tmp_path / "b", kind="parquet")
    (folder / "vectors.parquet").write_bytes(b"no parquet")
    with pytest.raises(ModelError, match="write it again"):
        load_vectors(folder)
    folder = write(tmp_path / "c", kind="npz", ids=np.array([{"a": 1}, 2, 3], dtype=object))
    with pytest.raises(ModelError, match="write it again"):
        load_vectors(folder)


def test_vectors_are_no_encoder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="load_vectors"):
        load_backbone(write(tmp_path, kind="npz"))
    with pytest.raises(ModelError, match="holds no vectors"):
        load_vectors(tmp_path / "nowhere")
