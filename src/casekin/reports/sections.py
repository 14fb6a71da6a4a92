"""Report text → sections → sentences, each with its exact `[start, end)` in the text. Linear in the text's length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from casekin.reports.words import HEADINGS, JOINING, ORGAN_LABELS, RUN_ON_SUBJECTS

SILENT_SECTIONS = frozenset({"indication", "technique", "comparison", "exam", "recommendation", "signature"})
_KIND_OF = {name: kind for kind, names in HEADINGS.items() for name in names}
_NAMES = "|".join(re.escape(name).replace(r"\ ", r"[ \t]") for name in sorted(_KIND_OF, key=len, reverse=True))
_HEADING = re.compile(rf"(?<![^\s.;:)\]])(?P<name>{_NAMES})(?:[ \t]?:|(?=[ \t]*\n))", re.IGNORECASE)
_BREAK = re.compile(
    r"[.!?]+(?=[\s\"')\]]|$)|(?<=[a-zA-Z]{2})\.(?=[a-zA-Z]{2}|[A-Z] )|(?<=\d)\.(?=[A-Z][a-z])|;|\n[ \t\r]*\n\s*"
    r"|\n(?=[ \t]*(?:[-*•+]|\(?\d{1,2}[.)]))|\n|//+|\|+|…|[ \t]+(?:--+|[~•*·¦∙◦▪●■]+|=>|>>+)[ \t]+"
)
_SEPARATORS = tuple("/|…-~•*>=·¦∙◦▪●■")  # what parts statements in notes, beside full stops
_QUERY = re.compile(r"[ \t]+[a-z]")
_LABEL_LINE = re.compile(r"[ \t]*[A-Za-z][\w ,/&()-]{1,40}[ \t]*[:=]")
_BULLET_START = re.compile(r"[ \t]*(?:[-*•+]|\(?\d{1,2}[.)])\s")
_SIGNED_BULLET = re.compile(r"\s*(?:\(?\d{1,2}[.)]\s+|[,.;:+]+\s*)*")
_SIGNED = re.compile(r"(?:^|[\n/|;,.])[ \t]*\(?\++\)?[ \t]*[A-Za-z]|[/|;…~·•][ \t]*[-–−]+[ \t]*[A-Za-z]")
_GRAMMAR = re.compile(r"\b(?:the|is|are|there|has|have|was|of|which|may|with|in)\b", re.IGNORECASE)
_ANY_SIGN = re.compile(r"[/+–—]|[ \t]-")
_PLUS = re.compile(r"[ \t]+\+[ \t]+")
_TIGHT_SLASH = re.compile(r"(?<=[A-Za-z)\]]{2})/(?=[A-Za-z(])")
_TELEGRAM_SIGNS = (re.compile(r"[ \t]+/[ \t]+"), re.compile(r"[ \t]+[-–—][ \t]+"), _PLUS, _TIGHT_SLASH)
_BULLET = re.compile(r"\s*(?:[-*•–]+\s*|\(?\d{1,2}[.)]\s+|[,.;:]+\s*)*")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:dr|mr|mrs|ms|vs|approx|e\.g|i\.e|cf|fig|st|dept|resp|incl|a\.p|p\.a|poss|prob|ques|quest|susp|lt|rt|bilat)$",
    re.IGNORECASE,
)
# A silent section's words end at a blank line, at a line that ends its sentence, and at a short line before a new one.
_SILENT_STOP = re.compile(r"\n[ \t\r]*\n|(?<=[.?!])[ \t]*\r?\n|(?<![^\n]{60})\r?\n(?=[ \t]*[A-Z\d])")
_SHORT_LINE_END = re.compile(r"(?<![^\n]{60})\n")
_ONE_LINERS = frozenset({"comparison", "exam"})  # short as a rule: a short line is all
_SENTENCE_STOP = re.compile(r"\.(?=\s+[A-Z])")
# "LUNGS: Clear." belongs to the findings, whatever heading stands above it.
_ORGAN_LABEL = re.compile(
    rf"(?:(?<=\n)|(?<=[.?!] ))(?=[ \t]*(?:[-*•][ \t]*)?(?:the[ \t]+)?(?:{'|'.join(ORGAN_LABELS)})\b[^:.\n]{{0,40}}:)",
    re.IGNORECASE,
)
# Characters; longer run-on text is cut at white space, so that no later stage can become quadratic.
_MAX_SENTENCE = 600
_SHORT_LINE = 60
_LONG_HEADING = 7  # letters; a heading in capitals of this length is one within a line, too
_RUN_ON = 90  # characters; a longer sentence with fewer commas than one for each of these may be dictated without stops
_SUBJECTS = "|".join(RUN_ON_SUBJECTS)
# Where a statement begins without a stop before it: "there is", "no ...", a subject and its verb, "impression".
_STATEMENT = re.compile(
    r"(?<=\s)(?:there (?:is|are|has|have|was|were)|no (?!longer|change|significant|interval|appreciable|other)"
    rf"|(?:the )?(?:{_SUBJECTS}) (?:is|are|shows?|appears?|demonstrates?|has|have|remains?|normal|clear|enlarged)"
    r"|(?:impression|conclusion|findings(?= (?:the|there|no|lungs|heart)\b)))\b",
    re.IGNORECASE,
)
# "Within the left lower lobe there is ...": what stands before is no statement yet.
_LEADING_PLACE = re.compile(
    r"\s*(?:in|within|at|on|over|of|along|behind)\b(?:(?!\b(?:is|are|shows?|has|no)\b)[^.;])*\Z", re.I
)
_LAST_WORD = re.compile(r"(\w*[,:;]?)\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A stretch of text under one heading; `kind` is a key of the headings table, or 'body' before any heading."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence: exact text, its `[start, end)` in the report, and the kind of section it stands in."""

    text: str
    start: int
    end: int
    section: str


def split_sections(text: str) -> tuple[Section, ...]:
    """Sections in text order, headings left out; text before the first heading is a section of kind 'body'.

    A heading ends in a colon at a line's or sentence's start, or stands alone on its line. A silent section
    (indication, comparison …) lasts up to the next heading where findings have one of their own; else only as long as
    its own words go on (`_silent_end`), and an unheaded report below it is read.
    """
    heads = [m for m in _HEADING.finditer(text) if _starts_line_or_sentence(text, m)]
    kinds = [_KIND_OF[re.sub(r"[ \t]", " ", head["name"].lower())] for head in heads]
    last_findings = max((number for number, kind in enumerate(kinds) if kind == "findings"), default=-1)
    sections = [Section(kind="body", start=0, end=heads[0].start() if heads else len(text))]
    for number, (head, kind) in enumerate(zip(heads, kinds, strict=True)):
        end = heads[number + 1].start() if number + 1 < len(heads) else len(text)
        own = end
        if kind in SILENT_SECTIONS:
            own = _silent_end(text, head.end(), end, kind, headed=number < last_findings)
        sections.append(Section(kind=kind, start=head.end(), end=own))
        sections.append(Section(kind="body", start=own, end=end))
    return tuple(section for section in sections if text[section.start : section.end].strip())


def _silent_end(text: str, start: int, end: int, kind: str, *, headed: bool) -> int:
    """Where a silent section's own words end: at an organ's label ("LUNGS: clear"), and where no heading of findings
    follows at a blank line, at a line that ends its sentence, or at the first sentence where nothing else parts them.
    """
    label = _ORGAN_LABEL.search(text, start, end)
    end = label.start() if label else end
    if headed:
        return end
    first = next((at for at in range(start, end) if not text[at].isspace()), end)
    stop = _SILENT_STOP.search(text, first, end)
    if kind in _ONE_LINERS:
        line = _SHORT_LINE_END.search(text, first, stop.start() if stop else end)
        stop = line or stop
    if stop is None and (kind == "comparison" or (kind == "indication" and end == len(text))):
        stop = _SENTENCE_STOP.search(text, first, end)
    return stop.end() if stop else end


def _starts_line_or_sentence(text: str, head: re.Match[str]) -> bool:
    before = text[max(0, head.start() - 40) : head.start()].rstrip(" \t*#_")
    at_start = not before or before[-1] in "\n.;!?:" or head.start() == 0
    alone = head.end() == len(text) or text[head.end() - 1] != ":"
    if alone:
        return (not before or before[-1] == "\n") and (head["name"].isupper() or head["name"].istitle())
    return at_start or (head["name"].isupper() and len(head["name"]) >= _LONG_HEADING)


def split_sentences(text: str, section: Section) -> Iterator[Sentence]:
    """Sentences of a section, bullets and list numbers left out, longest `_MAX_SENTENCE` characters."""
    start = section.start
    signed = _SIGNED.search(text, section.start, section.end) is not None
    for match in _BREAK.finditer(text, section.start, section.end):
        if not _is_break(text, start, match):
            continue
        end = match.end() if match.group()[0] in ".!?;" else match.start()
        yield from _sentences(text, start, end, section.kind, signed=signed)
        start = match.end()
    yield from _sentences(text, start, section.end, section.kind, signed=signed)


def _is_break(text: str, start: int, match: re.Match[str]) -> bool:
    mark = match.group()
    if mark.strip()[:1] in _SEPARATORS:
        return mark.strip()[0] != "-" or bool(text[start : match.start()].strip(" \t/|"))  # "-- PTX" is a sign
    if mark == ".":
        before = text[max(start, match.start() - 12) : match.start()]
        return not _ABBREVIATION.search(before) and not (before.strip().isdigit() and len(before.strip()) <= 2)
    if mark[0] == "?" and (
        text[match.end() : match.end() + 1] == ")"
        or not text[start : match.start()].strip()
        or _QUERY.match(text, match.end())
    ):
        return False  # "? consolidation", "atelectasis, ? mucus plug"
    if mark != "\n" or _BULLET_START.match(text, match.end()) or _LABEL_LINE.match(text, match.end()):
        return True
    after = text[match.end() : match.end() + 2].lstrip()
    short = match.start() - max(text.rfind("\n", start, match.start()), start) < _SHORT_LINE
    return short and bool(after) and after[0].isupper() and text[match.start() - 1 : match.start()] not in {",", ""}


def _sentences(text: str, start: int, end: int, kind: str, *, signed: bool = False) -> Iterator[Sentence]:
    start = _after_bullet(text, start, end, signed=signed)
    while end > start and text[end - 1].isspace():
        end -= 1
    for piece in _cut(text, start, end):
        for statement in _statements(text, *piece):
            for part in _parts(text, *statement):
                first, last = _after_bullet(text, *part, signed=signed), part[1]
                while last > first and text[last - 1].isspace():
                    last -= 1
                if last > first:
                    yield Sentence(text=text[first:last], start=first, end=last, section=kind)


def _after_bullet(text: str, start: int, end: int, *, signed: bool) -> int:
    """Where the words begin; in signed notes ("+ effusion", "- PTX") a dash is no bullet."""
    bullet = (_SIGNED_BULLET if signed else _BULLET).match(text, start, end)
    return bullet.end() if bullet else start


def _statements(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A run-on text's statements; the whole where it has stops enough."""
    if end - start >= _RUN_ON and text.count(",", start, end) + text.count(";", start, end) <= (end - start) // _RUN_ON:
        for match in _STATEMENT.finditer(text, start + 1, end):
            if _LEADING_PLACE.match(text, start, match.start()):
                continue
            before = _LAST_WORD.search(text, max(start, match.start() - 20), match.start())
            if before is None or (before[1].lower() not in JOINING and before[1][-1:] not in (",", ":", ";")):
                yield start, match.start()
                start = match.start()
    yield start, end


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A telegram's statements, where the same sign parts most words twice or more: "no PTX - no eff - heart ok"."""
    for sign in _TELEGRAM_SIGNS if _ANY_SIGN.search(text, start, end) else ():
        signs = list(sign.finditer(text, start, end))
        edges = [start, *(edge for match in signs for edge in match.span()), end]
        parts = list(zip(edges[::2], edges[1::2], strict=True))
        worded = [len(text[first:last].split()) > 1 for first, last in parts if last > first]
        tight = sign is _TIGHT_SLASH  # "effusion/consolidation" is a list, "no PTX/ETT in place" are statements
        apart = all(worded) if tight or len(signs) == 1 else 2 * sum(worded) >= len(worded)
        # A single plus joins two findings, a single slash may: "scarring/subsegmental atelectasis".
        joins = sign is _PLUS or (tight and not text[start:end].isupper())
        if signs and apart and (len(signs) > 1 or (not joins and _is_telegram(text, start, end))):
            yield from ((first, last) for first, last in parts if last > first)
            return
    yield start, end


def _is_telegram(text: str, start: int, end: int) -> bool:
    """Whether the words are a note rather than a sentence: all in capitals, or without any small word of grammar."""
    return text[start:end].isupper() or not _GRAMMAR.search(text, start, end)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch in pieces of at most `_MAX_SENTENCE` characters, cut at white space."""
    while end - start > _MAX_SENTENCE:
        cut = text.rfind(" ", start + _MAX_SENTENCE // 2, start + _MAX_SENTENCE)
        cut = cut if cut > 0 else start + _MAX_SENTENCE
        yield start, cut
        start = cut
        while start < end and text[start].isspace():
            start += 1
    yield start, end
