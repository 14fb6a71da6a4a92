"""Proving an index on a server sound: every digest against what the server holds, and no row that no case names."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from casekin.index.cluster.replica import Replica
from casekin.index.cluster.server import MOST_ROWS
from casekin.index.cluster.sweeping import waiting_images
from casekin.index.store.connection import transaction
from casekin.index.store.digests import digest_settings
from casekin.index.store.models import read_models
from casekin.index.store.schema import count_write, read_meta
from casekin.index.upkeep.check import CheckReport, put_in_quarantine
from casekin.index.upkeep.proof import find_damaged

_PAGE_CASES = 64
_HIGHEST = 2**40


def check_cluster(replica: Replica) -> CheckReport:
    """Read everything that the server holds and compare it with what was written."""
    with transaction(replica, "DEFERRED"):
        cases: dict[int, str] = {}
        for first, last in page_cases(replica):
            with replica.filled(images_between(replica, first, last), vectors=True, every_model=True):
                cases |= find_damaged(replica, first, last)
        same = read_meta(replica, "digest") == digest_settings(replica)
        tables = ("cases", "images", "embeddings")
        checked = sum(replica.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)
        return CheckReport(
            structure=(),
            words=(),
            settings=() if same else ("versions, models, highest numbers or quarantine are not what was written",),
            cases=cases,
            derived=tuple(f"{name}: {len(ids)} images of no case" for name, ids in _stray(replica)),
            unembedded=sum(model.missing for model in read_models(replica) if model.state == "active"),
            checked=checked,
        )


def repair_cluster(replica: Replica, report: CheckReport) -> tuple[str, ...]:
    """Put damaged cases into quarantine, delete what belongs to no case; returns what was done, one line each."""
    done: list[str] = []
    with transaction(replica):
        if report.derived:
            for name, ids in list(_stray(replica)):
                for start in range(0, len(ids), _PAGE_CASES):
                    replica.server.delete(name, f"image_id in {ids[start : start + _PAGE_CASES]}")
            done.append("rows of no case deleted")
        done += put_in_quarantine(replica, report)
        if report.settings:
            done.append("versions and models taken as they are: compare them with `casekin models`")
        count_write(replica)
    return tuple(done)


def page_cases(connection: sqlite3.Connection) -> Iterator[tuple[int, int]]:
    """First and last number of each page of cases, ascending."""
    numbers = [row[0] for row in connection.execute("SELECT case_no FROM cases ORDER BY case_no")]
    for start in range(0, len(numbers), _PAGE_CASES):
        page = numbers[start : start + _PAGE_CASES]
        yield page[0], page[-1]


def images_between(connection: sqlite3.Connection, first: int, last: int) -> list[int]:
    """Images of the cases with these numbers and those between."""
    query = "SELECT image_id FROM images WHERE case_no BETWEEN ? AND ?"
    return [row[0] for row in connection.execute(query, (first, last))]


def _stray(replica: Replica) -> Iterator[tuple[str, list[int]]]:
    """By collection, the images that no case has and that no sweep is about to delete."""
    known = {row[0] for row in replica.execute("SELECT image_id FROM images")}
    known |= waiting_images(replica.server, replica.head)
    for name in replica.server.collections():
        if name == replica.server.records:
            continue
        pages = replica.server.pages(
            name, "model_no >= 0", ["image_id"], along="image_id", first=1, last=_HIGHEST, most=MOST_ROWS
        )
        stray = {row["image_id"] for page in pages for row in page} - known
        if stray:
            yield name, sorted(stray)
