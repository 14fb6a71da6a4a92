"""search, many questions at once: a file of queries becomes a TREC run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any

from casekin.anatomy import parse_place
from casekin.errors import CasekinError, ManifestError
from casekin.index import CaseIndex
from casekin.journeys.ingesting.sources import Problem
from casekin.journeys.search import encode_query, search_cases
from casekin.models import ImageEncoder
from casekin.retrieval.encode import EncodedFile
from casekin.retrieval.query import SearchQuery
from casekin.types import Box

RUN_TAG = "casekin"
_DEFAULT_LIMIT = 100
_TEXTS = ("text", "phrase", "where", "patient", "same_patient", "combine")
_WEIGHTS = ("text_weight", "facts_weight")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSummary:
    """How many queries were answered, and which could not be."""

    queries: int
    problems: tuple[Problem, ...]

    def as_record(self) -> dict[str, Any]:
        problems = [{"source": problem.source, "reason": problem.reason} for problem in self.problems]
        return {"queries": self.queries, "problems": problems}


def answer_queries(
    index: CaseIndex,
    queries: Path,
    run: Path,
    *,
    encoder: ImageEncoder,
    progress: Callable[[int, int], None] | None = None,
) -> BatchSummary:
    """Answer each row of a JSON Lines file and write `query_id Q0 case_id rank score casekin` lines.

    A row has `query_id` (or `case_id`, to which the place is added: `case_id@left_lung`, `case_id@*`), `image`
    (relative to the file) and/or `text`, `phrase`, `at` (a place or a list), `box`, `where`, `with`, `without`, `like`,
    `unlike`, `limit` (default 100), `patient`, `same_patient`, `combine`, and weights. Nothing is relaxed. Rows that
    can't be answered are listed in the summary and left out of the run. Raises
    `ManifestError` when the file can't be read. The run appears under its name when it is whole.
    """
    try:
        text = queries.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(f"{queries.name}: expected JSON Lines in UTF-8, got {type(error).__name__}") from error
    # Lines end with a line feed alone: a JSON string may hold the other characters that `splitlines` knows.
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    problems: list[Problem] = []
    cache: dict[Path, EncodedFile] = {}
    part = run.with_name(run.name + ".part")
    with part.open("w", encoding="utf-8") as out:
        for done, (number, line) in enumerate(lines, start=1):
            try:
                out.writelines(_answer(index, json.loads(line), queries.parent, encoder, cache))
            except (CasekinError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
                reason = str(error) if isinstance(error, CasekinError) else f"malformed row: {error}"
                problems.append(Problem(source=f"{queries.name}:{number}", reason=reason))
            if progress is not None:
                progress(done, len(lines))
    part.replace(run)
    return BatchSummary(queries=len(lines) - len(problems), problems=tuple(problems))


def _answer(
    index: CaseIndex, row: Any, folder: Path, encoder: ImageEncoder, cache: dict[Path, EncodedFile]
) -> list[str]:
    if not isinstance(row, Mapping):
        raise ManifestError(f"expected a JSON object, got {type(row).__name__}")
    names = _listed(row, "at")
    query_id = _query_id(row, names)
    image = folder / row["image"] if row.get("image") else None
    query = SearchQuery(
        image=image,
        at=names,
        box=None if row.get("box") is None else _box(row["box"]),
        limit=int(row.get("limit", _DEFAULT_LIMIT)),
        relax=False,  # a run is ordered by score alone, and those of wider places don't compare
        like=_listed(row, "like"),
        unlike=_listed(row, "unlike"),
        with_=_listed(row, "with"),
        without=_listed(row, "without"),
        **_stated(row, _TEXTS, str),
        **_stated(row, _WEIGHTS, int | float),
    )
    if image is not None and image not in cache:
        cache.clear()  # rows of one image usually follow each other
        cache[image] = encode_query(index, image, encoder)
    answer = search_cases(index, query, encoder=encoder, encoded=None if image is None else cache[image])
    return [f"{query_id} Q0 {hit.case_id} {hit.rank} {hit.score!r} {RUN_TAG}\n" for hit in answer.hits]


def _stated(row: Mapping[str, Any], names: Sequence[str], kind: type | UnionType) -> dict[str, Any]:
    """Those of the fields that the row states, each of its kind."""
    stated = {name: row[name] for name in names if row.get(name) is not None}
    for name, value in stated.items():
        if not isinstance(value, kind):
            expected = "a string" if kind is str else "a number"
            raise ManifestError(f"{name}: expected {expected}, got {type(value).__name__}")
    return stated


def _listed(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """One string or several as a tuple."""
    value = row.get(name) or []
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise ManifestError(f"{name}: expected a string or a list of strings, got something else")
    return tuple(listed)


def _query_id(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The row's own id, or the contract's `case_id@place` with the place in its one-string form."""
    place = "+".join(str(parse_place(name)) for name in names) or "*"
    query_id = str(row.get("query_id") or f"{row['case_id']}@{place}")
    if any(character.isspace() for character in query_id):
        raise ManifestError(f"query_id: expected no white space, got {query_id!r}")
    return query_id


def _box(value: Any) -> Box:
    x0, y0, x1, y1 = (float(number) for number in value)
    return Box(x0=x0, y0=y0, x1=x1, y1=y1)
