"""An archive of made reports without images: text questions, boards and courses need no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from casekin.index import CaseIndex, IndexedCase, StoredCase
from casekin.types import Fact, Place
from made_cases import made_case


def reported(case_id: str, facts: Sequence[Fact] = (), normal: Iterable[Place] = (), **values: Any) -> IndexedCase:
    """A case whose report states these facts and calls these places normal."""
    return made_case(
        case_id,
        **{
            "patient": f"patient of {case_id}",
            "facts": tuple(facts),
            "normal_anatomies": tuple(normal),
            "report": f"Report of {case_id}.",
            "sentences": (f"Report of {case_id}.",),
            **values,
        },
    )


def stored(folder: Path, cases: Sequence[IndexedCase]) -> CaseIndex:
    """An open index of these cases."""
    index = CaseIndex(folder, create=True)
    index.put(cases)
    return index


def read(index: CaseIndex, case_ids: Sequence[str]) -> list[StoredCase]:
    """The stored cases in this order."""
    found = index.cases(case_ids)
    return [found[case_id] for case_id in case_ids]
