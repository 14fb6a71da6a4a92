"""Vectors that somebody computed elsewhere: a file of ids and rows with a card, looked up and never recomputed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.errors import DependencyError, InputError, ModelError
from casekin.models.adapters.card import CARD_FILE, ModelCard, make_card, recorded_card
from casekin.models.geometry import Array

VECTOR_FILES = ("vectors.npz", "vectors.parquet")
KEYS = ("case_id", "content_sha256")
_NAMED = 5  # ids that an error message lists


class PrecomputedVectors:
    """One vector for each id. `key` says what the ids are: case ids, or SHA-256 of the images' content."""

    def __init__(self, rows: Mapping[str, int], vectors: Array, *, key: str, card: ModelCard) -> None:
        self._rows = rows
        self._vectors = vectors
        self.key = key
        self.card = card

    @property
    def version(self) -> str:
        """Changes whenever the file changes."""
        return self.card.version

    @property
    def dim(self) -> int:
        return int(self._vectors.shape[1])

    def __len__(self) -> int:
        return len(self._rows)

    def vectors(self, ids: Sequence[str]) -> Array:
        """`(n, dim)` float32 in the order asked for. Raises InputError when any id has no vector."""
        missing = [name for name in ids if name not in self._rows]
        if missing:
            listed = ", ".join(missing[:_NAMED]) + (", …" if len(missing) > _NAMED else "")
            raise InputError(
                f"{len(missing)} of {len(ids)} ids have no vector ({listed}); expected all by {self.key}; "
                "compute them with the same model, or leave these cases out"
            )
        return self._vectors[[self._rows[name] for name in ids]]


def load_vectors(folder: Path) -> PrecomputedVectors:
    """Read `vectors.npz` (arrays `ids`, `vectors`) or `vectors.parquet` (columns `id`, `vector`) with its `card.json`.

    The card names the model and its `licence`, `dim`, and `key` ("case_id" or "content_sha256"). Raises ModelError when
    file, card or dimensions don't fit, DependencyError for parquet without pyarrow.
    """
    card = recorded_card(folder)
    path = next((folder / name for name in VECTOR_FILES if (folder / name).exists()), None)
    if path is None or not {"name", "dim", "key"} <= set(card) or card["key"] not in KEYS:
        raise ModelError(
            f"{folder.name}/ holds no vectors: expected {' or '.join(VECTOR_FILES)} and a {CARD_FILE} with name, "
            f"licence, dim and key ({' or '.join(KEYS)})"
        )
    ids, vectors = _read_npz(path) if path.suffix == ".npz" else _read_parquet(path)
    if vectors.ndim != 2 or len(ids) != len(vectors) or vectors.shape[1] != card["dim"]:
        raise ModelError(f"{path.name}: got {len(ids)} ids and vectors {vectors.shape}, expected (n, {card['dim']})")
    rows = {name: row for row, name in enumerate(ids)}
    if len(rows) != len(ids) or not np.isfinite(vectors).all():
        raise ModelError(f"{path.name}: expected each id once and finite numbers; write the file again")
    made = make_card(
        path=path,
        source=str(folder),
        revision=card.get("revision"),
        family="vectors",
        files=[path],
        preprocessing=None,
        grid=None,
        dim=int(vectors.shape[1]),
        text_dim=None,
    )
    return PrecomputedVectors(rows, vectors, key=str(card["key"]), card=made)


def _read_npz(path: Path) -> tuple[list[str], Array]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return [str(name) for name in file["ids"]], np.asarray(file["vectors"], dtype=np.float32)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path.name} has no arrays `ids` (text) and `vectors` (numbers); write it again") from error


def _read_parquet(path: Path) -> tuple[list[str], Array]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise DependencyError("parquet needs pyarrow; pip install 'casekin[parquet]', or write vectors.npz") from error
    try:
        table = pyarrow.parquet.read_table(path, columns=["id", "vector"])
        rows: list[NDArray[np.float32]] = [np.asarray(row, dtype=np.float32) for row in table["vector"].to_pylist()]
        return [str(name) for name in table["id"].to_pylist()], np.stack(rows)
    except (OSError, ValueError, KeyError, TypeError, pyarrow.ArrowException) as error:
        raise ModelError(f"{path.name} has no columns `id` and `vector` of equal lengths; write it again") from error
