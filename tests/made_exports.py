"""Drafts for tests: sentences with claims, support and cites, made up by hand."""

from __future__ import annotations

from dataclasses import replace

from casekin.retrieval.compose.draft import Cite, Claim, Draft, DraftSection, DraftSentence, Struck, Support
from casekin.types import Place, Polarity, Side

OTHERS_WORDS = "Words of another patient's report"


def sentence(
    text: str,
    finding: str,
    anatomy: str,
    side: Side | None = None,
    polarity: Polarity = "present",
    *,
    section: DraftSection = "findings",
    p: float = 0.9,
    cites: tuple[str, ...] = ("case-1",),
) -> DraftSentence:
    place = Place(anatomy=anatomy, side=side)
    return DraftSentence(
        text=text,
        section=section,
        claim=Claim(finding=finding, anatomy=anatomy, side=side, polarity=polarity),
        support=Support(p=p, n=12, interval=(p / 2, (1 + p) / 2)),
        cites=tuple(Cite(case_id=case, place=place, similarity=0.75, sentence=OTHERS_WORDS) for case in cites),
    )


def draft(*sentences: DraftSentence, struck: tuple[Struck, ...] = ()) -> Draft:
    return Draft(
        sentences=sentences,
        struck=struck,
        verdict="answered" if sentences else "no_comparable_case",
        verdict_reason="calibrated" if sentences else "no case speaks of the lungs",
        query={"at": []},
        index_version="3:abc",
        model_version="lite0-1",
    )


EFFUSION = sentence(
    "Small left pleural effusion.", "pleural_effusion", "pleural_space", "left", p=0.8, cites=("case-2", "case-1")
)
NO_PNEUMOTHORAX = sentence("No pneumothorax.", "pneumothorax", "pleural_space", polarity="absent", cites=("case-3",))
NORMAL_HEART = sentence("The heart is normal.", "no_finding", "cardiac_silhouette")
PERHAPS_NODULE = sentence("Possible right nodule.", "perifissural_nodule", "lung", "right", "uncertain", p=0.4)
IMPRESSION = sentence(
    "Left pleural effusion.", "pleural_effusion", "pleural_space", "left", section="impression", p=0.8
)
USUAL = draft(
    EFFUSION,
    NO_PNEUMOTHORAX,
    NORMAL_HEART,
    PERHAPS_NODULE,
    IMPRESSION,
    struck=(Struck(text="Unchanged mass.", reason="compares with an earlier film"),),
)
DOUBTED = replace(USUAL, verdict="low_confidence", verdict_reason="promise .71 is below .90")
NOTHING_FOUND = draft(NO_PNEUMOTHORAX, NORMAL_HEART)
