"""The catalog: which image belongs to which case, and which case to which patient, as columns."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Dense arrays by image id and case number, with 0 and "" where nothing stands; `id_rank` orders cases by id."""

    case_of_image: NDArray[np.int64]
    patient_of_case: NDArray[Any]
    case_id_of_case: NDArray[Any]
    id_rank: NDArray[np.int64]


def read_catalog(connection: sqlite3.Connection) -> Catalog:
    """All cases and images of the store."""
    cases = connection.execute("SELECT case_no, case_id, patient FROM cases").fetchall()
    images = connection.execute("SELECT image_id, case_no FROM images").fetchall()
    patients = np.full(max((row[0] for row in cases), default=0) + 1, "", dtype=object)
    case_ids = patients.copy()
    for case_no, case_id, patient in cases:
        case_ids[case_no], patients[case_no] = case_id, patient
    # An unused image id points at case 0, which SQLite never gives out, so a mask over cases leaves it out.
    case_of_image = np.zeros(max((row[0] for row in images), default=0) + 1, dtype=np.int64)
    for image_id, case_no in images:
        case_of_image[image_id] = case_no
    id_rank = np.empty(len(case_ids), dtype=np.int64)
    id_rank[np.argsort(case_ids, kind="stable")] = np.arange(len(case_ids))
    return Catalog(case_of_image=case_of_image, patient_of_case=patients, case_id_of_case=case_ids, id_rank=id_rank)
