"""draft: a question becomes a preliminary report in which every sentence cites similar cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.errors import InputError
from casekin.index import CaseIndex
from casekin.index.records import Kind
from casekin.journeys.search import encode_asked, search_cases
from casekin.models import ImageEncoder
from casekin.retrieval.answer import Verdict
from casekin.retrieval.compose.choose import FLOORS
from casekin.retrieval.compose.claims import CaseReader
from casekin.retrieval.compose.compose import NOTHING, Composed, compose
from casekin.retrieval.compose.curve import SHIPPED_CURVE, SupportCurve
from casekin.retrieval.compose.draft import Draft
from casekin.retrieval.compose.fit import read_curve
from casekin.retrieval.compose.neighbors import Neighbors, find_neighbors, others_than, vectors_at_places
from casekin.retrieval.compose.rewriter import Rewriter, rewrite_sentences
from casekin.retrieval.compose.support import Presence
from casekin.retrieval.encode import EncodedFile
from casekin.retrieval.query import SearchQuery
from casekin.retrieval.resolve import shown_in
from casekin.retrieval.text import score_text
from casekin.retrieval.understand import Understood, understand
from casekin.types import Place


def draft_report(
    index: CaseIndex,
    query: SearchQuery,
    *,
    encoder: ImageEncoder | None = None,
    encoded: EncodedFile | None = None,
    rewriter: Rewriter | None = None,
) -> Draft:
    """Draft a report: search → neighbors → claims with support → sentences that cite; or abstain and say why.

    The question is asked as in `search_cases`, and raises the same; places pointed at narrow what is spoken of. A draft
    speaks from other patients alone (`InputError` for another `same_patient`). It is empty where the image is like none
    of the archive's, no similar case has a report, or nothing is supported well enough. A doubt about the list of hits
    stays in the verdict beside the sentences, whose claims have floors of their own. `rewriter` may rephrase.
    """
    if query.same_patient != "exclude":
        raise InputError(
            f"draft: expected same_patient exclude, got {query.same_patient}; a draft cites other patients"
        )
    image = encode_asked(index, query, encoder) if encoded is None else encoded
    with index.snapshot():
        answer = search_cases(index, query, encoder=encoder, encoded=image)
        asked = understand(index, query, image)
        record = answer.as_record()
        frame = _Frame.of(index, asked.kind, query=record["query"], search=record.get("recipe"))
        if answer.verdict == "out_of_distribution":
            return frame.draft(verdict=answer.verdict, reason=answer.verdict_reason)
        neighbors = find_neighbors(
            index,
            reader=CaseReader(index),
            vectors=vectors_at_places(asked.vectors),
            kind=asked.kind,
            allowed=asked.allowed,
            text_scores=_text_scores(index, asked),
        )
        presence = Presence()
        if image is not None:
            presence = Presence(findings=image.encoded.form.findings, at=image.encoded.region_vectors)
        draft = _compose(index, frame, neighbors, presence=presence, at=asked.pointing.places)
    if draft.sentences and answer.verdict != "answered":
        draft = replace(draft, verdict=answer.verdict, verdict_reason=answer.verdict_reason)
    return draft if rewriter is None else rewrite_sentences(draft, rewriter)


def draft_stored(
    index: CaseIndex,
    case_id: str,
    *,
    encoder: ImageEncoder | None = None,
    reader: CaseReader | None = None,
) -> Draft:
    """Draft a report of a stored case from its vectors, as if its image were asked; its patient and report left out.

    `encoder` is the index's own: it knows which findings the vectors tell of; without one, similar cases alone speak.
    `reader` may be shared by many drafts of an unchanged index. Whether the image is one to draft for isn't judged.
    Raises `InputError` for a case without a radiograph.
    """
    kind: Kind = "radiograph"
    findings = () if encoder is None else encoder.form.findings
    image_id = next(iter(index.image_ids_of(case_id, kind)), None)
    if image_id is None:
        raise InputError(f"draft: expected a stored case with a radiograph, got {case_id!r}; ingest one")
    with index.snapshot():
        vectors = vectors_at_places(index.vectors_of(image_id))
        neighbors = find_neighbors(
            index,
            reader=reader or CaseReader(index),
            vectors=vectors,
            kind=kind,
            allowed=others_than(index, case_id),
        )
        frame = _Frame.of(index, kind, query={"case_id": case_id}, search=None)
        return _compose(index, frame, neighbors, presence=Presence(findings=findings, at=vectors), at=())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """All of a draft but its sentences, and the curve that weighs their evidence."""

    kind: Kind
    query: Mapping[str, Any]
    index_version: str
    model_version: str | None
    recipe: Mapping[str, Any]
    curve: SupportCurve

    @classmethod
    def of(cls, index: CaseIndex, kind: Kind, *, query: Mapping[str, Any], search: Any) -> _Frame:
        kept = read_curve(index, kind)
        curve = kept or SHIPPED_CURVE
        recipe = {"search": search, "curve": curve.as_record(), "calibrated": kept is not None, "floors": FLOORS}
        return cls(
            kind=kind,
            query=query,
            index_version=index.version(),
            model_version=index.model_version(kind),
            recipe=recipe,
            curve=curve,
        )

    def draft(self, *, verdict: Verdict, reason: str, composed: Composed = NOTHING) -> Draft:
        return Draft(
            sentences=composed.sentences,
            struck=composed.struck,
            verdict=verdict,
            verdict_reason=reason,
            query=self.query,
            index_version=self.index_version,
            model_version=self.model_version,
            recipe=self.recipe,
        )


def _compose(
    index: CaseIndex, frame: _Frame, neighbors: Neighbors, *, presence: Presence, at: Sequence[Place]
) -> Draft:
    if not neighbors.cases:
        return frame.draft(verdict="no_comparable_case", reason="reports: no case that may be cited has one")
    shown = shown_in(dict.fromkeys(map(str, neighbors.places)), frame.kind)
    composed = compose(index, neighbors, presence=presence, shown=shown, curve=frame.curve, at=at)
    if not composed.sentences:
        return frame.draft(
            verdict="low_confidence",
            reason="support: no claim has enough of it and a sentence of its own",
            composed=composed,
        )
    return frame.draft(verdict="answered", reason="supported by the cited cases", composed=composed)


def _text_scores(index: CaseIndex, asked: Understood) -> NDArray[np.float64] | None:
    """What the question's text gives each case."""
    if asked.scored is None:
        return None
    scores = score_text(index, asked.scored, weight=asked.text_share)
    return scores.facts + scores.text
