"""Samples of an archive that hardly change as it grows: cases in the order of a hash of their ids."""

from __future__ import annotations

import hashlib

import numpy as np

from casekin.index import CaseIndex
from casekin.index.records import Kind


def cases_by_hash(index: CaseIndex, kind: Kind) -> list[str]:
    """Every case with an image of a kind, in an order that has nothing to do with what is in it."""
    catalog = index.catalog()
    numbers = np.unique(catalog.case_of_image[index.is_of_kind(kind)])
    return sorted((catalog.case_id(int(number)) for number in numbers if number), key=hash_of)


def hash_of(name: str) -> bytes:
    """What such an order goes by."""
    return hashlib.sha256(name.encode()).digest()
