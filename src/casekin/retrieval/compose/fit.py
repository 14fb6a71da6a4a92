"""The support curve of an archive: stored cases ask for their own draft, their patients left out."""

from __future__ import annotations

from collections.abc import Sequence

from casekin.index import CaseIndex
from casekin.index.records import Kind
from casekin.retrieval.compose.claims import CaseReader
from casekin.retrieval.compose.curve import Evidence, SupportCurve, curve_of, fit_curve
from casekin.retrieval.compose.neighbors import find_neighbors, others_than, vectors_at_places
from casekin.retrieval.compose.support import Presence, read_claims
from casekin.retrieval.resolve import shown_in
from casekin.retrieval.sample import cases_by_hash

NAME = "draft"
"""Under which an index keeps its curve."""
QUESTIONS = 200
"""Stored cases that are asked: beyond, the curve's five or so numbers hardly change."""
LEAST_QUESTIONS = 50
"""Fewer tell too little of an archive."""


def fit_support(index: CaseIndex, kind: Kind, *, findings: Sequence[str]) -> SupportCurve | None:
    """The curve that fits the archive's own reports, a sample of its cases asked as if they were new.

    `findings` are those that the vectors of the kind's model begin with (`EncodedImage.form.findings`), none for an
    encoder without a decoder. None where the archive has too few cases with a report and an image of the kind.
    """
    asked = _sample(index, kind)
    if len(asked) < LEAST_QUESTIONS:
        return None
    reader = CaseReader(index)
    examples: list[tuple[Evidence, bool]] = []
    for case_id in asked:
        examples += _examples(index, reader, case_id, kind, findings)
    return fit_curve(examples, questions=len(asked))


def read_curve(index: CaseIndex, kind: Kind) -> SupportCurve | None:
    """An index's own curve for a kind of image; None where it has none for the active model."""
    record = index.calibration(kind, NAME)
    return None if record is None else curve_of(record)


def write_curve(index: CaseIndex, kind: Kind, curve: SupportCurve) -> None:
    """Keep a curve with its index, in place of the one before."""
    index.put_calibration(kind, NAME, curve.as_record())


def _sample(index: CaseIndex, kind: Kind) -> list[str]:
    """Cases with a report and an image of the kind, in an order that has nothing to do with them."""
    ids = cases_by_hash(index, kind)
    asked: list[str] = []
    for start in range(0, len(ids), QUESTIONS):
        stored = index.cases(ids[start : start + QUESTIONS])
        asked += [name for name in ids[start : start + QUESTIONS] if stored[name].report]
        if len(asked) >= QUESTIONS:
            break
    return asked[:QUESTIONS]


def _examples(
    index: CaseIndex, reader: CaseReader, case_id: str, kind: Kind, findings: Sequence[str]
) -> list[tuple[Evidence, bool]]:
    """For each finding at a place that some other patient has: what speaks for it, and whether this case states it."""
    image_id = index.image_ids_of(case_id, kind)[0]
    vectors = index.vectors_of(image_id)
    places = vectors_at_places(vectors)
    neighbors = find_neighbors(index, reader=reader, vectors=places, kind=kind, allowed=others_than(index, case_id))
    presence = Presence(findings=tuple(findings), at=places)
    (own,) = reader.read([case_id])
    return [
        (each.evidence, each.claim in own.claims)
        for each in read_claims(neighbors, presence=presence, shown=shown_in(vectors, kind))
        if each.claim.is_finding
    ]
