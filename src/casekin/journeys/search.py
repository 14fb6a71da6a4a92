"""search: a question becomes ranked, explained cases."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import parse_place
from casekin.errors import IndexStoreError, InputError
from casekin.imaging import Pseudonymizer
from casekin.index import CaseIndex, Rule, Term
from casekin.index.records import GLOBAL, Kind
from casekin.index.search.filters import parse_where
from casekin.models import ImageEncoder
from casekin.models.phrase import read_phrase
from casekin.retrieval.answer import ResolvedRegion, SearchAnswer
from casekin.retrieval.encode import EncodedFile, encode_file, hash_files, mask_in_view, versions_of
from casekin.retrieval.examples import move_vectors, read_examples
from casekin.retrieval.explain.hits import explain_hits
from casekin.retrieval.query import SearchQuery
from casekin.retrieval.rank import make_terms, rank_cases
from casekin.retrieval.resolve import (
    FreeRegion,
    Shown,
    resolve_drawn,
    resolve_places,
    resolve_weights,
    shown_in,
    with_boxes,
)
from casekin.retrieval.text import TextQuestion, read_question, score_text
from casekin.types import Place

TEXT_SHARE = 0.5
"""Share of the text where both an image and a text are given."""
_RULES: dict[str, Rule] = {"mean": "sum", "all_of": "all", "any_of": "any"}
"""How several places make one score; their shares sum to 1, so a sum is their mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pointing:
    """What the question points at: places asked, locations that stand for them, and a drawn region's own vector."""

    places: tuple[Place, ...]
    regions: tuple[ResolvedRegion, ...]
    free: FreeRegion | None = None


def search_cases(
    index: CaseIndex,
    query: SearchQuery,
    *,
    encoder: ImageEncoder | None = None,
    encoded: EncodedFile | None = None,
) -> SearchAnswer:
    """Answer one question from an index: resolve → encode → rank → explain.

    `encoder` must be the one that the index was made with; only questions with an image need it. `encoded` is the
    query's image where it was encoded before (many questions to one image). Raises `InputError`
    (also `PlaceError`, `FilterError`, `ImageError`) for what can't be answered and `IndexStoreError` for a wrong model.
    """
    began = time.perf_counter()
    asked, question = _read_text(query)
    image = encoded if encoded is not None or query.image is None else encode_query(index, query.image, encoder)
    with index.snapshot():
        kind = _kind(index, query, image)
        matched = [] if image is None or query.image is None else _match(index, query.image, image)
        vectors = _vectors(index, query, image, kind)
        pointing = _point(query, image, asked, shown=shown_in(vectors, kind))
        share = _text_share(vectors, question)
        ranked = rank_cases(
            index,
            terms=_terms(query, vectors, pointing, weight=1.0 - share, kind=kind),
            rule=_RULES[query.combine],
            text_scores=None if question is None else score_text(index, question, weight=share),
            free=pointing.free,
            allowed=_allowed(index, query, image, matched),
            group_of_case=_groups(index, query),
            limit=query.limit,
        )
        hits = explain_hits(
            index,
            ranked,
            regions=pointing.regions,
            places=pointing.places,
            asked=() if asked is None else asked.asked,
            free=pointing.free,
        )
        return SearchAnswer(
            query=_echo(query, matched, asked),
            resolved_regions=_stored_boxes(pointing.regions, image),
            hits=hits,
            index_version=index.version(),
            model_version=index.model_version(kind),
            took_ms=round((time.perf_counter() - began) * 1000, 3),
        )


def _read_text(query: SearchQuery) -> tuple[TextQuestion | None, TextQuestion | None]:
    """What is asked in words, and what of it reports are scored by: with an image, a phrase only points into it."""
    if not (query.text or query.phrase):
        return None, None
    places = tuple(parse_place(name) for name in query.at)
    asked = read_question(" ".join(filter(None, (query.text, query.phrase))), places=places)
    if query.image is None or not query.phrase:
        return asked, asked
    return asked, read_question(query.text, places=places) if query.text else None


def encode_query(index: CaseIndex, image: Path, encoder: ImageEncoder | None) -> EncodedFile:
    """Encode a query's image with the index's own model. Raises `IndexStoreError` for another model."""
    for kind, version in ({} if encoder is None else versions_of(encoder)).items():
        if (made_with := index.model_version(kind)) not in (None, version):
            raise IndexStoreError(f"search: the index was made with model {made_with}, got {version}; give that model")
    if encoder is None:
        raise IndexStoreError(f"search: the index was made with model {index.model_version()}, got none; give it")
    return encode_file(image, encoder)


def _kind(index: CaseIndex, query: SearchQuery, image: EncodedFile | None) -> Kind:
    """Which images answer: those of the query image's kind, else of the first liked case's first image."""
    if image is not None:
        return image.kind
    first = [image_id for case_id in query.like for image_id in index.image_ids_of(case_id)][:1]
    return next((found.kind for found in index.images(first)), "radiograph")


def _point(query: SearchQuery, image: EncodedFile | None, asked: TextQuestion | None, *, shown: Shown) -> _Pointing:
    """Resolve every way of pointing to locations. A drawn region wins over names; a phrase's places count as named."""
    names = tuple(parse_place(name) for name in query.at)
    if image is not None and (query.box is not None or query.mask is not None):
        regions, free = resolve_drawn(image.encoded, _drawn(query, image))
        return _Pointing(places=names or tuple(region.place for region in regions[:1]), regions=regions, free=free)
    if names:
        regions = resolve_places(names, source="name", shown=shown)
    elif query.phrase and image is not None:
        weights = read_phrase(query.phrase).places
        names = tuple(weights)
        regions = resolve_weights(weights, source="phrase")
    elif query.phrase and asked is not None and asked.facts:
        names = tuple(dict.fromkeys(fact.place for fact in asked.facts))
        regions = resolve_places(names, source="phrase", shown=shown)
    else:
        return _Pointing(places=(), regions=())
    return _Pointing(places=names, regions=regions if image is None else with_boxes(regions, image.encoded.boxes))


def _drawn(query: SearchQuery, image: EncodedFile) -> Any:
    """The drawn box or mask in pixels of the frontal view."""
    rows, columns = image.turn.stored
    if query.box is not None:
        inside = query.box.clipped(width=columns, height=rows)
        if inside is None:
            raise InputError(f"box: expected a rectangle inside the image of {columns} x {rows} pixels; draw it again")
        return image.turn.to_frontal(inside)
    assert query.mask is not None
    if query.mask.shape != (rows, columns):
        height, width = query.mask.shape
        raise InputError(f"mask: expected the image's {columns} x {rows} pixels, got {width} x {height}; draw it again")
    return mask_in_view(query.mask, image.turn)


def _vectors(
    index: CaseIndex, query: SearchQuery, image: EncodedFile | None, kind: Kind
) -> dict[str, NDArray[np.float32]]:
    """What is searched for, by region's name: the image's vectors, moved by the liked and disliked cases."""
    vectors: dict[str, NDArray[np.float32]] = {}
    if image is not None:
        vectors = {str(place): vector for place, vector in image.encoded.region_vectors.items()}
        vectors[GLOBAL] = image.encoded.global_vector
    if not (query.like or query.unlike):
        return vectors
    liked, disliked = (
        read_examples(index, names, option=option, kind=kind)
        for option, names in (("like", query.like), ("unlike", query.unlike))
    )
    return move_vectors(vectors, liked=liked, disliked=disliked)


def _terms(
    query: SearchQuery,
    vectors: Mapping[str, NDArray[np.float32]],
    pointing: _Pointing,
    *,
    weight: float,
    kind: Kind,
) -> list[Term]:
    """Weighted query vectors; the weights of one question sum to 1 together with the text's."""
    if not vectors:
        return []
    unseen = [str(region.place) for region in pointing.regions if str(region.place) not in vectors]
    if unseen:
        raise InputError(f"search: expected an image or a liked case that shows {unseen[0]}, got none; name another")
    return make_terms(pointing.regions, vectors, weight=weight, rule=_RULES[query.combine], kind=kind)


def _text_share(vectors: Mapping[str, object], question: TextQuestion | None) -> float:
    if question is None:
        return 0.0
    return TEXT_SHARE if vectors else 1.0


def _match(index: CaseIndex, path: Path, image: EncodedFile) -> list[str]:
    """Case ids under which the query image is stored already, by its header's study and by content."""
    names = Pseudonymizer(index.site_key())
    study = image.image.header.study_instance_uid
    return index.find_cases(
        study_instance_uid=names.uid(study) if study else None,
        content_sha256=image.image.content_hash,
        file_sha256=None if path.is_dir() else hash_files(path),
    )


def _allowed(
    index: CaseIndex, query: SearchQuery, image: EncodedFile | None, matched: Sequence[str]
) -> NDArray[np.bool_] | None:
    """Cases that the filter and the same-patient rule leave; a matched query never finds itself, nor an example."""
    allowed = index.select(None if query.where is None else parse_where(query.where))
    own = _own_patients(index, query, image, matched)
    if query.same_patient == "only" and not own:
        raise InputError("search: --same-patient only needs a known patient; give --patient or a stored image")
    rules = [] if allowed is None else [allowed]
    if own and query.same_patient != "allow":
        is_own = index.mask_of(patients=own)
        rules.append(is_own if query.same_patient == "only" else ~is_own)
    if named := {*matched, *query.like, *query.unlike}:
        rules.append(~index.mask_of(case_ids=named))
    return np.logical_and.reduce(rules) if rules else None


def _own_patients(index: CaseIndex, query: SearchQuery, image: EncodedFile | None, matched: Sequence[str]) -> set[str]:
    """Exclusion keys of the query's patient: as said, by the header, of the cases it is stored under, of examples."""
    names = Pseudonymizer(index.site_key())
    raw = [query.patient, None if image is None else image.image.header.patient_id]
    own: set[str] = set()
    for patient_id in raw:
        if patient_id:
            own |= {names.patient(patient_id)} | index.patients_of(patient_id=names.patient(patient_id))
    return own.union(*(index.patients_of(case_id=case_id) for case_id in (*matched, *query.like, *query.unlike)))


def _groups(index: CaseIndex, query: SearchQuery) -> NDArray[Any]:
    """What a list shows once: a patient, or where one patient's cases are asked for, a case."""
    catalog = index.catalog()
    return catalog.id_rank if query.same_patient == "only" else catalog.patient_number_of_case


def _stored_boxes(regions: Sequence[ResolvedRegion], image: EncodedFile | None) -> tuple[ResolvedRegion, ...]:
    """The regions with their boxes in pixels of the stored query image."""
    if image is None:
        return tuple(regions)
    boxes = {region.place: image.turn.to_stored(region.box) for region in regions if region.box is not None}
    return with_boxes(regions, boxes)


def _echo(query: SearchQuery, matched: Sequence[str], question: TextQuestion | None) -> dict[str, Any]:
    """The question as it was understood, enough to ask it again."""
    return {
        "image": None if query.image is None else query.image.name,
        "matched_cases": list(matched),
        "text": query.text,
        "phrase": query.phrase,
        "at": list(query.at),
        "box": None if query.box is None else query.box.as_list(),
        "mask": query.mask is not None,
        "where": query.where,
        "limit": query.limit,
        "same_patient": query.same_patient,
        "combine": query.combine,
        "like": list(query.like),
        "unlike": list(query.unlike),
        "facts": [] if question is None else [fact.as_record() for fact in question.facts],
    }
