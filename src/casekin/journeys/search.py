"""search: a question becomes ranked, explained cases."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import casekin
from casekin.errors import IndexStoreError, InputError
from casekin.index import CaseIndex, StoredCase
from casekin.models import ImageEncoder
from casekin.retrieval.answer import SearchAnswer
from casekin.retrieval.ask import ask_index
from casekin.retrieval.encode import EncodedFile, encode_file, versions_of
from casekin.retrieval.explain.hits import explain_hits
from casekin.retrieval.explain.seen import encode_preview
from casekin.retrieval.hit import Hit, ResolvedRegion
from casekin.retrieval.query import SearchQuery
from casekin.retrieval.rank import RankedCase
from casekin.retrieval.resolve import with_boxes
from casekin.retrieval.steer.board import make_board
from casekin.retrieval.steer.conditions import condition_text, filter_text, read_condition
from casekin.retrieval.steer.counter import (
    Counter,
    findings_of_question,
    rank_lookalikes,
    rank_normals,
    with_normal_sentences,
)
from casekin.retrieval.steer.follow_up import FollowUp, follow_patients, later_exams
from casekin.retrieval.steer.ladder import asked_at, ladder, step_of
from casekin.retrieval.steer.recipe import write_recipe
from casekin.retrieval.steer.stated import Spot
from casekin.retrieval.understand import Understood, understand
from casekin.retrieval.verdict.verdict import Judgement, judge_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What one step of the ladder found, best first, and its verdict; `hits` are those of `ranked` that are shown."""

    number: int
    asked: Understood
    ranked: Sequence[RankedCase]
    hits: tuple[Hit, ...]
    judged: Judgement


def search_cases(
    index: CaseIndex,
    query: SearchQuery,
    *,
    encoder: ImageEncoder | None = None,
    encoded: EncodedFile | None = None,
) -> SearchAnswer:
    """Answer one question: understand → rank, at wider places where hits run dry → explain → judge → sum up.

    `encoder` must be the one that the index was made with; only questions with an image need it. `encoded` is the
    query's image where it was encoded before (many questions to one image). Raises `InputError`
    (also `PlaceError`, `FilterError`, `ImageError`) for what can't be answered and `IndexStoreError` for a wrong model.
    """
    began = time.perf_counter()
    image = encode_asked(index, query, encoder) if encoded is None else encoded
    with index.snapshot():
        found = _climb(index, query, image)
        first = found[0]
        spot = Spot(places=first.asked.pointing.places)
        return SearchAnswer(
            query=_echo(first.asked),
            resolved_regions=_stored_boxes(first.asked.pointing.regions, image),
            hits=_hits(query, found),
            verdict=first.judged.verdict,
            verdict_reason=first.judged.reason,
            promise=first.judged.promise,
            checks=first.judged.checks,
            index_version=index.version(),
            model_version=index.model_version(first.asked.kind),
            ladder=tuple(step_of(step.asked.query, number=step.number, hits=len(step.hits)) for step in found),
            counter=_counter(index, first.asked, spot) if query.counter else None,
            board=make_board(index, _cases(index, first.ranked[: query.board]), spot) if query.board else None,
            follow_up=_follow(index, first.ranked[: query.follow_up], spot) if query.follow_up else None,
            recipe=write_recipe(index, first.asked, program=casekin.__version__),
            took_ms=round((time.perf_counter() - began) * 1000, 3),
        )


def encode_asked(index: CaseIndex, query: SearchQuery, encoder: ImageEncoder | None) -> EncodedFile | None:
    """The question's image, encoded, from its file or as the index shows a stored one; None where none asks.

    Raises what `encode_query` raises, and `InputError` for a stored image that isn't there or is a volume.
    """
    if query.case is None:
        return None if query.image is None else encode_query(index, query.image, encoder)
    checked = own_encoder(index, encoder)
    image_ids = index.image_ids_of(query.case)[query.case_image :][:1]
    stored = next(index.images(image_ids), None)
    if stored is None:
        raise InputError("search: expected a case of this index and the number of one of its images, got another")
    return encode_preview(stored, checked)


def encode_query(index: CaseIndex, image: Path, encoder: ImageEncoder | None) -> EncodedFile:
    """Encode a query's image with the index's own model. Raises `IndexStoreError` for another model."""
    return encode_file(image, own_encoder(index, encoder))


def own_encoder(index: CaseIndex, encoder: ImageEncoder | None) -> ImageEncoder:
    """The encoder given, once it is known to be the index's own. Raises `IndexStoreError` for another or none."""
    for kind, version in ({} if encoder is None else versions_of(encoder)).items():
        if (made_with := index.model_version(kind)) not in (None, version):
            raise IndexStoreError(f"search: the index was made with model {made_with}, got {version}; give that model")
    if encoder is None:
        raise IndexStoreError(f"search: the index was made with model {index.model_version()}, got none; give it")
    return encoder


def _climb(index: CaseIndex, query: SearchQuery, image: EncodedFile | None) -> list[_Found]:
    """Ask at the places asked for, then at wider ones as long as it is worth it; nobody is found twice.

    Only required findings make hits run dry, so only where their places widen may a step find who is missing. Where no
    case compares, as many again are asked for at each step, until some compare: those follow.
    """
    found: list[_Found] = []
    missing, rest = query.limit, None
    for number, step in enumerate(ladder(query)):
        last = found[-1] if found else None
        dry = missing > 0 and (last is None or step.with_ != last.asked.query.with_)
        if last is not None and not (query.relax and (dry or _is_incomparable(last))):
            continue
        one = _ask(
            index, understand(index, step, image), number=number, shown=max(missing, 0) or query.limit, rest=rest
        )
        if last is None or dry or not _is_incomparable(one):
            found.append(one)
            missing -= len(one.hits)
            rest = _others(one.asked.groups, one.ranked, rest)
    return found


def _ask(index: CaseIndex, asked: Understood, *, number: int, shown: int, rest: NDArray[np.bool_] | None) -> _Found:
    """Rank, explain and judge one step; a summary over more hits than are shown is one of the first step."""
    most = shown if number else max(shown, asked.query.board, asked.query.follow_up)
    ranked = ask_index(index, asked, limit=most, among=rest)
    hits = _explained(index, asked, ranked[:shown])
    judged = judge_answer(index, asked, hits, numbers=[case.case_no for case in ranked[:shown]])
    return _Found(number=number, asked=asked, ranked=ranked, hits=judged.told_of(hits), judged=judged)


def _is_incomparable(step: _Found) -> bool:
    """Whether cases were found, and none of them compares."""
    return bool(step.hits) and step.judged.verdict == "no_comparable_case"


def _others(groups: NDArray[Any], ranked: Sequence[RankedCase], rest: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    """Mask over case numbers of those whose group (a patient) wasn't found yet."""
    unseen = ~np.isin(groups, groups[[case.case_no for case in ranked]])
    return unseen if rest is None else unseen & rest


def _hits(query: SearchQuery, found: Sequence[_Found]) -> tuple[Hit, ...]:
    """The hits of every step, an earlier step's above a later one's."""
    hits: list[Hit] = []
    for step in found:
        relaxed, before = asked_at(query) if step.number else None, len(hits)
        hits += [replace(hit, rank=before + hit.rank, step=step.number, relaxed_from=relaxed) for hit in step.hits]
    return tuple(hits)


def _explained(index: CaseIndex, asked: Understood, ranked: Sequence[RankedCase]) -> tuple[Hit, ...]:
    return explain_hits(
        index,
        ranked,
        regions=asked.pointing.regions,
        places=asked.pointing.places,
        asked=() if asked.asked is None else asked.asked.asked,
        free=asked.pointing.free,
    )


def _counter(index: CaseIndex, asked: Understood, spot: Spot) -> Counter:
    """Counter-evidence under the question's own score and filter; conditions on findings are what it is to question."""
    findings, count = findings_of_question(index, asked, spot), asked.query.counter
    query = replace(asked.query, with_=(), without=())
    rank = partial(_rank, index, understand(index, query, asked.image))
    lookalikes = rank_lookalikes(index, findings, spot, count=count, rank=rank)
    normals = rank_normals(index, spot, count=count, rank=rank)
    cases = index.cases(case.case_id for case in normals)
    return Counter(
        findings=findings,
        lookalikes=_explained(index, asked, lookalikes),
        normals=with_normal_sentences(_explained(index, asked, normals), cases, spot),
    )


def _rank(index: CaseIndex, asked: Understood, limit: int, among: NDArray[np.bool_]) -> list[RankedCase]:
    return ask_index(index, asked, limit=limit, among=among)


def _follow(index: CaseIndex, ranked: Sequence[RankedCase], spot: Spot) -> FollowUp:
    """What later examinations of these cases' patients tell."""
    catalog = index.catalog()
    courses = []
    for hit, case in zip(ranked, _cases(index, ranked), strict=True):
        numbers = np.flatnonzero(catalog.patient_number_of_case == catalog.patient_number_of_case[hit.case_no])
        exams = index.cases(catalog.case_id(number) for number in numbers.tolist())
        courses.append((case, later_exams(case, exams.values())))
    return follow_patients(courses, spot)


def _cases(index: CaseIndex, ranked: Sequence[RankedCase]) -> list[StoredCase]:
    cases: Mapping[str, StoredCase] = index.cases(case.case_id for case in ranked)
    return [cases[case.case_id] for case in ranked]


def _stored_boxes(regions: Sequence[ResolvedRegion], image: EncodedFile | None) -> tuple[ResolvedRegion, ...]:
    """The regions with their boxes in pixels of the stored query image."""
    if image is None:
        return tuple(regions)
    boxes = {region.place: image.turn.to_stored(region.box) for region in regions if region.box is not None}
    return with_boxes(regions, boxes)


def _echo(asked: Understood) -> dict[str, Any]:
    """The question as it was understood; `filter` is all that a case had to pass, in the language of `--where`."""
    query = asked.query
    return {
        "image": query.case if query.image is None else query.image.name,
        "matched_cases": list(asked.matched),
        "text": query.text,
        "phrase": query.phrase,
        "at": list(query.at),
        "box": None if query.box is None else [float(value) for value in query.box.as_list()],
        "mask": query.mask is not None,
        "where": query.where,
        "with": [condition_text(read_condition(text, option="with")) for text in query.with_],
        "without": [condition_text(read_condition(text, option="without")) for text in query.without],
        "filter": filter_text(query),
        "limit": query.limit,
        "same_patient": query.same_patient,
        "combine": query.combine,
        "like": list(query.like),
        "unlike": list(query.unlike),
        "text_weight": query.text_weight,
        "facts_weight": query.facts_weight,
        "relax": query.relax,
        "facts": [] if asked.asked is None else [fact.as_record() for fact in asked.asked.facts],
    }
