"""Who may answer: not the question's own patient, none that the filter leaves out, each patient once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.errors import InputError
from casekin.imaging import Pseudonymizer
from casekin.index import CaseIndex
from casekin.retrieval.encode import EncodedFile, hash_files
from casekin.retrieval.query import SearchQuery
from casekin.retrieval.steer.conditions import read_filter


def match_image(index: CaseIndex, query: SearchQuery, image: EncodedFile | None) -> tuple[str, ...]:
    """Case ids under which the query image is stored already, by its header's study and by content."""
    if query.case is not None:
        return (query.case,)
    if image is None or query.image is None:
        return ()
    names = Pseudonymizer(index.site_key())
    study = image.image.header.study_instance_uid
    found = index.find_cases(
        study_instance_uid=names.uid(study) if study else None,
        content_sha256=image.image.content_hash,
        file_sha256=None if query.image.is_dir() else hash_files(query.image),
    )
    # A file that was de-identified for this index carries its pseudonyms already.
    as_it_stands = index.find_cases(study_instance_uid=study) if study else []
    return tuple(sorted({*found, *as_it_stands}))


def allowed_cases(
    index: CaseIndex, query: SearchQuery, image: EncodedFile | None, matched: Sequence[str]
) -> NDArray[np.bool_] | None:
    """Cases that filter, conditions and the same-patient rule leave; a question finds neither itself nor its examples.

    A mask over case numbers, None for all. Raises `FilterError`, and `InputError` where a patient is needed.
    """
    allowed = index.select(read_filter(query))
    own = _own_patients(index, query, image, matched)
    if query.same_patient == "only" and not own:
        raise InputError("search: --same-patient only needs a known patient; give --patient or a stored image")
    rules = [] if allowed is None else [allowed]
    if own and query.same_patient != "allow":
        is_own = index.mask_of(patients=own)
        rules.append(is_own if query.same_patient == "only" else ~is_own)
    if named := {*matched, *query.like, *query.unlike}:
        rules.append(~index.mask_of(case_ids=named))
    return np.logical_and.reduce(rules) if rules else None


def groups_of_cases(index: CaseIndex, query: SearchQuery) -> NDArray[Any]:
    """What a list shows once, by case number: a patient, or where one patient's cases are asked for, a case."""
    catalog = index.catalog()
    return catalog.id_rank if query.same_patient == "only" else catalog.patient_number_of_case


def patient_key(index: CaseIndex, query: SearchQuery) -> str | None:
    """The question's patient as the index calls it, where the question names one."""
    return Pseudonymizer(index.site_key()).patient(query.patient) if query.patient else query.patient_key


def _own_patients(index: CaseIndex, query: SearchQuery, image: EncodedFile | None, matched: Sequence[str]) -> set[str]:
    """Exclusion keys of the query's patient: as said, by the header, of the cases it is stored under, of examples."""
    in_header = None if image is None else image.image.header.patient_id
    keys = [patient_key(index, query)]
    keys += [Pseudonymizer(index.site_key()).patient(in_header), in_header] if in_header else []
    own: set[str] = set()
    for key in filter(None, keys):
        own |= {key} | index.patients_of(patient_id=key)
    return own.union(*(index.patients_of(case_id=case_id) for case_id in (*matched, *query.like, *query.unlike)))
