"""Labels for an index's cases, from a truth, from qrels or from its own reports, and which questions are drawn."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from casekin.anatomy import is_lateral, on_radiograph, overlaps, parse_place
from casekin.errors import InputError, PlaceError
from casekin.evaluation import Judgements, read_judgements
from casekin.evaluation.judgements import NOTHING, Listed, places_asked
from casekin.evaluation.protocols import Task, load_protocol
from casekin.evaluation.truth import TrueCase
from casekin.index.records import StoredCase
from casekin.relevance import GRADES_VERSION, CaseFindings, RelevanceTable
from casekin.relevance.cases import states_finding
from casekin.relevance.trec import ANYWHERE, QUERY_PLACES, ontology_versions, place_name
from casekin.types import Place

_LOBES = ("left_upper_lobe", "left_lower_lobe", "right_upper_lobe", "right_middle_lobe", "right_lower_lobe")
PLACES: tuple[Place | None, ...] = (*QUERY_PLACES, *map(parse_place, _LOBES))
"""Where an index is asked: the 29 locations, the whole case, the lobes."""
NORMAL_SHARE = 4
"""One question at a normal place for so many at a finding: a stratum apart, which needs no better interval."""
_PROTOCOL = "casekin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What labels are laid over: the stored cases by id, those with an image.

    `duplicates` says of cases which hold an exposure of an earlier one of them that is another patient's.
    """

    cases: Mapping[str, StoredCase]
    with_image: Collection[str]
    duplicates: Callable[[Collection[str]], Collection[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """A task whose labels hold the questions drawn; `normal`: questions at normal places, which its labels don't list.

    `cases`: what is found in the documents. `record`: source, version and counts.
    """

    task: Task
    normal: tuple[str, ...]
    cases: tuple[CaseFindings, ...]
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidates:
    """Questions that may be drawn: at findings, at normal places; and why others may not."""

    findings: tuple[str, ...]
    normal: tuple[str, ...]
    dropped: Counter[str] = field(default_factory=Counter)


def label_by_truth(
    archive: Archive, truth: Mapping[str, TrueCase], *, split: str | None, queries: int, seed: int
) -> Labels:
    """Labels of what the pictures show: every case of the split is judged everywhere. `split` None: all cases.

    InputError when no case of the split is stored, or none has a finding.
    """
    known = {name: case for name, case in truth.items() if split is None or case.split in (None, split)}
    there = sorted(known.keys() & archive.cases.keys())
    if not there:
        raise InputError(
            f"truth: expected cases of the index in the split {split}, got none; give this archive's truth"
        )
    cases = [
        CaseFindings(
            case_id=name,
            patient=archive.cases[name].patient,
            facts=known[name].facts,
            normal_anatomies=known[name].normal_anatomies,
        )
        for name in there
    ]
    elsewhere = len(archive.cases.keys() - truth.keys())
    dropped = Counter(not_in_index=len(known) - len(there), unlabelled=elsewhere)
    return _label_by_findings(
        archive, cases, source="truth", all_judged=True, dropped=dropped, split=split, queries=queries, seed=seed
    )


def label_by_reports(archive: Archive, *, queries: int, seed: int) -> Labels:
    """Labels of what the index's own reports state; judged at a place is who speaks of it.

    InputError when no report states a finding.
    """
    cases = [
        CaseFindings(
            case_id=name,
            patient=case.patient,
            facts=case.facts if case.report is not None else (),
            normal_anatomies=case.normal_anatomies,
        )
        for name, case in sorted(archive.cases.items())
    ]
    silent = sum(case.report is None for case in archive.cases.values())
    dropped = Counter(unlabelled=silent)
    return _label_by_findings(
        archive, cases, source="mined", all_judged=False, dropped=dropped, split=None, queries=queries, seed=seed
    )


def label_by_qrels(archive: Archive, qrels: Path, *, queries: int, seed: int) -> Labels:
    """Labels of a qrels file, mined or plain; in a plain one all of the index is judged.

    Its cases that the index lacks are left out. InputError as `read_judgements`, and when no query is left.
    """
    labels = read_judgements(qrels)
    if archive.cases.keys().isdisjoint(labels.documents):
        raise InputError(f"qrels: expected cases of the index in {qrels.name}, got none; give labels of this archive")
    if labels.judged is None:
        labels = read_judgements(qrels, documents={*labels.documents, *archive.cases})
    patients = [archive.cases[name].patient if name in archive.cases else None for name in labels.documents]
    task = Task(
        protocol=load_protocol(_PROTOCOL), name=qrels.stem, judgements=replace(labels, patients=tuple(patients))
    )
    if missing := set(labels.documents) - archive.cases.keys():
        task = task.without(missing, reason="not_in_index")
    if twins := archive.duplicates(gallery(task.judgements)):
        task = task.without(twins, reason="near_duplicates")
    labels = task.judgements
    inside = set(gallery(labels))
    listed = {**labels.listed, **dict.fromkeys(labels.unanswered(), NOTHING)}
    normal = [
        f"{labels.documents[number]}@{place}"
        for place, numbers in labels.normal.items()
        for number in numbers.tolist()
        if labels.documents[number] in inside
    ]
    candidates = _askable(archive, listed, normal)
    dropped = candidates.dropped + Counter(unlabelled=len(archive.cases.keys() - set(labels.documents)))
    asked, calm, left = _draw(candidates, queries=queries, seed=seed)
    cut = replace(
        labels, listed={query: listed[query] for query in asked}, asking=places_asked(labels.documents, asked)
    )
    return Labels(
        task=replace(task, judgements=cut, dropped=_counted(Counter(task.dropped) + dropped + left)),
        normal=calm,
        cases=tuple(CaseFindings.of(archive.cases[name]) for name in labels.documents),
        record=_record("qrels", cut, candidates),
    )


def gallery(labels: Judgements) -> tuple[str, ...]:
    """The documents that a query of the labels' split draws from, ascending."""
    if labels.splits is None or labels.split is None:
        return labels.documents
    return tuple(name for name, split in zip(labels.documents, labels.splits, strict=True) if split == labels.split)


def _label_by_findings(
    archive: Archive,
    cases: Sequence[CaseFindings],
    *,
    source: str,
    all_judged: bool,
    dropped: Counter[str],
    split: str | None,
    queries: int,
    seed: int,
) -> Labels:
    """Labels by the rules of relevance over cases with ids ascending, near-duplicates left out."""
    twins = archive.duplicates([case.case_id for case in cases])
    kept = [case for case in cases if case.case_id not in twins]
    table = RelevanceTable.build(kept)
    everyone = np.arange(len(table), dtype=np.int32)
    judged = {place: everyone if all_judged else table.judged(place) for place in PLACES}
    normal = {place: np.setdiff1d(judged[place], table.abnormal(place)) for place in PLACES}
    candidates = _askable(
        archive,
        _query_ids(table, {place: table.abnormal(place) for place in PLACES}),
        _query_ids(table, normal),
    )
    asked, calm, left = _draw(candidates, queries=queries, seed=seed)
    listed = {}
    for query in asked:
        case_id, _, name = query.partition("@")
        numbers, grades = table.relevant(case_id, None if name == ANYWHERE else parse_place(name))
        listed[query] = Listed(numbers, grades.astype(np.float64))
    judgements = Judgements(
        documents=table.case_ids,
        listed=listed,
        judged={place_name(place): numbers for place, numbers in judged.items()},
        normal={place_name(place): numbers for place, numbers in normal.items()},
        patients=table.patients,
        asking=places_asked(table.case_ids, asked),
        closed=True,
        version=_version(source, kept),
    )
    counts = dropped + candidates.dropped + left
    counts += Counter(near_duplicates=len(cases) - len(kept), findings_at_no_place=_placeless(kept))
    return Labels(
        task=Task(
            protocol=load_protocol(_PROTOCOL),
            name=split or "all",
            judgements=judgements,
            dropped=_counted(counts),
        ),
        normal=calm,
        cases=tuple(kept),
        record=_record(source, judgements, candidates),
    )


def _query_ids(table: RelevanceTable, numbers: Mapping[Place | None, Any]) -> list[str]:
    names = table.case_ids
    return [f"{names[n]}@{place_name(place)}" for place, of_place in numbers.items() for n in of_place.tolist()]


def _askable(archive: Archive, findings: Iterable[str], normal: Iterable[str]) -> _Candidates:
    """Questions that a frontal image can be asked; only those at findings are counted where they can't."""
    reasons = {query: _why_not(archive, query) for query in findings}
    return _Candidates(
        findings=tuple(query for query, reason in reasons.items() if reason is None),
        normal=tuple(query for query in normal if _why_not(archive, query) is None),
        dropped=Counter(reason for reason in reasons.values() if reason is not None),
    )


def _why_not(archive: Archive, query: str) -> str | None:
    """Why a question can't be asked: its case has no image or only a lateral one, or no image shows the place."""
    case_id, _, place = query.partition("@")
    if case_id not in archive.with_image:
        return "queries_without_image"
    if is_lateral(archive.cases[case_id].view):
        return "queries_of_lateral_views"
    try:
        return None if place == ANYWHERE or on_radiograph(parse_place(place)) else "queries_at_unseen_places"
    except PlaceError:
        return "queries_at_unseen_places"


def _draw(candidates: _Candidates, *, queries: int, seed: int) -> tuple[tuple[str, ...], tuple[str, ...], Counter[str]]:
    """The questions drawn, ids ascending, at findings and at normal places, and how many at findings are left."""
    asked = _sample(candidates.findings, queries or len(candidates.findings), seed)
    if not asked:
        raise InputError(
            "labels: expected a case with an image and a finding at a place it shows, got none; see that reports "
            "were joined, or give --truth or --qrels"
        )
    calm = _sample(candidates.normal, -(-len(asked) // NORMAL_SHARE), seed)
    return asked, calm, Counter(queries_not_drawn=len(candidates.findings) - len(asked))


def _sample(queries: Sequence[str], count: int, seed: int) -> tuple[str, ...]:
    """`count` of them, ids ascending, by a hash: an archive that grows keeps most of its questions."""
    key = str(seed).encode() + b"\0"
    drawn = sorted(queries, key=lambda query: hashlib.sha256(key + query.encode()).digest())[:count]
    return tuple(sorted(drawn))


def _placeless(cases: Iterable[CaseFindings]) -> int:
    """Findings that stand at none of the places asked but the whole case, such as one that no frontal image shows."""
    places = [place for place in PLACES if place is not None]
    reached: dict[Place, bool] = {}
    count = 0
    for fact in (fact for case in cases for fact in case.facts if states_finding(fact)):
        if fact.place not in reached:
            reached[fact.place] = any(overlaps(fact.place, place) for place in places)
        count += not reached[fact.place]
    return count


def _record(source: str, labels: Judgements, candidates: _Candidates) -> dict[str, Any]:
    """Source, version and counts. `could_ask`: questions to draw from; `with_nothing_to_find` are among the queries."""
    return {
        "source": source,
        "version": labels.version,
        "cases": len(labels.documents),
        "could_ask": len(candidates.findings),
        "could_ask_normal": len(candidates.normal),
        "with_nothing_to_find": sum(not one.grades.any() for one in labels.listed.values()),
    }


def _version(source: str, cases: Iterable[CaseFindings]) -> str:
    """SHA-256 over the rules of grading and everything that they read of the cases."""
    digest = hashlib.sha256(f"{source} {GRADES_VERSION} {sorted(ontology_versions().items())}".encode())
    for case in cases:
        facts = [(f.finding, str(f.place), f.polarity, f.severity) for f in case.facts]
        digest.update(repr((case.case_id, case.patient, facts, [str(p) for p in case.normal_anatomies])).encode())
    return digest.hexdigest()


def _counted(counts: Counter[str]) -> dict[str, int]:
    return {reason: counts[reason] for reason in sorted(counts) if counts[reason]}
