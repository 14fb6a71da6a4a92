"""What a model declares to have been trained on, and what that says of a case.

A model's card (`model.json`) lists under `trained_on` every set of data that its parts were fitted on (`use`: `fit`) or
chosen by (`selection`), the list being complete:

    {"part": "head", "use": "fit", "data_set": "casekin world --seed 9100", "case_ids": ["sim9100-*"]}

A case belongs to a set by its id (`case_ids`, patterns as in a shell), by its manifest's `source` (`sources`, names),
or by a file of hashes (`hashes`: a name beside the card; a SHA-256 a line, of a case's id or of an image's pixels).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from casekin.errors import InputError

Use = Literal["fit", "selection"]
Status = Literal["seen", "not_seen", "unknown"]
_HASH = re.compile(r"[0-9a-f]{64}")


class KnownCase(Protocol):
    """What is looked at of a case: its id, its manifest's source, hashes of its images' pixels."""

    @property
    def case_id(self) -> str: ...
    @property
    def source(self) -> str | None: ...
    @property
    def content(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSet:
    """One entry of `trained_on`: which part of the model saw which data, and how to know a case of it."""

    part: str
    use: Use
    data_set: str
    case_ids: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    hashes: frozenset[str] = frozenset()


class Verdict(NamedTuple):
    """`seen` (and in which set), `not_seen` by the model's declaration, or `unknown`."""

    status: Status
    data_set: str | None = None


def read_training_sets(card: Mapping[str, Any], folder: Path | None = None) -> tuple[TrainingSet, ...] | None:
    """The card's `trained_on`; None where it declares nothing. `folder` holds the files of hashes that it names.

    InputError when an entry isn't as the module says, or a file of hashes is missing or damaged.
    """
    entries = card.get("trained_on")
    if entries is None:
        return None
    if not isinstance(entries, list):
        raise InputError("model card: expected a list under trained_on; correct the card")
    return tuple(_training_set(entry, folder) for entry in entries)


def judge_case(case: KnownCase, training: Sequence[TrainingSet] | None) -> Verdict:
    """Whether a model saw a case. Unknown where nothing is declared, or a set can only be told by a missing source."""
    if training is None:
        return Verdict("unknown")
    name = hashlib.sha256(case.case_id.encode()).hexdigest()
    for entry in training:
        by_id = any(fnmatchcase(case.case_id, pattern) for pattern in entry.case_ids)
        by_source = case.source is not None and case.source.casefold() in map(str.casefold, entry.sources)
        if by_id or by_source or not entry.hashes.isdisjoint((name, *case.content)):
            return Verdict("seen", entry.data_set)
    open_sets = (entry for entry in training if not entry.case_ids and not entry.hashes)
    unsure = any(case.source is None or not entry.sources for entry in open_sets)
    return Verdict("unknown" if unsure else "not_seen")


def _training_set(entry: Any, folder: Path | None) -> TrainingSet:
    if not isinstance(entry, Mapping) or not entry.get("data_set") or entry.get("use") not in ("fit", "selection"):
        raise InputError("model card: expected data_set, and use as fit or selection, in trained_on; correct the card")
    file = entry.get("hashes")
    return TrainingSet(
        part=str(entry.get("part", "model")),
        use=entry["use"],
        data_set=str(entry["data_set"]),
        case_ids=_names(entry, "case_ids"),
        sources=_names(entry, "sources"),
        hashes=frozenset() if file is None else _read_hashes((folder or Path()) / str(file)),
    )


def _names(entry: Mapping[str, Any], field: str) -> tuple[str, ...]:
    names = entry.get(field, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InputError(f"model card: expected a list of names under {field} in trained_on; correct the card")
    return tuple(names)


def _read_hashes(path: Path) -> frozenset[str]:
    try:
        lines = path.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        raise InputError(
            f"model card: expected a file of hashes {path.name} beside it; fetch the model again"
        ) from None
    if odd := next((line for line in lines if not _HASH.fullmatch(line)), None):
        raise InputError(f"{path.name}: expected a SHA-256 in hexadecimal a line, got {len(odd)} other characters")
    return frozenset(lines)
