"""One study is one case of the index, whatever it is called and in whatever order its names come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from casekin.index import CaseIndex, IndexedCase
from casekin.journeys.ingesting.store import store_cases
from made_cases import made_case, made_image, unit_vector


@pytest.fixture
def handle(tmp_path: Path) -> Iterator[CaseIndex]:
    with CaseIndex(tmp_path / "index", create=True) as index:
        yield index


def case_of(case_id: str, *contents: str, **values: Any) -> IndexedCase:
    """A case whose images have these pixels' hashes."""
    rng = np.random.default_rng(1)
    images = [made_image({"global": unit_vector(rng)}, content=content) for content in contents]
    return made_case(case_id, images=images, **values)


def loose(case_id: str, *contents: str, **values: Any) -> IndexedCase:
    return case_of(case_id, *contents, adds_images=True, **{"patient": f"unknown {case_id}", **values})


def stored(handle: CaseIndex) -> dict[str, list[str]]:
    """Pixels' hashes by case id."""
    return {name: list(hashes) for name, hashes in handle.content_hashes().items()}


def test_a_named_case_is_not_stored_under_a_second_name_of_the_same_patient(handle: CaseIndex) -> None:
    assert store_cases(handle, [case_of("alfa", "1", "2")]).twins == ()
    done = store_cases(handle, [case_of("bravo", "2", "1"), case_of("charlie", "1", "3")])
    (twin,) = done.twins
    assert (done.added, done.images, done.unchanged) == (1, 2, 0)
    assert twin.source == "bravo"
    assert "alfa" in twin.reason
    assert stored(handle) == {"alfa": ["1", "2"], "charlie": ["1", "3"]}
    assert handle.has_source("stamp bravo", "m1")


def test_the_same_pixels_of_two_patients_are_two_cases(handle: CaseIndex) -> None:
    assert store_cases(handle, [case_of("alfa", "1", patient="p"), case_of("bravo", "1", patient="q")]).twins == ()
    assert stored(handle) == {"alfa": ["1"], "bravo": ["1"]}


def test_a_changed_case_replaces_itself_and_an_unchanged_one_is_left_alone(handle: CaseIndex) -> None:
    for contents in ("12", "13"):
        assert store_cases(handle, [case_of("alfa", *contents, stamp=contents)]).added == 1
    assert stored(handle) == {"alfa": ["1", "3"]}
    before = handle.version()
    again = store_cases(handle, [case_of("alfa", "1", "3", stamp="13")])
    assert (again.added, again.unchanged, handle.version()) == (0, 1, before)


def test_a_loose_study_joins_the_case_that_a_manifest_named(handle: CaseIndex) -> None:
    store_cases(handle, [case_of("alfa", "1", study_instance_uid="2.25.7")])
    assert (
        store_cases(handle, [loose("2.25.7", "1", "2", study_instance_uid="2.25.7"), loose("image-1", "1")]).twins == ()
    )
    assert stored(handle) == {"alfa": ["1", "2"]}


def test_a_manifest_names_what_came_loose_before(handle: CaseIndex) -> None:
    store_cases(handle, [loose("2.25.7", "1", study_instance_uid="2.25.7"), loose("image-5", "5")])
    assert (
        store_cases(handle, [case_of("alfa", "1", "2", study_instance_uid="2.25.7"), case_of("bravo", "5")]).twins == ()
    )
    assert stored(handle) == {"alfa": ["1", "2"], "bravo": ["5"]}


def test_a_loose_study_that_holds_more_or_has_a_report_stays(handle: CaseIndex) -> None:
    store_cases(handle, [loose("2.25.7", "1", "9", study_instance_uid="2.25.7"), loose("image-5", "5")])
    handle.put_report("image-5", report="Clear.", facts=(), normal=(), sentences=("Clear.",))
    store_cases(handle, [case_of("alfa", "1", study_instance_uid="2.25.7"), case_of("bravo", "5")])
    assert stored(handle) == {"2.25.7": ["1", "9"], "alfa": ["1"], "bravo": ["5"], "image-5": ["5"]}


def test_a_batch_that_fails_leaves_nothing(handle: CaseIndex) -> None:
    before = handle.version()
    with pytest.raises(AttributeError):
        store_cases(handle, [case_of("alfa", "1"), None])  # type: ignore[list-item]
    assert (stored(handle), handle.version()) == ({}, before)
