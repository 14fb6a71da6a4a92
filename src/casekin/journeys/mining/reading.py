"""Reports → `facts.jsonl`, chunk by chunk in several processes, with a journal that lets an interrupted run go on.

The file grows in the order of the source. The journal names every finished chunk by its content, so that a second run
keeps the longest stretch that is unchanged, and reads the rest.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from casekin import anatomy, findings, reports
from casekin.errors import InputError
from casekin.journeys.mining.intake import Intake, chunk_digest, chunked, unique_reports
from casekin.journeys.processes import run_in_order
from casekin.reports import ReadReport, ReportReader
from casekin.reports.duplicates import SKETCH_BYTES, sketch
from casekin.reports.formats import LOADERS, SourceReport
from casekin.types import Fact, Place

Progress = Callable[[int, int], None]
ChunkJob = tuple[list[SourceReport], list[str]]
"""Reports of a chunk, and the split of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFiles:
    """What a run keeps beside its results: a journal, and the facts and sketches that it speaks of."""

    journal: Path
    facts: Path
    sketches: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadChunk:
    """The number of a chunk's reports, their lines, and their sketches, `SKETCH_BYTES` each."""

    reports: int
    lines: bytes
    sketches: bytes


@lru_cache(maxsize=1)
def rules_version() -> str:
    """A name for everything that facts depend on besides the text: code and words of the reader and both ontologies."""
    files = [path for package in (reports, anatomy, findings) for path in package_files(package)]
    return f"rules-{digest_files(files)[:12]}"


def package_files(package: ModuleType) -> list[Path]:
    """Code and data of a package; those of packages inside it aren't."""
    folder = Path(str(package.__file__)).parent
    return [path for path in folder.iterdir() if path.suffix in (".py", ".json")]


def digest_files(paths: Iterable[Path]) -> str:
    """SHA-256 over names and contents of files, wherever they are installed."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.parent.name}/{path.name}".encode() + path.read_bytes())
    return digest.hexdigest()


def write_facts(
    source: Path,
    intake: Intake,
    work: WorkFiles,
    *,
    reader: ReportReader,
    version: str,
    processes: int,
    progress: Progress | None,
) -> None:
    """Make `work.facts` hold a line for every report of the source, reading only what the journal doesn't know."""
    # Splits stand in every line: where the source's own change, nothing that was read stands.
    given = hashlib.sha256(json.dumps(sorted(intake.given.items())).encode()).hexdigest()[:12]
    head = {"version": version, "given": given}
    done = _resume(intake, work, head)
    finished = sum(done)
    mode = "ab" if done else "wb"
    with work.facts.open(mode) as facts, work.sketches.open(mode) as sketches, work.journal.open(mode) as journal:
        if not done:
            journal.write(json.dumps(head).encode() + b"\n")
        chunks = run_in_order(
            _jobs(source, intake, skip=len(done)),
            read_chunk,
            processes=1 if len(intake.chunks) == 1 else processes,
            start=start_worker,
            given=(reader, version),
        )
        for number, read in enumerate(chunks, start=len(done)):
            for file, data in ((facts, read.lines), (sketches, read.sketches)):
                file.write(data)
                file.flush()
            entry = {
                "chunk": intake.chunks[number],
                "reports": read.reports,
                "bytes": len(read.lines),
                "crc": zlib.crc32(read.lines),
            }
            journal.write(json.dumps(entry).encode() + b"\n")
            journal.flush()
            finished += read.reports
            if progress is not None:
                progress(finished, intake.reports)


def _resume(intake: Intake, work: WorkFiles, head: dict[str, str]) -> list[int]:
    """Cut the files after the last chunk that is whole and unchanged; the numbers of reports of those kept."""
    kept: list[int] = []
    journal: list[dict[str, Any]] = []
    if not (work.journal.exists() and work.facts.exists() and work.sketches.exists()):
        return kept
    for line in work.journal.read_bytes().split(b"\n")[:-1]:
        try:
            journal.append(json.loads(line))
        except ValueError:
            break
    if not journal or journal[0] != head:
        return kept
    end = 0
    with work.facts.open("rb") as facts:
        for known, entry in zip(intake.chunks, journal[1:], strict=False):
            whole = known == entry.get("chunk") and zlib.crc32(facts.read(entry["bytes"])) == entry["crc"]
            if not whole or work.sketches.stat().st_size < (sum(kept) + entry["reports"]) * SKETCH_BYTES:
                break
            kept.append(entry["reports"])
            end += entry["bytes"]
    for path, length in ((work.facts, end), (work.sketches, sum(kept) * SKETCH_BYTES)):
        with path.open("r+b") as file:
            file.truncate(length)
    lines = [json.dumps(entry).encode() + b"\n" for entry in journal[: 1 + len(kept)]]
    work.journal.write_bytes(b"".join(lines))
    return kept


def _jobs(source: Path, intake: Intake, *, skip: int) -> Iterator[ChunkJob]:
    """The source's chunks after the first `skip`; a source is read again rather than kept in memory."""
    if skip == len(intake.chunks):
        return
    rows = LOADERS[intake.format.format](source)
    number = 0
    unique = unique_reports(rows, bad=[], notes=Counter())
    for number, chunk in enumerate(chunked(unique, intake.chunk_reports), start=1):
        if intake.chunks[number - 1 : number] != (chunk_digest(chunk),):
            break
        if number > skip:
            yield chunk, [intake.split(report) for report in chunk]
    else:
        if number == len(intake.chunks):
            return
    raise InputError(f"{source.name}: changed while it was read; mine it again, what was read is kept")


_worker: dict[str, Any] = {}
"""The reader of this process and its version, set once by `start_worker`."""


def start_worker(reader: ReportReader, version: str) -> None:
    """Give this process its reader."""
    _worker["reader"], _worker["version"] = reader, version


def read_chunk(job: ChunkJob) -> ReadChunk:
    """Read a chunk's reports with this process's reader."""
    chunk, splits = job
    lines = [json.dumps(_line(report, split), ensure_ascii=False) for report, split in zip(chunk, splits, strict=True)]
    text = "".join(f"{line}\n" for line in lines)
    return ReadChunk(
        reports=len(chunk),
        lines=text.encode("utf-8", "backslashreplace"),
        sketches=b"".join(sketch(report.text) for report in chunk),
    )


def _line(report: SourceReport, split: str) -> dict[str, Any]:
    """One line of `facts.jsonl`: the contract's fields, then what else is known."""
    told: dict[str, Any]
    if report.facts is None:
        read: ReadReport = _worker["reader"](report.text)
        told = {
            "facts": [fact.as_record() for fact in read.facts],
            "normal_anatomies": _places(read.normal_anatomies),
            "implied": [_implied(fact) for fact in read.implied],
            "unplaced": [
                {"finding": found.finding, "polarity": found.polarity, "sentence": found.sentence, "span": found.span}
                for found in read.unplaced
            ],
            "reader": read.reader,
            "fallback": read.fallback,
        }
        note = "; read by the rules" if read.fallback else ""
    else:
        told = {
            "facts": [fact.as_record() for fact in report.facts],
            "normal_anatomies": _places(report.normal),
            "implied": [],
            "unplaced": [{"label": name} for name in report.unplaced],
            "reader": "source",
            "fallback": None,
        }
        note = "; labels of the source"
    ids = {name: getattr(report, name) for name in ("report_id", "case_id", "patient_id", "patient_group")}
    known = {name: value for name, value in ids.items() if value is not None}
    text = {"report": report.text} if report.composed else {}
    noted = {"encoding": report.encoding} if report.encoding else {}
    line = {**known, "split": split, **told, **text, **noted, "version": _worker["version"] + note}
    return {**line, **{name: value for name, value in report.extra.items() if name not in line}}


def _implied(fact: Fact) -> dict[str, Any]:
    """An absence that a normal statement implies: it has no severity, size or change."""
    record = fact.as_record()
    return {name: record[name] for name in ("finding", "anatomy", "side", "polarity", "sentence", "span")}


def _places(places: tuple[Place, ...]) -> list[dict[str, str | None]]:
    return [{"anatomy": place.anatomy, "side": place.side} for place in places]
