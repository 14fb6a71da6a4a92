"""What every command shares of showing results: one JSON document, a table, a progress bar on stderr."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click
from tqdm import tqdm

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout, nothing else there.")


def echo_json(record: Mapping[str, Any]) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(record, ensure_ascii=False))


@contextmanager
def progress_bar(what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A callback `(done, total)` that draws a bar on stderr."""
    with tqdm(desc=what, unit=unit, leave=False, disable=None) as bar:

        def update(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield update


def hit_rows(hits: Sequence[Mapping[str, Any]]) -> list[Sequence[str]]:
    """Rank, score, case, region and the most telling evidence of each hit."""
    rows: list[Sequence[str]] = []
    for hit in hits:
        region = hit["region"]
        place = "" if region is None else " ".join(filter(None, (region["side"], region["anatomy"].replace("_", " "))))
        rows.append((str(hit["rank"]), f"{hit['score']:.3f}", hit["case_id"], place, _evidence_line(hit)))
    return rows


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines with columns as wide as their widest cell."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _evidence_line(hit: Mapping[str, Any]) -> str:
    words = [fact_words(fact) for fact in hit["evidence"] if fact["polarity"] != "absent"][:3]
    against = [f"AGAINST: {fact_words(fact)}" for fact in hit["contradictions"][:1]]
    return "; ".join([*words, *against]) or "nothing stated there"


def fact_words(fact: Mapping[str, Any]) -> str:
    """A finding in a few words: uncertain consolidation (left lower lobe)."""
    place = " ".join(filter(None, (fact["side"], fact["anatomy"]))).replace("_", " ")
    polarity = "" if fact["polarity"] == "present" else f"{fact['polarity']} "
    return f"{polarity}{fact['finding'].replace('_', ' ')} ({place})"
