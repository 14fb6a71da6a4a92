"""browse: which cases an archive holds, page by page, those of a study or patient, a patient's exams in time order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casekin.errors import InputError
from casekin.imaging import Pseudonymizer
from casekin.index import CaseIndex, StoredCase
from casekin.index.search.filters import FieldIs, parse_where

MOST_LISTED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What cases are asked for; None and empty ask for all.

    `study_instance_uid`, `accession_number` and `patient` are taken as they stand in a header and as pseudonyms alike.
    `where` is a filter as in a search, `modality` the plain word in it.
    """

    study_instance_uid: str | None = None
    accession_number: str | None = None
    patient: str | None = None
    modality: str | None = None
    where: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """Cases by id; `total` counts all that were asked for, `after` begins the next page and is None on the last."""

    cases: tuple[StoredCase, ...]
    total: int
    after: str | None


def list_cases(index: CaseIndex, asked: CaseFilter, *, limit: int = 50, after: str | None = None) -> CasePage:
    """One page of the cases asked for, in the order of their ids, beginning behind the id `after`.

    Raises `FilterError` for an expression that can't be read, `InputError` for a page of no or too many cases.
    """
    if not 1 <= limit <= MOST_LISTED:
        raise InputError(f"limit: expected 1 to {MOST_LISTED} cases a page, got {limit}")
    with index.snapshot():
        catalog = index.catalog()
        numbers = np.flatnonzero(_asked_for(index, asked))
        ordered = numbers[np.argsort(catalog.id_rank[numbers], kind="stable")]
        begin = 0
        if after is not None:
            behind = catalog.case_ids.place(after)
            behind += behind < len(catalog.case_ids) and catalog.case_ids[behind] == after
            begin = int(np.searchsorted(catalog.id_rank[ordered], behind))
        page = [catalog.case_id(number) for number in ordered[begin : begin + limit].tolist()]
        found = index.cases(page)
    is_last = begin + limit >= len(ordered)
    return CasePage(
        cases=tuple(found[case_id] for case_id in page),
        total=len(ordered),
        after=None if is_last or not page else page[-1],
    )


def exams_of(index: CaseIndex, case_id: str) -> tuple[StoredCase, ...]:
    """All cases of a case's patient, itself among them, in time order, those without a day last; () for no case."""
    with index.snapshot():
        patients = index.patients_of(case_id=case_id)
        numbers = np.flatnonzero(index.mask_of(patients=patients)).tolist() if patients else []
        catalog = index.catalog()
        found = index.cases(catalog.case_id(number) for number in numbers)
    return tuple(sorted(found.values(), key=_when))


def _asked_for(index: CaseIndex, asked: CaseFilter) -> NDArray[np.bool_]:
    """Mask over case numbers."""
    chosen = index.select(None if asked.where is None else parse_where(asked.where))
    masks = [index.catalog().is_case] if chosen is None else [index.catalog().is_case, chosen]
    if asked.modality is not None:
        of_modality = index.select(FieldIs(field="modality", operator="=", value=asked.modality))
        masks += [] if of_modality is None else [of_modality]
    names = Pseudonymizer(index.site_key())
    if (study := asked.study_instance_uid) is not None:
        found = {case for uid in (names.uid(study), study) for case in index.find_cases(study_instance_uid=uid)}
        masks.append(index.mask_of(case_ids=found))
    if (accession := asked.accession_number) is not None:
        both = (names.accession(accession), accession)
        masks.append(index.mask_of(case_ids=_united(index.cases_of_accession(number) for number in both)))
    if (patient := asked.patient) is not None:
        keys = _united(index.patients_of(patient_id=key) for key in (names.patient(patient), patient))
        masks.append(index.mask_of(patients=keys))
    return np.asarray(np.logical_and.reduce(masks))


def _united(found: Iterable[Collection[str]]) -> set[str]:
    return set().union(*found)


def _when(case: StoredCase) -> tuple[bool, int, str]:
    return case.day_offset is None, case.day_offset or 0, case.case_id
