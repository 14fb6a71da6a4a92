"""What is known to be relevant: qrels, the cases that were judged at each place, their patients and splits.

With `judged.jsonl` beside the qrels (what `casekin mine` writes) a pair that nobody judged is *unknown*: it is taken
out before anything is scored. Without it the rules of TREC hold: every document of the gallery is judged, and one
that isn't listed is not relevant.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from casekin.errors import InputError
from casekin.relevance.trec import read_case_lists, read_qrels

Numbers = NDArray[np.int32]
Floats = NDArray[np.float64]
Asking = bool | frozenset[str]
"""Whether a case asks wherever it has a finding; or the places at which it does."""


class Listed(NamedTuple):
    """The documents a query's judgements list: numbers, ascending, and grades, 0 where judged and not relevant."""

    numbers: Numbers
    grades: Floats


NOTHING = Listed(np.empty(0, dtype=np.int32), np.empty(0))
"""A query of which nothing is listed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judgements:
    """Grades of (query, document) pairs over a numbered set of documents; made by `build` or `read_judgements`.

    `documents`: every id that a run may name, sorted; a document's number is its position. `listed`: by query, the
    documents that the qrels name; grades are any numbers from 0. `judged` and `normal`: document numbers by place;
    `judged` is None under the rules of TREC, and what it has under a query's own id holds for that query instead.
    `patients`: the patient (or whatever cluster has to stay out of its own results) of each document, None where
    unknown; `query_patients` names it for queries that are no document. `splits`: of each document; `split`: the one
    whose queries these are. `asking`: by case, where it asks; one that isn't in it may ask anywhere. `closed`:
    `documents` is the whole gallery, and a run that names another one is wrong. `version` tells labels apart.
    """

    documents: tuple[str, ...]
    listed: Mapping[str, Listed]
    judged: Mapping[str, Numbers] | None = None
    normal: Mapping[str, Numbers] = field(default_factory=dict)
    patients: tuple[str | None, ...] | None = None
    query_patients: Mapping[str, str] = field(default_factory=dict)
    splits: tuple[str, ...] | None = None
    split: str | None = None
    asking: Mapping[str, Asking] = field(default_factory=dict)
    closed: bool = False
    version: str = ""

    @classmethod
    def build(
        cls,
        pairs: Iterable[tuple[str, str, float]],
        *,
        documents: Iterable[str] | None = None,
        judged: Mapping[str, Sequence[str]] | None = None,
        normal: Mapping[str, Sequence[str]] | None = None,
        patients: Mapping[str, str] | None = None,
        query_patients: Mapping[str, str] | None = None,
        splits: Mapping[str, str] | None = None,
        split: str | None = None,
        asking: Mapping[str, Asking] | None = None,
        version: str = "",
    ) -> Judgements:
        """Number the documents and sort the pairs `(query_id, document_id, grade)`; a grade of 0 or less is 0.

        A query whose pairs all have grade 0 is kept: it counts, with nothing to find. InputError when a pair comes
        twice, a grade isn't finite, there is no query, or a pair names a document that `documents` lacks.
        """
        grades = _collect(pairs)
        if not grades:
            raise InputError("qrels: expected at least one judged pair, got none; check the file and the split")
        named = (*grades.values(), *(judged or {}).values(), *(normal or {}).values(), patients or {}, splits or {})
        names = tuple(sorted({name for ids in named for name in ids} if documents is None else set(documents)))
        numbers = {name: number for number, name in enumerate(names)}
        return cls(
            documents=names,
            listed={query: _listed(query, grades[query], numbers) for query in sorted(grades)},
            judged=None if judged is None else _by_place(judged, numbers, named="judged.jsonl"),
            normal=_by_place(normal or {}, numbers, named="normal.jsonl"),
            patients=None if patients is None else tuple(patients.get(name) for name in names),
            query_patients=dict(query_patients or {}),
            splits=None if splits is None else tuple(splits.get(name, "") for name in names),
            split=split,
            asking=dict(asking or {}),
            closed=documents is not None,
            version=version,
        )

    def with_pairs(self, pairs: Iterable[tuple[str, str, float]]) -> Judgements:
        """The same documents, cases and patients with other pairs, or with none: a relation (see `judge_run`)."""
        numbers = {name: number for number, name in enumerate(self.documents)}
        grades = _collect(pairs)
        return replace(self, listed={query: _listed(query, grades[query], numbers) for query in sorted(grades)})

    def may_ask(self, query: str) -> bool:
        """Whether a query is one of these labels: listed, or of a case that asks at the place, as far as known."""
        case, _, place = query.partition("@")
        told = self.asking.get(case, True)
        return query in self.listed or (told if isinstance(told, bool) else place in told)

    def unanswered(self) -> tuple[str, ...]:
        """Queries of cases known to ask with a finding that no other case has: judged, not normal, nothing listed."""
        splits = self.splits or (self.split,) * len(self.documents)
        known = [
            case in self.asking and self.split in (None, split)
            for case, split in zip(self.documents, splits, strict=True)
        ]
        found = (
            f"{self.documents[number]}@{place}"
            for place, numbers in (self.judged or {}).items()
            for number in np.setdiff1d(numbers, self.normal.get(place, NOTHING.numbers)).tolist()
            if known[number]
        )
        return tuple(sorted(query for query in found if query not in self.listed and self.may_ask(query)))


def read_judgements(qrels: Path, *, documents: Iterable[str] | None = None) -> Judgements:
    """The judgements of a TREC qrels file, with the `judged`, `normal` and `cases.jsonl` that lie beside it.

    `documents` is the gallery of a plain qrels file; left out, it is what qrels and run name. InputError as `build`,
    where a line isn't one, and where a file isn't the one that `manifest.json` beside it describes.
    """
    folder = qrels.parent
    beside = {name: folder / f"{name}.jsonl" for name in ("judged", "normal", "cases")}
    mined = beside["judged"].is_file()
    if not mined:
        return Judgements.build(_pairs(qrels), documents=documents, version=_digest(qrels))
    version = _checked_version(qrels, [path for path in beside.values() if path.is_file()])
    try:
        cases = _read_cases(beside["cases"]) if beside["cases"].is_file() else None
        judged = read_case_lists(beside["judged"])
        normal = read_case_lists(beside["normal"]) if beside["normal"].is_file() else None
    except UnicodeDecodeError:
        raise InputError(f"{qrels.name}: expected UTF-8 text in the files beside it, got other bytes") from None
    return Judgements.build(
        _pairs(qrels),
        documents=cases if documents is None else documents,
        judged=judged,
        normal=normal,
        patients=None if cases is None else {name: case.patient for name, case in cases.items()},
        splits=None if cases is None else {name: case.split for name, case in cases.items()},
        split=qrels.stem,
        asking={name: case.asks for name, case in (cases or {}).items() if case.asks is not None},
        version=version,
    )


def places_asked(cases: Iterable[str], queries: Iterable[str]) -> dict[str, frozenset[str]]:
    """`asking` of labels whose queries are these and no others: by case, the places at which they ask."""
    found: dict[str, set[str]] = {case: set() for case in cases}
    for case, _, place in (query.partition("@") for query in queries):
        found.setdefault(case, set()).add(place)
    return {case: frozenset(places) for case, places in found.items()}


def check_same_labels(*judgements: Judgements) -> None:
    """InputError when judgements of different versions would meet in one comparison."""
    versions = sorted({one.version for one in judgements})
    if len(versions) > 1:
        raise InputError(
            f"qrels: expected labels of one version, got {', '.join(v[:12] or 'none' for v in versions)}; "
            "mine once and judge every run by the same folder"
        )


def _pairs(qrels: Path) -> Iterable[tuple[str, str, float]]:
    try:
        yield from ((line.query_id, line.case_id, float(line.grade)) for line in read_qrels(qrels))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"qrels: expected a readable text file, got {type(error).__name__} at {qrels.name}") from None


def _collect(pairs: Iterable[tuple[str, str, float]]) -> dict[str, dict[str, float]]:
    """Grades by query and document."""
    grades: dict[str, dict[str, float]] = {}
    for query, document, grade in pairs:
        of_query = grades.setdefault(query, {})
        if document in of_query:
            raise InputError(
                f"qrels: the pair {query[:80]} {document[:80]} is there twice; expected once, remove one line"
            )
        if not math.isfinite(grade):
            raise InputError(f"qrels: expected a finite grade for {query[:80]} {document[:80]}, got {grade}")
        of_query[document] = float(grade)
    return grades


def _listed(query: str, grades: Mapping[str, float], numbers: Mapping[str, int]) -> Listed:
    found = _looked_up(grades, numbers, named=f"query {query[:80]}")
    values = np.fromiter(grades.values(), dtype=np.float64, count=len(grades))
    order = np.argsort(found)
    return Listed(found[order], np.maximum(values[order], 0.0))


def _by_place(lists: Mapping[str, Sequence[str]], numbers: Mapping[str, int], *, named: str) -> dict[str, Numbers]:
    """Ascending numbers by place, each once."""
    return {place: np.unique(_looked_up(ids, numbers, named=named)) for place, ids in lists.items()}


def _looked_up(ids: Collection[str], numbers: Mapping[str, int], *, named: str) -> Numbers:
    """The numbers of ids, in their order."""
    try:
        return np.fromiter((numbers[name] for name in ids), dtype=np.int32, count=len(ids))
    except KeyError as error:
        raise InputError(
            f"qrels: {named} names the document {str(error.args[0])[:80]!r}, which is not one of the {len(numbers)} of "
            "the gallery; labels and gallery have to be of one archive"
        ) from None


class _Case(NamedTuple):
    """A row of `cases.jsonl`; `asks` is None where the file doesn't say."""

    patient: str
    split: str
    asks: Asking | None


def _read_cases(path: Path) -> dict[str, _Case]:
    """What `cases.jsonl` says, by case id."""
    cases: dict[str, _Case] = {}
    with path.open(encoding="utf-8") as lines:
        for row, line in enumerate(lines, start=1):
            try:
                record = json.loads(line)
                told = _Case(str(record["patient"]), str(record["split"]), _asking(record.get("asks")))
                cases[str(record["case_id"])] = told
            except (ValueError, TypeError, KeyError, AttributeError):
                raise InputError(
                    f'{path.name} row {row}: expected {{"case_id", "patient", "split"}}, and in "asks", if it is '
                    "there, true, false or places"
                ) from None
    return cases


def _asking(told: Any) -> Asking | None:
    if told is None or isinstance(told, bool):
        return told
    if isinstance(told, list) and all(isinstance(place, str) for place in told):
        return frozenset(told)
    raise TypeError("asks")


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(f"qrels: expected a readable file, got {type(error).__name__} at {path.name}") from None


def _checked_version(qrels: Path, others: Sequence[Path]) -> str:
    """SHA-256 of the manifest, once it describes these very files; of the qrels file alone where there is none."""
    manifest_path = qrels.with_name("manifest.json")
    if not manifest_path.is_file():
        return _digest(qrels)
    manifest = _read_manifest(manifest_path)
    for path in (qrels, *others):
        told, found = manifest.get(path.name, {}).get("sha256"), _digest(path)
        if told != found:
            raise InputError(
                f"{path.name}: expected the file that manifest.json describes (SHA-256 {str(told)[:12]}), got "
                f"{found[:12]}; labels of two versions are mixed here, mine again"
            )
    return _digest(manifest_path)


def _read_manifest(path: Path) -> Mapping[str, Any]:
    """The `files` of a qrels manifest."""
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        return {str(name): dict(entry) for name, entry in files.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise InputError(
            f"{path.name}: expected the manifest that casekin mine writes, with 'files'; mine again"
        ) from None
