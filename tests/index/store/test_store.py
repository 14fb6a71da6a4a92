"""The store: what is put comes out, all of it or nothing, also for another reader and after a kill."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from casekin.errors import IndexStoreError
from casekin.index import CaseIndex, IndexedCase, Term
from casekin.index.store.store import FILE_NAME
from casekin.types import Box, Fact
from made_cases import made_case, made_fact, made_image, place, unit_vector

RNG = np.random.default_rng(1)


def full_case(case_id: str = "full") -> IndexedCase:
    """A case with something in every field."""
    fact = Fact(
        finding="nodule", anatomy="upper_lobe", side="left", polarity="present", severity="mild", size_mm=12.5,
        change="new", sentence="A 12.5 mm nodule.", span=(10, 16),
    )  # fmt: skip
    image = made_image({"global": unit_vector(RNG), "left_lung": unit_vector(RNG)}, boxes={"left_lung": BOX})
    return made_case(
        case_id, patient="group", images=[image], study_instance_uid="2.25.1", accession_number="a-1", modality="DX",
        body_part="CHEST", view="PA", sex="F", age=61.5, day_offset=-3, source="site", licence="CC0",
        extra={"more": [1, "x"]}, report="FINDINGS: A 12.5 mm nodule.", sentences=("A 12.5 mm nodule.",),
        facts=(fact, made_fact("pneumothorax", "pleural_space", None, "absent")),
        normal_anatomies=(place("lung", "right"), place("trachea")),
    )  # fmt: skip


BOX = Box(x0=40.0, y0=10.5, x1=70.0, y1=80.0)


def counts(folder: Path) -> dict[str, int]:
    """Rows of every table, counted by SQLite itself."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as db:
        tables = ("cases", "images", "vectors", "facts", "normal_anatomies", "sentences")
        return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


def test_a_case_comes_out_as_it_was_put(tmp_path: Path) -> None:
    case = full_case()
    with CaseIndex(tmp_path, create=True) as index:
        index.put([case])
    with CaseIndex(tmp_path) as index:
        stored = index.cases([case.case_id, "nobody"])
        (image,) = index.images(index.image_ids_of(case.case_id))
    assert list(stored) == [case.case_id]
    for name in ("patient", "modality", "body_part", "view", "sex", "age", "day_offset", "source", "report", "facts"):
        assert getattr(stored[case.case_id], name) == getattr(case, name), name
    assert stored[case.case_id].normal_anatomies == case.normal_anatomies
    assert (image.width, image.height, dict(image.boxes)) == (80, 100, {"left_lung": BOX})
    assert (image.tokens, image.preview, image.case_id) == (b"tokens", b"preview", case.case_id)


def test_vectors_come_out_bit_for_bit(tmp_path: Path) -> None:
    vectors = {region: unit_vector(RNG, 16) for region in ("global", "left_lung", "spine")}
    with CaseIndex(tmp_path, create=True) as index:
        index.put([made_case("a", images=[made_image(vectors)])])
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        stored = dict(db.execute("SELECT region, vector FROM vectors"))
    assert stored == {region: vector.astype("<f2").tobytes() for region, vector in vectors.items()}


def test_putting_a_case_again_replaces_all_of_it(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        index.put([full_case("a"), full_case("b")])
        before = index.cases(["b"])
        index.put([made_case("a", images=[made_image({"global": unit_vector(RNG)})])])
        assert index.cases(["a"])["a"].facts == ()
        assert index.cases(["b"]) == before
    assert counts(tmp_path) == {
        "cases": 2, "images": 2, "vectors": 3, "facts": 2, "normal_anatomies": 2, "sentences": 1,
    }  # fmt: skip


def test_removing_a_case_leaves_nothing_of_it(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        index.put([full_case("a")])
        index.put([], remove=["a", "nobody"])
        assert index.cases(["a"]) == {}
        assert not index.match_sentences([(("nodule",), 1.0)]).any()
    assert set(counts(tmp_path).values()) == {0}


def test_the_last_of_two_cases_with_one_id_in_a_batch_stands(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        index.put([made_case("a", sex="F"), made_case("a", sex="M")])
        assert index.cases(["a"])["a"].sex == "M"
        assert index.info()["cases"] == 1


def test_a_batch_with_one_bad_case_changes_nothing(tmp_path: Path) -> None:
    bad = made_case("bad", facts=(made_fact("nodule", "lung", None, "present"),), normal_anatomies=(None,))
    with CaseIndex(tmp_path, create=True) as index:
        index.put([full_case("a")])
        before = (index.version(), counts(tmp_path))
        with pytest.raises(AttributeError):
            index.put([made_case("b"), bad], remove=["a"])
        assert (index.version(), counts(tmp_path)) == before
        index.put([made_case("b")])  # the handle still works
        assert sorted(index.cases(["a", "b", "bad"])) == ["a", "b"]


def test_a_report_that_comes_later_replaces_everything_that_was_read(tmp_path: Path) -> None:
    fact = made_fact("mass", "lower_lobe", "right", sentence="Mass.")
    with CaseIndex(tmp_path, create=True) as index:
        index.put([full_case("a")])
        index.put_report("a", report="Mass.", facts=[fact], normal=[], sentences=["Mass."])
        stored = index.cases(["a"])["a"]
        assert (stored.report, stored.facts, stored.normal_anatomies) == ("Mass.", (fact,), ())
        assert not index.match_sentences([(("nodule",), 1.0)]).any()
        assert np.flatnonzero(index.match_sentences([(("mass",), 1.0)])).tolist() == [1]


def test_a_report_for_a_case_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as index, pytest.raises(IndexStoreError, match="nobody"):
        index.put_report("nobody", report="Mass.", facts=[], normal=[], sentences=[])


def test_another_reader_sees_a_write_at_once(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    vector = unit_vector(rng)
    term = Term(region="global", vector=vector.astype(np.float32), weight=1.0)
    with CaseIndex(tmp_path, create=True) as writer, CaseIndex(tmp_path) as reader:
        seen = []
        for number in range(3):
            writer.put([made_case(f"c{number}", images=[made_image({"global": vector})])])
            (wave,) = reader.nearest([term], allowed_cases=None)
            seen.append((len(wave.image_ids), len(reader.cases(["c0", "c1", "c2"]))))
        writer.put([], remove=["c1"])
        (wave,) = reader.nearest([term], allowed_cases=None)
        assert seen == [(1, 1), (2, 2), (3, 3)]
        assert [image.case_id for image in reader.images(sorted(wave.image_ids))] == ["c0", "c2"]


def test_the_version_changes_with_every_write_and_with_nothing_else(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        versions = [index.version()]
        index.put([made_case("a")])
        versions.append(index.version())
        index.put_report("a", report="", facts=[], normal=[], sentences=[])
        versions.append(index.version())
        index.info(), index.cases(["a"]), index.catalog()
        assert len(set(versions)) == 3
        assert index.version() == versions[-1]
    with CaseIndex(tmp_path) as index:
        assert index.version() == versions[-1]


def test_info_counts_what_was_put(tmp_path: Path) -> None:
    images = [made_image({"global": unit_vector(RNG)}) for _ in range(2)]
    with CaseIndex(tmp_path, create=True) as index:
        empty = index.info()
        index.put([full_case("a"), made_case("b", patient="group", images=images), made_case("c", patient="other")])
        info = index.info()
    assert (empty["cases"], empty["images"], empty["patients"], empty["model_version"]) == (0, 0, 0, None)
    assert (info["cases"], info["images"], info["patients"], info["facts"], info["reports"]) == (3, 3, 2, 2, 1)
    assert (info["engine"], info["model_version"], info["integrity"]) == ("sqlite+faiss", "m1", "ok")


def test_a_folder_without_an_index_is_refused_and_stays_as_it_was(tmp_path: Path) -> None:
    with pytest.raises(IndexStoreError, match="casekin ingest"):
        CaseIndex(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database at all, " * 300)
    with pytest.raises(IndexStoreError, match="backup"):
        CaseIndex(tmp_path)


def test_another_programs_database_is_refused_and_not_written_to(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        db.execute("CREATE TABLE songs (title TEXT)")
    for create in (False, True):
        with pytest.raises(IndexStoreError):
            CaseIndex(tmp_path, create=create)
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        assert [row[0] for row in db.execute("SELECT name FROM sqlite_master")] == ["songs"]


def test_an_empty_file_is_no_index_unless_one_is_to_be_made(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    with pytest.raises(IndexStoreError):
        CaseIndex(tmp_path)
    with CaseIndex(tmp_path, create=True) as index:
        assert index.info()["cases"] == 0


def test_an_index_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    CaseIndex(tmp_path, create=True).close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        db.execute("UPDATE meta SET value = '99' WHERE key = 'format'")
    with pytest.raises(IndexStoreError, match="got 99"):
        CaseIndex(tmp_path)


def test_a_damaged_page_is_told_and_never_a_foreign_error(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        for number in range(40):
            index.put([replace(full_case(f"c{number}"), report="A long report. " * 200)])
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = tmp_path / FILE_NAME
    blob = bytearray(path.read_bytes())
    blob[8192 : len(blob) - 4096] = b"\xa5" * (len(blob) - 4096 - 8192)
    path.write_bytes(blob)
    try:
        with CaseIndex(tmp_path) as index:
            assert index.info()["integrity"].startswith("damaged")
    except IndexStoreError as error:
        assert "backup" in str(error)
    with pytest.raises(IndexStoreError, match="backup"), CaseIndex(tmp_path) as index:
        index.cases([f"c{number}" for number in range(40)])


def test_the_site_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as index, CaseIndex(tmp_path) as other:
        key = index.site_key()
        assert len(key) == 32
        assert other.site_key() == index.site_key() == key
    (file,) = tmp_path.glob("*.key")
    assert file.stat().st_mode & 0o077 == 0
    file.write_bytes(b"short")
    with CaseIndex(tmp_path) as index, pytest.raises(IndexStoreError, match="32 bytes"):
        index.site_key()


KILLED_WRITERS = """
import os, signal, sys
from pathlib import Path
import numpy as np
from made_cases import made_case, made_image, unit_vector
from casekin.index import CaseIndex

def write_until_killed(folder, first, told):
    vectors = np.random.default_rng(first)
    with CaseIndex(folder, create=True) as index:
        for number in range(first, 10**9):
            images = [made_image({"global": unit_vector(vectors)})]
            index.put([made_case(f"{number}-{part}", images=images, report="x" * 4000) for part in range(5)])
            os.write(told, f"{number}\\n".encode())

rng = np.random.default_rng(9)
for start in range(0, 20_000, 1000):
    told, tell = os.pipe()
    writer = os.fork()
    if writer == 0:
        write_until_killed(Path(sys.argv[1]), start, tell)
    os.close(tell)
    heard = os.read(told, 4)  # the first commit, and then some microseconds to milliseconds more
    for _ in range(int(rng.integers(0, 50_000))):
        pass
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    while more := os.read(told, 65536):
        heard += more
    sys.stdout.write(heard.decode())
"""


def test_killed_at_any_moment_acknowledged_cases_are_there_and_batches_whole(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])}
    command = [sys.executable, "-c", KILLED_WRITERS, str(tmp_path)]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    acknowledged = [int(line) for line in told.splitlines()]
    with CaseIndex(tmp_path) as index:
        assert index.info()["integrity"] == "ok"
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db:
        stored = {row[0] for row in db.execute("SELECT case_id FROM cases")}
    assert len({number // 1000 for number in acknowledged}) == 20
    assert {f"{number}-{part}" for number in acknowledged for part in range(5)} <= stored
    batches = {case_id.split("-")[0] for case_id in stored}
    assert stored == {f"{number}-{part}" for number in batches for part in range(5)}
    assert len(batches) <= len(acknowledged) + 20  # at most the one in flight at each kill
    assert counts(tmp_path)["images"] == len(stored)
