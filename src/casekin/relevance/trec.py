"""Relevance as files that evaluation reads: TREC qrels, and by place the cases that were judged and those normal there.

`qrels/` holds `{split}.qrels` (`query_id 0 case_id grade`, grades 1 to 3, query_id = `case_id@place` or `case_id@*`),
`judged.jsonl` and `normal.jsonl` (`{"place", "cases"}`, a line a place), `cases.jsonl` (`{"case_id", "patient",
"split", "asks"}`) and `manifest.json`. A query's gallery are the cases of its own split and of another patient. A pair
of them is judged when both stand in the place's line of `judged.jsonl`; a judged pair that isn't listed has grade 0.
`asks` says whether a case asks where it has a finding: one that does and isn't listed there has nothing to find.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from casekin import anatomy, findings
from casekin.anatomy import LOCATIONS, parse_place
from casekin.errors import InputError
from casekin.relevance.dataset import RelevanceTable
from casekin.relevance.grades import GRADES_VERSION
from casekin.types import Place

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)
ANYWHERE = "*"
"""The place of a query that asks at no place."""
QUERY_PLACES: tuple[Place | None, ...] = (*LOCATIONS, None)


class Qrel(NamedTuple):
    """One line of a qrels file."""

    query_id: str
    case_id: str
    grade: int


def write_qrels(
    table: RelevanceTable,
    out: Path,
    *,
    splits: Mapping[str, Split],
    places: Sequence[Place | None] = QUERY_PLACES,
    queries: Mapping[Split, Sequence[str]] | None = None,
    notes: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write the folder `out` and return its manifest. The same table and arguments give the same bytes.

    `splits` gives every case its split; all cases of a patient have to be in one. `queries` are the case ids that ask,
    by split (default: all); each asks at every one of `places` where it has a finding, None being the whole case.
    `notes` (how the split was made, versions of reader and program) go into the manifest as they are. InputError when
    a patient is in two splits, a case has none, or an id has white space or an `@`.
    """
    _check(table, splits)
    out.mkdir(parents=True, exist_ok=True)
    numbers = range(len(table))
    counts: dict[str, Any] = {}
    files: dict[str, Any] = {}
    all_asking: set[str] = set()
    for split in SPLITS:
        part = table.subset([number for number in numbers if splits[table.case_ids[number]] == split])
        asking = part.case_ids if queries is None else tuple(queries.get(split, ()))
        all_asking.update(asking)
        counts[split], grades = {"cases": len(part), "patients": len(set(part.patients))}, Counter[int]()
        files[f"{split}.qrels"] = _write(out / f"{split}.qrels", _qrel_blocks(part, asking, places, grades))
        counts[split] |= {"queries": grades.pop(0, 0), "grades": {str(g): grades[g] for g in (1, 2, 3)}}
    files["judged.jsonl"] = _write(out / "judged.jsonl", _place_lines(table, places, RelevanceTable.judged))
    files["normal.jsonl"] = _write(out / "normal.jsonl", _place_lines(table, places, RelevanceTable.normal))
    files["cases.jsonl"] = _write(out / "cases.jsonl", _case_lines(table, splits, all_asking))
    manifest = {
        "version": "1",
        "ontology": ontology_versions(),
        "labeller": {"name": "contract grades", "version": GRADES_VERSION},
        **(notes or {}),
        "gallery": "the cases of the query's split, without the query's patient",
        "places": [place_name(place) for place in places],
        "counts": counts,
        "files": files,
    }
    _write(out / "manifest.json", [json.dumps(manifest, indent=1, ensure_ascii=False).encode() + b"\n"])
    return manifest


def read_qrels(path: Path) -> Iterator[Qrel]:
    """The lines of a TREC qrels file, blank ones left out. InputError names file and row where a line isn't one."""
    with path.open(encoding="utf-8-sig") as lines:
        for row, line in enumerate(lines, start=1):
            fields = line.split()
            if not fields:
                continue
            if len(fields) != 4 or not fields[3].removeprefix("-").isdecimal():
                raise InputError(
                    f"{path.name} row {row}: expected 'query_id 0 case_id grade' with a whole number as grade, "
                    f"got {len(fields)} fields{f' and {fields[3][:20]!r}' if len(fields) == 4 else ''}"
                )
            yield Qrel(fields[0], fields[2], int(fields[3]))


def read_case_lists(path: Path) -> dict[str, tuple[str, ...]]:
    """Case ids by place, of `judged.jsonl` or `normal.jsonl`; by query id where a line is for one query alone.

    InputError names file and row where a line isn't one.
    """
    lists: dict[str, tuple[str, ...]] = {}
    with path.open(encoding="utf-8") as lines:
        for row, line in enumerate(lines, start=1):
            try:
                record = json.loads(line)
                key = record["query_id"] if "query_id" in record else record["place"]
                lists[str(key)] = tuple(map(str, record["cases"]))
            except (ValueError, TypeError, KeyError):
                raise InputError(f'{path.name} row {row}: expected {{"place": …, "cases": […]}}') from None
    return lists


def place_name(place: Place | None) -> str:
    """The place as query ids have it: `left_lower_lobe`, or `*` for the whole case."""
    return ANYWHERE if place is None else str(place)


def split_query_id(query_id: str) -> tuple[str, Place | None]:
    """Case id and place of a query id. InputError when it has no `@`, PlaceError when the place is unknown."""
    case_id, separator, name = query_id.partition("@")
    if not (case_id and separator):
        raise InputError(f"query_id: expected 'case_id@place' or 'case_id@*', got {query_id[:80]!r}")
    return case_id, None if name == ANYWHERE else parse_place(name)


@lru_cache(maxsize=1)
def ontology_versions() -> Mapping[str, Mapping[str, str]]:
    """Version and SHA-256 of both ontologies' data files: what grades are a pure function of."""
    rows = {}
    for name, package in (("anatomy", anatomy), ("findings", findings)):
        raw = Path(str(package.__file__)).with_name(f"{name}.json").read_bytes()
        rows[name] = {"version": json.loads(raw)["version"], "sha256": hashlib.sha256(raw).hexdigest()}
    return rows


def _check(table: RelevanceTable, splits: Mapping[str, Split]) -> None:
    seen: dict[str, str] = {}
    for case_id, patient in zip(table.case_ids, table.patients, strict=True):
        split = splits.get(case_id)
        if split not in SPLITS:
            raise InputError(f"splits: expected one of {', '.join(SPLITS)} for case {case_id[:80]!r}, got {split!r}")
        if seen.setdefault(patient, split) != split:
            raise InputError(f"splits: a patient is in {seen[patient]} and in {split}; split by patient")
        if "@" in case_id or len(case_id.split()) != 1 or case_id.strip() != case_id:
            raise InputError(f"case_id: expected no white space and no '@', got {case_id[:80]!r}; rename the case")


def _qrel_blocks(
    table: RelevanceTable, asking: Sequence[str], places: Sequence[Place | None], grades: Counter[int]
) -> Iterator[bytes]:
    """The lines of one query after the other; `grades` counts lines by grade, and queries under 0."""
    ends = [[f"{case_id} {grade}\n".encode() for case_id in table.case_ids] for grade in range(4)]
    there = {place: _mask(table.abnormal(place), len(table)) for place in places}
    for case_id in asking:
        number = table.number(case_id)
        for place in places:
            if not there[place][number]:
                continue
            numbers, given = table.relevant(case_id, place)
            if len(numbers):
                start = f"{case_id}@{place_name(place)} 0 ".encode()
                lines = [ends[grade][i] for i, grade in zip(numbers.tolist(), given.tolist(), strict=True)]
                grades.update(given.tolist())
                grades[0] += 1
                yield start + start.join(lines)


def _mask(numbers: NDArray[np.int32], count: int) -> NDArray[np.bool_]:
    mask = np.zeros(count, dtype=np.bool_)
    mask[numbers] = True
    return mask


def _place_lines(table: RelevanceTable, places: Iterable[Place | None], chosen: Any) -> Iterator[bytes]:
    for place in places:
        cases = [table.case_ids[number] for number in chosen(table, place).tolist()]
        yield json.dumps({"place": place_name(place), "cases": cases}, ensure_ascii=False).encode() + b"\n"


def _case_lines(table: RelevanceTable, splits: Mapping[str, Split], asking: Collection[str]) -> Iterator[bytes]:
    for case_id, patient in zip(table.case_ids, table.patients, strict=True):
        record = {"case_id": case_id, "patient": patient, "split": splits[case_id], "asks": case_id in asking}
        yield json.dumps(record, ensure_ascii=False).encode() + b"\n"


def _write(path: Path, blocks: Iterable[bytes]) -> dict[str, Any]:
    """Write the blocks; the file has its name only once it is whole. Its SHA-256 and length."""
    partial = path.with_name(f".{path.name}.partial")
    digest, length = hashlib.sha256(), 0
    with partial.open("wb") as file:
        for block in blocks:
            file.write(block)
            digest.update(block)
            length += len(block)
    partial.replace(path)
    return {"sha256": digest.hexdigest(), "bytes": length}
