"""An index of an earlier format is upgraded where it lies: nothing is lost, numbers stay, or nothing happens."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from casekin.errors import IndexStoreError
from casekin.index import CaseIndex, Term
from casekin.index.store.digests import digest_case, digest_embedding, digest_image
from casekin.index.store.store import FILE_NAME
from casekin.types import Box, Fact, Place
from made_cases import UPRIGHT, made_case, made_image, unit_vector

FORMAT_1 = (Path(__file__).parent / "format_1.sql").read_text(encoding="utf-8")
RNG = np.random.default_rng(3)
VECTORS = {region: unit_vector(RNG) for region in ("global", "left_lung", "spine")}
FACT = ("nodule", "upper_lobe", "left", "present", "mild", 12.5, "new", "A 12.5 mm nodule.", 10, 16)


def write_format_1(folder: Path, *, versions: tuple[str, ...] = ("m1", "m1", "m1")) -> None:
    """An index as format 1 wrote it: cases `a`, `b` … (numbers 3, 6 …) of these models, one image each (5, 10 …)."""
    folder.mkdir(exist_ok=True)
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(FORMAT_1)
        db.execute("INSERT INTO meta VALUES ('format', '1'), ('generation', '41')")
        for number, version in enumerate(versions, start=1):
            case_no, image_id, name = 3 * number, 5 * number, "abcdefgh"[number - 1]
            ids = (case_no, name, "p", f"group {number}", version, "2.25.1", f"acc-{name}")
            header = ("DX", "CHEST", "PA", "F", 61.5, -3, "site", "CC0", '{"scanner": "x"}', "A nodule.", 1)
            db.execute(f"INSERT INTO cases VALUES ({', '.join('?' * 18)})", (*ids, *header))
            db.execute("INSERT INTO sources VALUES (?, ?)", (f"stamp {name}", case_no))
            db.execute(
                f"INSERT INTO images VALUES ({', '.join('?' * 11)})",
                (image_id, case_no, "a.png", f"c{name}", f"f{name}", 80, 100, json.dumps(UPRIGHT), BOXES, b"t", b"p"),
            )
            rows = [(region, image_id, vector.astype("<f2").tobytes()) for region, vector in VECTORS.items()]
            db.executemany("INSERT INTO vectors VALUES (?, ?, ?)", rows)
            db.execute(f"INSERT INTO facts VALUES ({', '.join('?' * 12)})", (case_no, 0, *FACT))
            for anatomy, side in (("trachea", None), ("lung", "right")):
                db.execute("INSERT INTO normal_anatomies VALUES (?, ?, ?)", (case_no, anatomy, side))
            db.execute("INSERT INTO sentences (sentence, case_no) VALUES ('A 12.5 mm nodule.', ?)", (case_no,))


BOXES = json.dumps({"left_lung": [40.0, 10.5, 70.0, 80.0]})


def test_an_index_of_format_1_answers_as_before(tmp_path: Path) -> None:
    write_format_1(tmp_path)
    with CaseIndex(tmp_path) as index:
        info = index.info()
        assert (info["cases"], info["images"], info["facts"], info["reports"], info["integrity"]) == (3, 3, 3, 3, "ok")
        assert (index.model_version(), index.model_version("ct"), index.version()) == ("m1", None, "2.42")
        stored = index.cases(["b"])["b"]
        assert (stored.patient, stored.accession_number, stored.age, stored.extra) == (
            "group 2", "acc-b", 61.5, {"scanner": "x"},
        )  # fmt: skip
        assert stored.facts == (
            Fact(
                finding="nodule", anatomy="upper_lobe", side="left", polarity="present", severity="mild",
                size_mm=12.5, change="new", sentence="A 12.5 mm nodule.", span=(10, 16),
            ),
        )  # fmt: skip
        assert stored.normal_anatomies == (Place(anatomy="trachea"), Place(anatomy="lung", side="right"))
        assert index.image_ids_of("b") == [10]
        (image,) = index.images([10])
        assert (image.kind, image.boxes, image.tokens) == (
            "radiograph", {"left_lung": Box(x0=40.0, y0=10.5, x1=70.0, y1=80.0)}, b"t",
        )  # fmt: skip
        assert {name: vector.tolist() for name, vector in index.vectors_of(10).items()} == {
            name: vector.tolist() for name, vector in VECTORS.items()
        }
        assert index.vectors_at("spine")[0].tolist() == [5, 10, 15]
        assert np.flatnonzero(index.match_sentences([(("nodule",), 1.0)])).tolist() == [3, 6, 9]
        assert index.has_source("stamp b", "m1") and not index.has_source("stamp b", "m2")


def test_an_upgraded_index_takes_new_cases_and_gives_no_number_twice(tmp_path: Path) -> None:
    write_format_1(tmp_path)
    with CaseIndex(tmp_path) as index:
        index.put([made_case("c", images=[made_image({"global": VECTORS["global"]})])], remove=["a"])
        assert index.image_ids_of("c") == [16]
        term = Term(region="global", vector=VECTORS["global"].astype(np.float32), weight=1.0)
        (wave,) = index.nearest([term], allowed_cases=None)
        assert sorted(wave.image_ids.tolist()) == [10, 16]
        assert index.cases(["c"])["c"].report == "A nodule."  # it was joined by hand
        index.put([], remove=["a", "b", "c"])
    with CaseIndex(tmp_path) as index:
        index.put([made_case("d", images=[made_image({"global": VECTORS["global"]})])])
        assert index.image_ids_of("d") == [17]


def test_every_row_of_an_upgraded_index_has_its_digest(tmp_path: Path) -> None:
    write_format_1(tmp_path)
    CaseIndex(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db:
        assert dict(db.execute("SELECT case_no, digest FROM cases")) == {n: digest_case(db, n) for n in (3, 6, 9)}
        assert dict(db.execute("SELECT image_id, digest FROM images")) == {n: digest_image(db, n) for n in (5, 10, 15)}
        digests = dict(db.execute("SELECT image_id, digest FROM embeddings"))
        assert digests == {n: digest_embedding(db, n, 1) for n in (5, 10, 15)}


def test_of_several_models_in_format_1_the_one_of_most_images_answers(tmp_path: Path) -> None:
    write_format_1(tmp_path, versions=("m0", "m2", "m1", "m2"))
    with CaseIndex(tmp_path) as index:
        assert [(m.version, m.state, m.images, m.missing) for m in index.models()] == [
            ("m0", "kept", 1, 3), ("m1", "kept", 1, 3), ("m2", "active", 2, 2),
        ]  # fmt: skip
        assert index.vectors_at("global")[0].tolist() == [10, 20]


def test_an_upgrade_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_format_1(tmp_path)

    def fail(*_: object) -> bytes:
        raise RuntimeError("no more memory")

    with monkeypatch.context() as patch:
        patch.setattr("casekin.index.store.upgrade.digest_embedding", fail)
        with pytest.raises(RuntimeError):
            CaseIndex(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db:
        assert db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone() == ("1",)
        assert db.execute("SELECT count(model_version) FROM cases").fetchone() == (3,)
    with CaseIndex(tmp_path) as index:
        assert index.info()["cases"] == 3


def test_an_index_of_a_newer_format_is_refused_and_told_what_opens_it(tmp_path: Path) -> None:
    CaseIndex(tmp_path, create=True).close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        db.execute("UPDATE meta SET value = '99' WHERE key = 'format'")
    before = (tmp_path / FILE_NAME).read_bytes()
    for create in (False, True):
        with pytest.raises(IndexStoreError, match="expected format 2 or older, got 99; use the casekin version"):
            CaseIndex(tmp_path, create=create)
    assert (tmp_path / FILE_NAME).read_bytes() == before
