"""A draft as plain text: sections with numbered citations, the cases behind the numbers, and what was struck."""

from __future__ import annotations

import re

from casekin.retrieval.compose.draft import Draft, DraftSection

SECTIONS: tuple[DraftSection, ...] = ("findings", "impression")
_WIDTH = 110
_UNPRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]+")


def draft_text(draft: Draft) -> str:
    """The whole draft, lines ended by a newline. A draft that abstained says why."""
    numbers = draft.case_numbers
    lines = [line for text in preamble(draft) for line in (text, "")]
    for section in SECTIONS:
        if told := section_lines(draft, section):
            lines += [f"{section.upper()}:", *told, ""]
    if draft.remark is not None:
        lines += ["IMPRESSION:", draft.remark, ""]
    if not draft.sentences:
        lines += [f"No draft: {draft.verdict}, {clean(draft.verdict_reason)}", ""]
    if numbers:
        lines += ["CITED CASES:", *_in_lines([f"[{number}] {case}" for case, number in numbers.items()]), ""]
    if draft.struck:
        lines += ["STRUCK:", *(f"- {clean(one.text)} ({clean(one.reason)})" for one in draft.struck), ""]
    lines.append(f"Index {draft.index_version}, model {draft.model_version}.")
    return "\n".join(lines) + "\n"


def preamble(draft: Draft) -> tuple[str, ...]:
    """What every form says before all else: the notice, and the doubt that the sentences are to be read with."""
    return (draft.notice,) if draft.caution is None else (draft.notice, f"CAUTION: {clean(draft.caution)}")


def _in_lines(items: list[str]) -> list[str]:
    """Several items a line, none of them broken."""
    lines = [""]
    for item in items:
        if lines[-1] and len(lines[-1]) + 2 + len(item) > _WIDTH:
            lines.append("")
        lines[-1] += f"  {item}" if lines[-1] else item
    return lines


def section_lines(draft: Draft, section: DraftSection) -> list[str]:
    """The sentences of a section with the numbers of their cases behind them."""
    numbers = draft.case_numbers
    return [
        clean(sentence.text) + " " + "".join(f"[{numbers[cite.case_id]}]" for cite in sentence.cites)
        for sentence in draft.sentences
        if sentence.section == section
    ]


def clean(text: str) -> str:
    """Text without control characters and lone surrogates, which neither DICOM nor XML may hold; in one line."""
    return " ".join(_UNPRINTED.sub(" ", text).split())
