"""A protocol is data: which queries, which gallery, what counts as relevant, what is left out; and its SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from casekin.errors import InputError
from casekin.evaluation.measures import Measure, parse_measures


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """One protocol, as its file in `protocols/` has it.

    `exclusions`: for `self`, `same_study`, `same_patient`, `near_duplicates`, whether they are kept out of a query's
    gallery. `parameters`: numbers and names that its loader reads. `drops`: what its loader leaves out, by the word it
    counts it under. `unknown`: details of the published protocol that nobody could read, so that ours may differ.
    """

    name: str
    version: int
    source: str
    queries: str
    gallery: str
    relevance: str
    exclusions: Mapping[str, bool]
    strata: tuple[str, ...]
    measures: tuple[str, ...]
    parameters: Mapping[str, Any]
    drops: Mapping[str, str]
    unknown: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Of the canonical JSON: keys sorted, no space, UTF-8. Any change of any field changes it."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def parsed_measures(self) -> tuple[Measure, ...]:
        """The measures as objects, in the file's order."""
        return parse_measures(self.measures)


def protocol_names() -> tuple[str, ...]:
    """Names of the shipped protocols, ascending."""
    folder = files(__package__).joinpath("data")
    return tuple(sorted(entry.name.removesuffix(".json") for entry in folder.iterdir() if entry.name.endswith(".json")))


@cache
def load_protocol(name: str) -> Protocol:
    """The shipped protocol of a name; InputError when there is none."""
    if name not in protocol_names():
        raise InputError(f"protocol: {name[:40]!r} is none; expected one of {', '.join(protocol_names())}")
    record = json.loads(files(__package__).joinpath("data", f"{name}.json").read_text(encoding="utf-8"))
    lists = {key: tuple(record[key]) for key in ("strata", "measures", "unknown")}
    return Protocol(**{**record, **lists})
