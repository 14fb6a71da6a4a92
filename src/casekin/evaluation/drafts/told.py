"""What a draft tells, read back by the report reader: nothing that it says of itself is believed but what it cites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from casekin.errors import InputError
from casekin.evaluation.drafts.reference import NORMAL, distinct
from casekin.reports import SILENT_SECTIONS, ReadReport, read_report
from casekin.types import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldSentence:
    """A sentence, and what it says of itself: its claim, how likely that is (`p`), and the cases it cites."""

    text: str
    claim: Fact | None = None
    p: float | None = None
    cites: tuple[str, ...] = ()

    def claims(self) -> tuple[Fact, ...]:
        """What the sentence states, read back; where nothing is read, the claim it says it makes."""
        found = claims_of(read_text(self.text))
        return found or (() if self.claim is None else distinct([self.claim]))


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDraft:
    """A draft, or any report, of a case. `claims` are read from its whole text, `denials` with what they imply."""

    case_id: str
    sentences: tuple[ToldSentence, ...]
    claims: tuple[Fact, ...]
    denials: tuple[Fact, ...]
    cites: bool

    @classmethod
    def of_record(cls, case_id: str, record: Mapping[str, Any]) -> ToldDraft:
        """A draft as `casekin draft --json` has it. InputError where a field isn't what it should be."""
        try:
            sentences = tuple(_sentence(one) for one in record["sentences"])
            sections = [str(one.get("section", "findings")) for one in record["sentences"]]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(
                f"draft of {case_id[:80]!r}: expected sentences with text, finding, anatomy, side, polarity, support "
                f"and cites, got {type(error).__name__}"
            ) from None
        return cls._of(case_id, sentences, _layout(sentences, sections), cites=True)

    @classmethod
    def of_text(cls, case_id: str, text: str) -> ToldDraft:
        """A report in plain text, which cites nothing."""
        read = read_text(text)
        told = tuple(
            ToldSentence(text=sentence.text) for sentence in read.sentences if sentence.section not in SILENT_SECTIONS
        )
        return cls._of(case_id, told, text, cites=False)

    @classmethod
    def _of(cls, case_id: str, sentences: tuple[ToldSentence, ...], text: str, *, cites: bool) -> ToldDraft:
        read = read_text(text)
        denied = (fact for fact in (*read.facts, *read.implied) if fact.polarity == "absent")
        return cls(case_id=case_id, sentences=sentences, claims=claims_of(read), denials=distinct(denied), cites=cites)

    @property
    def text(self) -> str:
        """All that is told, in one line."""
        return " ".join(sentence.text for sentence in self.sentences)


@lru_cache(maxsize=1 << 14)
def read_text(text: str) -> ReadReport:
    """`read_report`, which is asked for the same sentences over and over: drafts repeat each other."""
    return read_report(text)


def claims_of(read: ReadReport) -> tuple[Fact, ...]:
    """What was read as claims: facts, and normal places as the finding `no_finding`."""
    normal = (
        Fact(finding=NORMAL, anatomy=place.anatomy, side=place.side, polarity="present")
        for place in read.normal_anatomies
    )
    return distinct([*read.facts, *normal])


def _sentence(record: Mapping[str, Any]) -> ToldSentence:
    support = record.get("support") or {}
    p = support.get("p")
    claim = Fact(**{name: record[name] for name in ("finding", "anatomy", "side", "polarity")})
    return ToldSentence(
        text=str(record["text"]),
        claim=claim,
        p=None if p is None else float(p),
        cites=tuple(str(case) for case in record["cites"]),
    )


def _layout(sentences: tuple[ToldSentence, ...], sections: list[str]) -> str:
    """The draft as a report: its sections in their order, a sentence a line."""
    return "\n".join(
        f"{section.upper()}:\n"
        + "\n".join(sentence.text for sentence, of in zip(sentences, sections, strict=True) if of == section)
        + "\n"
        for section in dict.fromkeys(sections)
    )
