"""A check finds every damaged bit of what is stored; a repair hides damaged cases and drops nothing."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest

from casekin.errors import IndexStoreError
from casekin.index import CaseIndex, IndexedCase
from casekin.index.store.store import FILE_NAME
from made_cases import made_case, made_fact, made_image, unit_vector

FLIPS = 1000 if "CASEKIN_TEST_THOROUGH" in os.environ else 60
REGIONS = ("global", "left_lung", "spine")


def made(number: int) -> IndexedCase:
    """A case with something in every table; its texts and bytes fill pages of their own."""
    rng = np.random.default_rng(number)
    image = made_image({region: unit_vector(rng, 32) for region in REGIONS}, content=f"content {number}")
    return made_case(
        f"case-{number}", patient=f"patient {number}", images=[image], report=f"Report {number}. " * 300,
        facts=(made_fact("nodule", "lung", "left", sentence=f"Nodule {number}."),),
        sentences=(f"Nodule {number}.", "No effusion."), extra={"scanner": number},
    )  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of thirty cases, two models and derived files, all of it in the main file."""
    folder = tmp_path_factory.mktemp("sound") / "index"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("casekin.index.search.derived._LEAST_KEPT", 1)
        with CaseIndex(folder, create=True) as index:
            cases = [made(number) for number in range(30)]
            index.put(cases)
            index.put_embeddings([case.images[0] for case in cases[:7]], model_version="m2")
            index.write_derived()
    return folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "index"))


def change(folder: Path, statement: str) -> None:
    """Change rows behind the index's back."""
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as db:
        db.execute(statement)


def live_bytes(path: Path) -> list[int]:
    """Offsets of all bytes of pages that hold rows, but for what SQLite leaves unused in them."""
    data = path.read_bytes()
    with closing(sqlite3.connect(path)) as db:
        pages = db.execute("SELECT pageno, pagetype, unused FROM dbstat").fetchall()
    live: list[int] = []
    for number, kind, unused in pages:
        start, end = (number - 1) * 4096, number * 4096
        if kind == "overflow":
            live += range(start, end - unused)
            continue
        head = start + (100 if number == 1 else 0)
        cells = int.from_bytes(data[head + 3 : head + 5], "big")
        content = int.from_bytes(data[head + 5 : head + 7], "big")
        if data[head + 1 : head + 3] == b"\0\0" and not data[head + 7]:  # no free blocks: all of the content is cells
            live += range(head + (12 if data[head] in (2, 5) else 8), head + 8 + 2 * cells)
            live += range(start + content, end)
    return live


def is_found(folder: Path) -> bool:
    """Whether the index can't be opened, or a check finds it damaged."""
    with suppress(IndexStoreError), CaseIndex(folder) as index:
        return not index.upkeep.check().is_sound
    return True


def rows_of(folder: Path) -> list[str]:
    """All rows of all tables, as statements."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as db:
        return list(db.iterdump())


def test_what_was_written_is_sound(sound: Path) -> None:
    with CaseIndex(sound) as index:
        report = index.upkeep.check()
    assert report.is_sound
    assert report.as_record()["integrity"] == "ok"
    assert (report.checked, report.unembedded) == (30 + 30 + 37, 0)


def test_every_flipped_bit_of_the_store_is_found(sound: Path, tmp_path: Path) -> None:
    live = live_bytes(sound / FILE_NAME)
    assert len(live) > 100_000
    rng = random.Random(8)
    copy = Path(shutil.copytree(sound, tmp_path / "index"))
    data, rows = (copy / FILE_NAME).read_bytes(), rows_of(sound)
    missed, unread = [], 0
    for _ in range(FLIPS):
        place, bit = rng.choice(live), rng.randrange(8)
        damaged = bytearray(data)
        damaged[place] ^= 1 << bit
        (copy / FILE_NAME).write_bytes(damaged)
        if is_found(copy):
            continue
        if rows_of(copy) == rows:  # the type of a trailing NULL, or of a column that is the row's own number
            unread += 1
        else:
            missed.append((place // 4096 + 1, place % 4096, bit))
    assert missed == []
    assert unread <= FLIPS / 100


def test_a_schema_that_is_no_text_any_more_is_one_error(folder: Path) -> None:
    data = (folder / FILE_NAME).read_bytes()
    (folder / FILE_NAME).write_bytes(data.replace(b"tablefacts", b"table\xe5acts", 1))
    with pytest.raises(IndexStoreError, match="a text is damaged; restore it from a backup"):
        CaseIndex(folder)


def test_every_flipped_bit_of_a_derived_file_is_found(folder: Path) -> None:
    rng = random.Random(9)
    files = sorted(path for path in (folder / "derived").rglob("*") if path.is_file())
    assert len(files) > 4
    for path in files:
        whole = path.read_bytes()
        damaged = bytearray(whole)
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        with CaseIndex(folder) as index:
            report = index.upkeep.check()
            assert [name.split("/")[0] for name in report.derived] == [path.parent.name], path.name
        path.write_bytes(whole)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases SET sex = 'M' WHERE case_no = 3",
        "UPDATE cases SET report = cast(x'ff41' as text) WHERE case_no = 3",
        "DELETE FROM sources WHERE case_no = 3",
        "UPDATE facts SET polarity = 'absent' WHERE case_no = 3",
        "UPDATE images SET preview = x'00' WHERE case_no = 3",
        "UPDATE embeddings SET tokens = x'00' WHERE image_id = 3",
        "UPDATE vectors SET vector = zeroblob(64) WHERE image_id = 3 AND model_no = 2 AND region = 'spine'",
        "DELETE FROM vectors WHERE image_id = 3 AND region = 'global'",
    ],
)
def test_a_damaged_case_is_named_hidden_and_comes_back_with_its_source(folder: Path, statement: str) -> None:
    change(folder, statement)
    with CaseIndex(folder) as index:
        report = index.upkeep.check()
        assert list(report.cases) == [3]
        assert any("quarantine" in line for line in index.upkeep.repair(report))
        assert list(index.quarantined()) == ["case-2"]
        mask = index.select(None)
        assert mask is not None and np.flatnonzero(~mask).tolist() == [0, 3]
        assert not index.has_source("stamp case-2", "m1")
        index.put([made(2)])
        assert index.quarantined() == {}
        assert index.select(None) is None
        assert index.upkeep.check().is_sound


def test_a_full_text_index_that_says_something_else_is_found_and_rebuilt(folder: Path) -> None:
    change(folder, "INSERT INTO words (words, rowid, sentence) VALUES ('delete', 5, 'Nodule 2.')")
    with CaseIndex(folder) as index:
        report = index.upkeep.check()
        assert report.words and not report.cases
        assert index.upkeep.repair(report) == ("full-text index rebuilt",)
        assert index.upkeep.check().is_sound
        assert len(np.flatnonzero(index.match_sentences([(("nodule",), 1.0)]))) == 30


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE models SET state = 'kept' WHERE model_no = 1",
        "UPDATE meta SET value = '7' WHERE key = 'generation'",
        "UPDATE sqlite_sequence SET seq = 3 WHERE name = 'images'",
        "UPDATE journal SET case_no = 9 WHERE seq = 4",
        "INSERT INTO quarantine VALUES (9, 'x')",
    ],
)
def test_changed_settings_are_found(folder: Path, statement: str) -> None:
    change(folder, statement)
    with CaseIndex(folder) as index:
        report = index.upkeep.check()
        assert report.settings
        index.upkeep.repair(report)
        assert index.upkeep.check().is_sound


def test_damaged_derived_files_are_dropped_and_made_anew(folder: Path) -> None:
    next((folder / "derived").rglob("*.npy")).write_bytes(b"")
    with CaseIndex(folder) as index:
        index.upkeep.repair(index.upkeep.check())
        assert not (folder / "derived").exists()
        assert index.upkeep.check().is_sound


def test_a_file_damaged_beyond_its_indexes_asks_for_a_backup(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as db:
        query = "SELECT pageno FROM dbstat WHERE name = 'images' AND pagetype = 'leaf' ORDER BY pageno"
        (page,) = db.execute(query).fetchone()
    data = bytearray((folder / FILE_NAME).read_bytes())
    data[(page - 1) * 4096 : page * 4096] = bytes(4096)
    (folder / FILE_NAME).write_bytes(data)
    with pytest.raises(IndexStoreError, match="backup"), CaseIndex(folder) as index:
        report = index.upkeep.check()
        assert report.structure
        index.upkeep.repair(report)
