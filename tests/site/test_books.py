"""The site's database."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from casekin.errors import InputError, SiteError
from casekin.site.books import Books, site_folder

_SCHEMA = "CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, n INTEGER NOT NULL)"


@pytest.fixture
def books(tmp_path: Path) -> Books:
    made = Books(tmp_path / "site")
    made.ensure(_SCHEMA)
    return made


def test_a_transaction_that_fails_leaves_nothing(books: Books) -> None:
    with pytest.raises(ZeroDivisionError), books.writing() as db:
        db.execute("INSERT INTO counts VALUES ('a', 1)")
        raise ZeroDivisionError
    with books.reading() as db:
        assert db.execute("SELECT count(*) FROM counts").fetchone() == (0,)


def test_writers_in_threads_wait_for_each_other(books: Books) -> None:
    with books.writing() as db:
        db.execute("INSERT INTO counts VALUES ('a', 0)")

    def add(_: int) -> None:
        with books.writing() as db:
            db.execute("UPDATE counts SET n = n + 1")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(40)))
    with books.reading() as db:
        assert db.execute("SELECT n FROM counts").fetchone() == (40,)


def test_tables_are_declared_as_often_as_one_likes(books: Books) -> None:
    books.ensure(_SCHEMA)
    Books(books.folder).ensure(_SCHEMA)


def test_folder_and_database_are_their_owners_alone(books: Books) -> None:
    assert books.folder.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in books.folder.iterdir())


def test_a_damaged_database_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "site.sqlite3").write_bytes(b"no database" * 1000)
    with pytest.raises(SiteError, match=r"site\.sqlite3"), Books(tmp_path).reading() as db:
        db.execute("SELECT 1 FROM sqlite_master")


def test_a_statement_that_fails_is_a_site_error(books: Books) -> None:
    with pytest.raises(SiteError) as raised, books.writing() as db:
        db.execute("SELECT nothing FROM nowhere")
    assert isinstance(raised.value.__cause__, sqlite3.DatabaseError)


def test_the_state_folder_lies_in_an_index_folder_and_must_be_given_for_a_server(tmp_path: Path) -> None:
    assert site_folder(tmp_path) == tmp_path / "site"
    assert site_folder("milvus://host:1/name", tmp_path) == tmp_path
    with pytest.raises(InputError, match="--site"):
        site_folder("milvus://host:1/name")
