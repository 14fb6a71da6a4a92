"""What a draft is: sentences with their support and the cases they cite, what was struck, and a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from casekin.retrieval.answer import Verdict
from casekin.types import Box, Place, Polarity, Side

DraftSection = Literal["findings", "impression"]
NORMAL = "no_finding"
"""The finding of a place that is called normal."""
NOTICE = (
    "DRAFT, not a report: made from the reports of similar cases, to be read, mended and signed by a radiologist. "
    "For research, teaching and quality assurance. Not a diagnostic device."
)
NO_FINDING = "No finding is supported by the similar cases."


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One finding at one place with its polarity: what a sentence says, no more and no less.

    A place called normal is the finding `NORMAL`, present.
    """

    finding: str
    anatomy: str
    side: Side | None
    polarity: Polarity

    @property
    def place(self) -> Place:
        return Place(anatomy=self.anatomy, side=self.side)

    @property
    def is_finding(self) -> bool:
        """Whether it says that something is there: no denial, no normal place."""
        return self.polarity == "present" and self.finding != NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """How likely a claim is: `p` in [0, 1] with its 95 % `interval`, from `n` similar cases that speak of it."""

    p: float
    n: int
    interval: tuple[float, float]

    def as_record(self) -> dict[str, Any]:
        return {"p": self.p, "n": self.n, "interval": list(self.interval)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cite:
    """A case whose report states the claim, where its image shows the place, and its exact sentence.

    `similarity` is to the question at that place. `box` is in stored pixels of the image `image_id`; both None where no
    image of the case shows the place.
    """

    case_id: str
    place: Place
    similarity: float
    sentence: str
    image_id: int | None = None
    box: Box | None = None

    def as_record(self) -> dict[str, Any]:
        return {
            "case_id": self.case_id,
            "anatomy": self.place.anatomy,
            "side": self.place.side,
            "box": None if self.box is None else self.box.as_list(),
            "similarity": self.similarity,
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSentence:
    """One sentence of a draft and what it stands on; `cites` are its cases, the most similar first, never empty."""

    text: str
    section: DraftSection
    claim: Claim
    support: Support
    cites: tuple[Cite, ...]

    def as_record(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "section": self.section,
            "finding": self.claim.finding,
            "anatomy": self.claim.anatomy,
            "side": self.claim.side,
            "polarity": self.claim.polarity,
            "support": self.support.as_record(),
            "cites": [cite.case_id for cite in self.cites],
            "regions": [cite.as_record() for cite in self.cites],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """What a draft doesn't say, and why: a sentence, or a claim in words where it never became one."""

    text: str
    reason: str

    def as_record(self) -> dict[str, Any]:
        return {"text": self.text, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A preliminary report. `sentences` stand in reading order, FINDINGS before IMPRESSION; none where it abstains.

    A `verdict` other than `answered` beside sentences warns that the archive may hold nothing like a finding of this
    image, which then is missing here.

    `query` is the question as it was understood, `recipe` how the sentences were chosen (numbers and names only).
    """

    sentences: tuple[DraftSentence, ...]
    struck: tuple[Struck, ...]
    verdict: Verdict
    verdict_reason: str
    query: Mapping[str, Any]
    index_version: str
    model_version: str | None
    recipe: Mapping[str, Any] = field(default_factory=dict)
    notice: str = NOTICE

    @property
    def case_numbers(self) -> dict[str, int]:
        """Every cited case with its number, from 1, in the order in which sentences cite them."""
        cases = dict.fromkeys(cite.case_id for sentence in self.sentences for cite in sentence.cites)
        return {case: number for number, case in enumerate(cases, start=1)}

    @property
    def caution(self) -> str | None:
        """The verdict in words, where the sentences are to be read with it in mind."""
        doubted = self.sentences and self.verdict != "answered"
        return f"{self.verdict.replace('_', ' ')}: {self.verdict_reason}" if doubted else None

    @property
    def remark(self) -> str | None:
        """What stands for an impression where nothing is found; it claims nothing and so cites nothing."""
        said = bool(self.sentences) and not any(sentence.claim.is_finding for sentence in self.sentences)
        return NO_FINDING if said and all(sentence.section == "findings" for sentence in self.sentences) else None

    def as_record(self) -> dict[str, Any]:
        """The contract's JSON form."""
        return {
            "sentences": [sentence.as_record() for sentence in self.sentences],
            "struck": [struck.as_record() for struck in self.struck],
            "verdict": self.verdict,
            "verdict_reason": self.verdict_reason,
            "notice": self.notice,
            "remark": self.remark,
            "query": dict(self.query),
            "index_version": self.index_version,
            "model_version": self.model_version,
            "recipe": dict(self.recipe),
        }
