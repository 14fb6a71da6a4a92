"""The folder of a mined archive: what is in it, whether it is finished, and the record of the run that made it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import casekin
from casekin.errors import InputError
from casekin.journeys.mining.cases import ReportIds
from casekin.journeys.mining.intake import Intake
from casekin.journeys.mining.reading import WorkFiles
from casekin.journeys.mining.tally import Tally
from casekin.reports.duplicates import THRESHOLD, DuplicateGroup
from casekin.reports.formats.files import WORK_FOLDER

_RECORD = "mine.json"
_RESULTS = frozenset(
    {
        _RECORD,
        "facts.jsonl",
        "qrels",
        "relevance.npz",
        "duplicates.jsonl",
        "bad_rows.jsonl",
        "radir",
        "card.html",
        "card.md",
    }
)
"""What a run writes, and a later one into the same folder replaces."""


def read_finished(out: Path, stamp: str) -> dict[str, Any] | None:
    """The record of a run that was finished with the same stamp and whose files are all as it left them."""
    try:
        record: dict[str, Any] = json.loads((out / _RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if record.get("stamp") != stamp:
        return None
    whole = all(_digest(out / name) == told for name, told in record["files"].items())
    return record if whole else None


def check_apart(source: Path, out: Path) -> None:
    """InputError where results would replace the source, or lie among its reports for the next run to read."""
    source, out = source.resolve(), out.resolve()
    if source == out:
        raise InputError(f"out: expected another folder than the source, got {out.name!r}; name one in it or beside it")
    inside = source.relative_to(out).parts if source.is_relative_to(out) else ()
    if inside and inside[0] in _RESULTS:
        raise InputError(f"out: results would replace the source, which lies in {inside[0]} there; name another --out")


def open_work(out: Path) -> WorkFiles:
    """The working files under `out`; facts of an earlier run are taken up again, its other results go."""
    folder = out / WORK_FOLDER
    if folder.is_dir():
        for name in _RESULTS - {"facts.jsonl"}:
            path = out / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise InputError(f"{out.name}: expected a folder to write to, got a file; name another --out") from None
    work = WorkFiles(journal=folder / "journal.jsonl", facts=folder / "facts.jsonl", sketches=folder / "sketches.bin")
    if (out / "facts.jsonl").exists():
        (out / "facts.jsonl").replace(work.facts)
    return work


def finish(out: Path, record: Mapping[str, Any], stamp: str) -> dict[str, Any]:
    """Write the record of a run, with the digest of everything else; the folder is finished from then on."""
    told = {**record, "files": digest_results(out), "stamp": stamp}
    write_lines(out / _RECORD, [told])
    return told


def duplicate_records(groups: Iterable[DuplicateGroup], ids: Sequence[ReportIds]) -> Iterator[dict[str, Any]]:
    for group in groups:
        leader = ids[group.leader]
        members = [
            {
                "report_id": ids[number].report_id,
                "similarity": share,
                "same_patient": ids[number].patient == leader.patient,
                "split": ids[number].split,
            }
            for number, share in zip(group.members, group.similarities, strict=True)
        ]
        yield {"report_id": leader.report_id, "split": leader.split, "near_duplicates": members}


def describe(
    intake: Intake,
    tally: Tally,
    groups: Sequence[DuplicateGroup],
    ids: Sequence[ReportIds],
    qrels: Mapping[str, Any],
) -> dict[str, Any]:
    """What `mine.json` tells of the run, but for options and file digests."""
    inside = [[ids[number] for number in (group.leader, *group.members)] for group in groups]
    stated = tally.facts + tally.unplaced
    return {
        "version": "1",
        "program": casekin.__version__,
        "format": intake.format.format,
        "format_reason": intake.format.reason,
        "reports": tally.reports,
        "bad_rows": len(intake.bad),
        "notes": intake.notes,
        "reports_without_statement": tally.silent,
        "readers": dict(sorted(tally.readers.items())),
        "fallbacks": dict(sorted(tally.fallbacks.items())),
        "facts": tally.facts,
        "implied_facts": tally.implied,
        "unplaced": tally.unplaced,
        "unplaced_share": tally.unplaced / stated if stated else 0.0,
        "splits": {
            split: {"reports": tally.splits[split], "patients": len(tally.patients.get(split, ()))}
            for split in ("train", "validation", "test")
        },
        "near_duplicates": {
            "threshold": THRESHOLD,
            "groups": len(groups),
            "reports": sum(len(group.members) for group in groups),
            "groups_across_patients": sum(len({report.patient for report in group}) > 1 for group in inside),
            "groups_across_splits": sum(len({report.split for report in group}) > 1 for group in inside),
        },
        "qrels": qrels["counts"],
        "ontology": qrels["ontology"],
        "labeller": qrels["labeller"],
    }


def digest_results(out: Path) -> dict[str, str]:
    """SHA-256 by path of every result under `out`, in order; of `mine.json`, which holds them, none."""
    paths = sorted(path for path in out.rglob("*") if path.is_file())
    names = [path.relative_to(out) for path in paths if path.name != _RECORD]
    return {name.as_posix(): _digest(out / name) for name in names if name.parts[0] in _RESULTS}


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def write_lines(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Write one JSON object a line; the file has its name only once it is whole."""
    partial_file = path.with_name(f".{path.name}.partial")
    with partial_file.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    partial_file.replace(path)
