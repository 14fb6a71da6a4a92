"""What a draft's fragment says: its sentences by section, what each stands on, and the cases it cites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casekin.retrieval.compose.draft import Cite, Draft, DraftSentence, Support
from casekin.retrieval.sheet.words import place_words
from casekin.web.answers import case_address

_SECTIONS = (("findings", "Findings"), ("impression", "Impression"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedCase:
    """A case by its number in the draft; `rank` where it stands in the list of hits."""

    number: int
    case_id: str
    address: str
    rank: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedSentence:
    """A case's own sentence for a claim; `href` leads to its card on the page, else to the list of cited cases."""

    number: int
    case_id: str
    address: str
    href: str
    place: str
    similarity: float
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceView:
    """One sentence and what it stands on, in words."""

    text: str
    support: str
    cites: tuple[CitedSentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A draft; no sections where it abstains."""

    headline: str
    notice: str
    caution: str | None
    reason: str
    sections: tuple[tuple[str, tuple[SentenceView, ...]], ...]
    remark: str | None
    struck: tuple[tuple[str, str], ...]
    cases: tuple[CitedCase, ...]


def draft_view(draft: Draft, ranks: Mapping[str, int]) -> DraftView:
    """The draft beside an answer whose hits have these ranks by case id."""
    numbers = draft.case_numbers
    sections = tuple(
        (title, tuple(_sentence(one, numbers, ranks) for one in draft.sentences if one.section == section))
        for section, title in _SECTIONS
        if any(one.section == section for one in draft.sentences)
    )
    count = len(draft.sentences)
    return DraftView(
        headline=f"Draft of {count} sentence{'s' if count != 1 else ''}",
        notice=draft.notice,
        caution=draft.caution,
        reason=_as_sentence(draft.verdict_reason.replace("_", " ")),
        sections=sections,
        remark=draft.remark,
        struck=tuple((one.text, one.reason) for one in draft.struck),
        cases=tuple(
            CitedCase(number=number, case_id=case_id, address=case_address(case_id), rank=ranks.get(case_id))
            for case_id, number in numbers.items()
        ),
    )


def support_words(support: Support) -> str:
    """How likely a sentence is, and by how many cases: nothing is certain that a few of them say."""
    low, high = support.interval
    chance = f"{support.p:.0%}".replace("100%", "over 99%")
    cases = "1 similar case that speaks" if support.n == 1 else f"{support.n} similar cases that speak"
    return f"{chance} likely ({low:.0%} to {high:.0%}), by {cases} of it"


def _sentence(sentence: DraftSentence, numbers: Mapping[str, int], ranks: Mapping[str, int]) -> SentenceView:
    return SentenceView(
        text=sentence.text,
        support=support_words(sentence.support),
        cites=tuple(_cite(cite, numbers[cite.case_id], ranks.get(cite.case_id)) for cite in sentence.cites),
    )


def _as_sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _cite(cite: Cite, number: int, rank: int | None) -> CitedSentence:
    return CitedSentence(
        number=number,
        case_id=cite.case_id,
        address=case_address(cite.case_id),
        href=f"#cited-{number}" if rank is None else f"#hit-{rank}",
        place=place_words({"anatomy": cite.place.anatomy, "side": cite.place.side}),
        similarity=cite.similarity,
        sentence=cite.sentence,
    )
