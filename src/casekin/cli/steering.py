"""How a search's answer is printed: hits by steps of the ladder, counter-evidence, board, what happened next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from casekin.cli.render import aligned, fact_words, hit_rows

Record = Mapping[str, Any]
_MOST_QUOTES = 3
_OUTCOMES = ("resolved", "improved", "stable", "progressed", "uncertain", "new")


def answer_text(answer: Record) -> str:
    """The whole answer in words and tables; parts that weren't asked for are left out."""
    parts = [_hits(answer)]
    parts += [_verdict(answer)] if answer["hits"] and answer["verdict_reason"] != "uncalibrated" else []
    parts += [_counter(answer["counter"])] if answer["counter"] else []
    parts += [_board(answer["board"])] if answer["board"] else []
    parts += [_follow_up(answer["follow_up"])] if answer["follow_up"] else []
    return "\n\n".join(parts)


def _hits(answer: Record) -> str:
    """The table of hits; where a step of the ladder begins, a line says where it looked."""
    hits = answer["hits"]
    if not hits:
        filtered = answer["query"]["filter"]
        return "no case passes the filter" if filtered else "no other patient's case to compare with in the index"
    head, *lines = aligned([("#", "score", "case", "region", "evidence"), *hit_rows(hits)])
    told = [head]
    for before, hit, line in zip([None, *hits], hits, lines, strict=False):
        if hit["step"] and (before is None or before["step"] != hit["step"]):
            told.append(
                f"-- not enough at {_words(hit['relaxed_from'])}; wider: {_where(answer['ladder'][hit['step']])}"
            )
        told.append(line)
    return "\n".join(told)


def _verdict(answer: Record) -> str:
    return f"{_words(answer['verdict'])}: {answer['verdict_reason']}"


def _where(step: Record) -> str:
    return _words(", ".join(step["at"] or step["with"]))


def _counter(counter: Record) -> str:
    about = ", ".join(map(_words, counter["findings"])) or "nothing found"
    lines = [f"Counter-evidence (the question: {about})"]
    for title, key in (("look alike, but state something else", "lookalikes"), ("nearest normals", "normals")):
        lines.append(f"  {title}:" + ("" if counter[key] else " none"))
        for hit in counter[key]:
            lines.append(f"    {hit['score']:.3f}  {hit['case_id']}")
            lines += [f"           {line}" for line in islice(_quotes(hit["evidence"]), _MOST_QUOTES)]
    return "\n".join(lines)


def _quotes(evidence: Sequence[Record]) -> Iterator[str]:
    """A fact and the sentence that states it, one of each sentence."""
    seen: set[str] = set()
    for fact in evidence:
        sentence = " ".join((fact["sentence"] or "").split())
        if sentence not in seen:
            seen.add(sentence)
            yield f'{fact_words(fact)}: "{sentence}"' if sentence else fact_words(fact)


def _board(board: Record) -> str:
    title = f"Findings {_at(board)} in the reports of the first {board['hits']} (archive: {board['archive']} reports)"
    head = ("finding", "present", "uncertain", "absent", "not stated", "share", "95 %", "archive", "lift")
    rows = [
        (
            _words(row["finding"]),
            *(_count(row[name]) for name in ("present", "uncertain", "absent", "not_stated")),
            _percent(row["share"]),
            "" if row["low"] is None else f"{_percent(row['low'])}-{_percent(row['high'])}",
            _percent(row["base"]),
            "" if row["lift"] is None else f"{row['lift']:.1f}x",
        )
        for row in board["rows"]
    ]
    return "\n".join([title, *(aligned([head, *rows]) if rows else ["none stated"])])


def _follow_up(told: Record) -> str:
    title = f"What happened next {_at(told)}: {told['followed']} of {told['hits']} patients have a later report"
    head = ("finding", "patients", *_OUTCOMES, "median days")
    rows = [
        (
            _words(row["finding"]),
            _count(row["patients"]),
            *(_count(row[name]) for name in _OUTCOMES),
            "" if row["median_days"] is None else f"{row['median_days']:.0f}",
        )
        for row in told["rows"]
    ]
    return "\n".join([title, *(aligned([head, *rows]) if rows else ["none speaks of the findings"])])


def _at(summary: Record) -> str:
    return f"at {_words(', '.join(summary['at']))}" if summary["at"] else "anywhere"


def _count(value: int | str | None) -> str:
    """A count, "<5", or "-" for one that would give another away."""
    return "-" if value is None else str(value)


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.0f} %"


def _words(name: str) -> str:
    return name.replace("_", " ")
