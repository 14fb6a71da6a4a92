"""Whether the cases that a draft cites state what it says, and whether it tells numbers, dates or priors of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from casekin.evaluation.drafts.agreement import Parts
from casekin.evaluation.drafts.reference import NORMAL, Reference, distinct
from casekin.evaluation.drafts.told import ToldDraft, ToldSentence, read_text
from casekin.findings import implied_absences
from casekin.types import Fact

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    rf"\b(?:\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}|\d{{1,2}}/\d{{2,4}}|{_MONTH} \d{{1,2}}(?:,? \d{{4}})?"
    rf"|\d{{1,2}} {_MONTH}(?: \d{{4}})?|(?:19|20)\d\d|\d{{1,2}}:\d\d(?:\s?[ap]m)?|yesterday|today|tomorrow)\b",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    r"\b(?:[ctls]\d{1,2}(?:\s?[-/]\s?[ctls]?\d{1,2})?|\d{1,2}(?:st|nd|rd|th)|s/p|ribs? \d{1,2}(?:\s?-\s?\d{1,2})?)\b",
    re.IGNORECASE,
)
_CITATION = re.compile(r"\[\d+\]")
_NUMBER = re.compile(
    r"\d+(?:[.,]\d+)?"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)(?= (?:cm|mm|cent|milli|day|week|month|year))",
    re.IGNORECASE,
)
_PRIOR = re.compile(
    r"\b(?:compar(?:ed|ison)|prior|previous(?:ly)?|earlier|interval|unchanged|stable|again|persist\w*|no change"
    r"|new(?:ly)?|ha(?:s|ve) (?:in|de)creased|(?:in|de)creasing|(?:in|de)creased (?:in size|since|from)"
    r"|improv\w+|worse\w*|progress\w+|resol\w+|no longer|since)\b",
    re.IGNORECASE,
)
"""Words for an earlier examination; the reader finds what else tells of change. "Increased density" is a state."""


def tally_citations(draft: ToldDraft, cited: Mapping[str, Reference]) -> Parts:
    """Citation precision and recall, and sentences that cite nothing; nothing of a report that doesn't cite.

    A cited case must state all that the sentence says, read back: finding, anatomy, side and polarity (`kin`: bear it
    out). Precision is the share of citations that do, recall the share of sentences with one that does. A case that
    `cited` doesn't hold states nothing.
    """
    if not draft.cites:
        return {}
    parts: Parts = {"Uncited": (sum(not sentence.cites for sentence in draft.sentences), len(draft.sentences))}
    for name, kin in (("", False), ("(kin)", True)):
        states = [_citations_that_state(sentence, cited, kin=kin) for sentence in draft.sentences]
        parts[f"CitationPrecision{name}"] = (sum(map(sum, states)), sum(map(len, states)))
        parts[f"CitationRecall{name}"] = (sum(map(any, states)), len(states))
    as_said = [_says_its_claim(sentence) for sentence in draft.sentences if sentence.claim is not None]
    return {**parts, "AsClaimed": (sum(as_said), len(as_said))}


def tally_inventions(draft: ToldDraft) -> Parts:
    """Numbers, dates and comparisons with the past in a draft, and how many sentences it has.

    Nobody measured the film and its past wasn't shown, so each of them is made up, or another patient's. Levels of the
    spine, ribs by number and marks of citations are names, no numbers.
    """
    texts = [_LEVEL.sub(" ", _CITATION.sub(" ", sentence.text)) for sentence in draft.sentences]
    return {
        "Sentences": (len(texts), 1),
        "Numbers": (sum(len(_NUMBER.findall(_DATE.sub(" ", text))) for text in texts), 1),
        "Dates": (sum(len(_DATE.findall(text)) for text in texts), 1),
        "Priors": (sum(map(tells_of_past, texts)), 1),
    }


def tells_of_past(text: str) -> bool:
    """Whether a sentence compares with an earlier examination: a word for it, or a change that the reader finds."""
    return bool(_PRIOR.search(text)) or any(fact.change is not None for fact in read_text(text).facts)


def _citations_that_state(sentence: ToldSentence, cited: Mapping[str, Reference], *, kin: bool) -> Sequence[bool]:
    claims = sentence.claims()
    return [bool(claims) and _bears_out(cited.get(case), claims, kin=kin) for case in sentence.cites]


def _bears_out(case: Reference | None, claims: Sequence[Fact], *, kin: bool) -> bool:
    if case is None:
        return False
    return all(case.states(claim) or (kin and case.holds(claim)) for claim in claims)


def _says_its_claim(sentence: ToldSentence) -> bool:
    """Whether what is read back is the claim that the sentence says it makes, and nothing beside.

    A normal place and an absence that it implies are one statement: "heart size is normal" is read as both.
    """
    assert sentence.claim is not None  # `tally_citations` leaves others out
    said, read = distinct([sentence.claim]), sentence.claims()
    return set(said) <= set(read) and all(any(_is_one_statement(one, claim) for claim in said) for one in read)


def _is_one_statement(a: Fact, b: Fact) -> bool:
    if a == b:
        return True
    normal, absent = (a, b) if a.finding == NORMAL else (b, a)
    implied = normal.finding == NORMAL and absent.finding in implied_absences(normal.anatomy)
    return implied and absent.polarity == "absent" and absent.place == normal.place
