"""Identifiers that published vocabularies give to our anatomies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from casekin.anatomy.tree import anatomy


def anatomy_codes(name: str) -> Mapping[str, str]:
    """Scheme → code of an anatomy without its side: `SCT` (SNOMED CT as DICOM has it), `RADLEX`, `FMA`, `UBERON`.

    Empty where no list has the anatomy under its official name. Raises `PlaceError` for an unknown id.
    """
    return MappingProxyType(_codes().get(anatomy(name).id, {}))


@lru_cache(maxsize=1)
def _codes() -> dict[str, dict[str, str]]:
    codes: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("codes.json").read_text(encoding="utf-8"))
    return codes
