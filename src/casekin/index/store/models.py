"""The models of a store: one active for each kind of image, others being built or kept; no list ever mixes two."""

from __future__ import annotations

import sqlite3

from casekin.errors import IndexStoreError
from casekin.index.records import StoredModel
from casekin.index.store.connection import transaction
from casekin.index.store.schema import count_write


def read_models(connection: sqlite3.Connection) -> list[StoredModel]:
    """Every model with how many images it has embedded and how many of its kind it lacks, by kind and version."""
    rows = connection.execute(
        "SELECT version, kind, state, (SELECT count(*) FROM embeddings e WHERE e.model_no = m.model_no), "
        "(SELECT count(*) FROM images i WHERE i.kind = m.kind) FROM models m ORDER BY kind, version"
    )
    return [
        StoredModel(version=version, kind=kind, state=state, images=images, missing=total - images)
        for version, kind, state, images, total in rows
    ]


def active_model(connection: sqlite3.Connection, kind: str) -> tuple[int, str] | None:
    """Number and version of the model that answers queries of a kind, None where no image of the kind is stored."""
    row = connection.execute(
        "SELECT model_no, version FROM models m WHERE kind = ? AND state = 'active' "
        "AND EXISTS (SELECT 1 FROM embeddings e WHERE e.model_no = m.model_no)",
        (kind,),
    ).fetchone()
    return None if row is None else (int(row[0]), str(row[1]))


def model_for_images(connection: sqlite3.Connection, version: str, kind: str) -> int:
    """Number of the active model that new images come with; the first of a kind becomes it.

    Raises `IndexStoreError` where another model is active.
    """
    active = active_model(connection, kind)
    if active is None:
        connection.execute("DELETE FROM models WHERE kind = ? AND state = 'active'", (kind,))
        model_no = number_model(connection, version, kind)
        connection.execute("UPDATE models SET state = 'active' WHERE model_no = ?", (model_no,))
        return model_no
    if active[1] != version:
        raise IndexStoreError(
            f"index: expected vectors of the active {kind} model {active[1]}, got {version}; "
            "embed the archive with the new model first (`casekin reembed`)"
        )
    return active[0]


def number_model(connection: sqlite3.Connection, version: str, kind: str) -> int:
    """The model's number, given out (as being built) where the store doesn't know it.

    Raises `IndexStoreError` where it is a model of another kind of image.
    """
    query = "SELECT model_no, kind FROM models WHERE version = ?"
    row = connection.execute(query, (version,)).fetchone()
    if row is None:
        connection.execute("INSERT INTO models (version, kind, state) VALUES (?, ?, 'building')", (version, kind))
        row = connection.execute(query, (version,)).fetchone()
    if row[1] != kind:
        raise IndexStoreError(f"index: expected a model of {kind} images, got {version} of {row[1]} images")
    return int(row[0])


def activate_model(connection: sqlite3.Connection, version: str, *, incomplete: bool) -> None:
    """Let a model answer for its kind and keep the one before; `incomplete`: even where images lack its vectors.

    Raises `IndexStoreError` where the model is unknown, or images lack its vectors.
    """
    with transaction(connection):
        model = _known(connection, version)
        if model.missing and not incomplete:
            raise IndexStoreError(
                f"models: expected vectors of {version} for every {model.kind}, {model.missing} are without; "
                "run `casekin reembed` again, or activate it --incomplete"
            )
        connection.execute("UPDATE models SET state = 'kept' WHERE kind = ? AND state = 'active'", (model.kind,))
        connection.execute("UPDATE models SET state = 'active' WHERE version = ?", (version,))
        count_write(connection)


def remove_model(connection: sqlite3.Connection, version: str) -> None:
    """Drop a model and its vectors. Raises `IndexStoreError` where it is unknown or answers queries."""
    with transaction(connection):
        if _known(connection, version).state == "active":
            raise IndexStoreError(f"models: expected a model that isn't active, got {version}; activate another first")
        number = "(SELECT model_no FROM models WHERE version = ?)"
        connection.execute(f"DELETE FROM embeddings WHERE model_no = {number}", (version,))
        connection.execute("DELETE FROM models WHERE version = ?", (version,))
        count_write(connection)


def _known(connection: sqlite3.Connection, version: str) -> StoredModel:
    models = {model.version: model for model in read_models(connection)}
    if version not in models:
        raise IndexStoreError(
            f"models: expected one of {', '.join(models) or 'none yet'}, got {version}; see `casekin models`"
        )
    return models[version]


def state_of(connection: sqlite3.Connection, model_no: int) -> str:
    """`building`, `active` or `kept`."""
    row = connection.execute("SELECT state FROM models WHERE model_no = ?", (model_no,)).fetchone()
    return str(row[0])
