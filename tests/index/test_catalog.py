"""A catalog that is brought up to date says what one read anew says, whatever was written meanwhile."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from casekin.index import CaseIndex, Catalog
from casekin.index.search.catalog import (
    Strings,
    changed_cases,
    last_line,
    open_catalog,
    read_catalog,
    update_catalog,
    write_catalog,
)
from casekin.index.search.catalog import _pack as pack
from made_cases import made_case, made_image, unit_vector


def told(catalog: Catalog) -> tuple[list[tuple[str, str]], list[int], list[str]]:
    """What a catalog says, whatever numbers it gives patients: cases with patients, cases of images, cases in order."""
    pairs = list(zip(catalog.case_id_of_case.tolist(), catalog.patient_of_case.tolist(), strict=True))
    return pairs, catalog.case_of_image.tolist(), catalog.case_ids.all()


def groups(catalog: Catalog) -> list[list[int]]:
    numbers = catalog.patient_number_of_case
    return sorted(np.flatnonzero(numbers == number).tolist() for number in np.unique(numbers[catalog.is_case]))


@pytest.mark.parametrize("seed", range(4))
def test_an_updated_catalog_equals_one_read_anew(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    with CaseIndex(tmp_path, create=True) as index:
        catalog, line = read_catalog(index._db), last_line(index._db)
        updates = 0
        for step in range(25):
            names = [
                f"{prefix}{rng.integers(40)}" for prefix in rng.choice(["a", "ä", "z-", "m m"], rng.integers(1, 5))
            ]
            images = [made_image({"global": unit_vector(rng)}, content=str(step)) for _ in range(rng.integers(0, 3))]
            gone = names[:1] if rng.random() < 0.2 else []
            index.put(
                [made_case(name, patient=f"p{sum(name.encode()) % 9}", images=images) for name in names], remove=gone
            )
            changed = changed_cases(index._db, line)
            assert changed is not None
            updated, line = update_catalog(index._db, catalog, changed), last_line(index._db)
            catalog = read_catalog(index._db)
            if updated is not None:
                updates += 1
                assert told(updated) == told(catalog)
                assert groups(updated) == groups(catalog)
                catalog = updated
        assert updates > 10


def test_a_removed_case_or_another_patient_leaves_no_trace(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        index.put([made_case("a", patient="p"), made_case("b", patient="q")])
        catalog, line = read_catalog(index._db), last_line(index._db)
        index.put([made_case("b", patient="r")])
        changed = changed_cases(index._db, line)
        assert changed is not None and changed.tolist() == [2]
        assert update_catalog(index._db, catalog, changed) is None
        index.put([], remove=["a"])
        changed = changed_cases(index._db, line)
        assert changed is not None and update_catalog(index._db, catalog, changed) is None
        assert index.catalog().case_ids.all() == ["b"]
        assert index.catalog().patients.all() == ["r"]


def test_a_journal_that_was_cut_off_says_so(tmp_path: Path) -> None:
    with CaseIndex(tmp_path, create=True) as index:
        index.put([made_case("a")])
        line = last_line(index._db)
        index.put([made_case("b")])
        index._db.execute("DELETE FROM journal")
        assert changed_cases(index._db, line) is None


def test_a_written_catalog_is_read_back(tmp_path: Path) -> None:
    with CaseIndex(tmp_path / "index", create=True) as index:
        index.put([made_case(name, patient=name[:1]) for name in ("b1", "b2", "a", "ü")])
        catalog = index.catalog()
        write_catalog(tmp_path, catalog)
        assert told(open_catalog(tmp_path)) == told(catalog)


def test_strings_take_others_in_between() -> None:
    strings: Strings = pack(["b", "", "dd", "ü"])
    places = np.array([0, 2, 2, 4])
    assert strings.with_inserted(places, ["x", "y", "yy", "zzz"]).all() == ["x", "b", "", "y", "yy", "dd", "ü", "zzz"]
    assert strings.with_inserted(places[:0], []).all() == strings.all()
