"""From similar cases to a draft's sentences: read their claims, judge, choose, word, cite, arrange."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casekin.anatomy import is_part_of
from casekin.index import CaseIndex
from casekin.retrieval.compose.arrange import arrange_findings, arrange_impression
from casekin.retrieval.compose.choose import choose_claims, in_words
from casekin.retrieval.compose.cite import cite_cases
from casekin.retrieval.compose.curve import SupportCurve
from casekin.retrieval.compose.draft import Claim, DraftSentence, Struck
from casekin.retrieval.compose.neighbors import Neighbors
from casekin.retrieval.compose.support import Presence, judge_claims, read_claims
from casekin.retrieval.compose.wording import Phrasebook
from casekin.retrieval.resolve import Shown
from casekin.types import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """Sentences in reading order and what was struck."""

    sentences: tuple[DraftSentence, ...]
    struck: tuple[Struck, ...]


NOTHING = Composed(sentences=(), struck=())


def compose(
    index: CaseIndex,
    neighbors: Neighbors,
    *,
    presence: Presence,
    shown: Shown,
    curve: SupportCurve,
    at: Sequence[Place] = (),
) -> Composed:
    """A draft's sentences from a question's neighbors.

    `presence` is what its picture shows, empty without one. Where `at` names places, only those, their parts and their
    wholes are spoken of; without any picture, only findings: nothing of this patient would bear out a denial.
    """
    stated = read_claims(neighbors, presence=presence, shown=shown)
    judged = judge_claims(stated, curve)
    chosen, struck = choose_claims([each for each in judged if _is_asked(each.claim, neighbors, at)])
    phrasebook = Phrasebook(neighbors)
    worded: list[tuple[DraftSentence, str]] = []
    unsaid: list[Struck] = []
    for each in chosen:
        wording = phrasebook.word(each.stated)
        cites = cite_cases(index, each, neighbors=neighbors, phrasebook=phrasebook, shown=shown)
        if wording is None or not cites:
            unsaid.append(Struck(text=in_words(each.claim), reason="no similar case says it in a sentence of its own"))
            continue
        sentence = DraftSentence(
            text=wording.text, section="findings", claim=each.claim, support=each.support, cites=cites
        )
        worded.append((sentence, wording.brief))
    findings = arrange_findings([sentence for sentence, _ in worded])
    return Composed(sentences=(*findings, *arrange_impression(worded)), struck=(*unsaid, *struck))


def _is_asked(claim: Claim, neighbors: Neighbors, at: Sequence[Place]) -> bool:
    if not neighbors.places and not claim.is_finding:
        return False
    return not at or any(is_part_of(claim.place, place) or is_part_of(place, claim.place) for place in at)
