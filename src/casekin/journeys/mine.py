"""mine: reports become facts, graded relevance and a data card; it goes on where it stopped, bad rows are listed."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import casekin
from casekin.errors import InputError
from casekin.journeys.mine_card import write_card
from casekin.journeys.mine_duplicates import THRESHOLD, DuplicateGroup, find_duplicates
from casekin.journeys.mine_intake import Intake, encode_key, survey_source
from casekin.journeys.mine_radir import export_radir
from casekin.journeys.mine_reading import Progress, WorkFiles, rules_version, write_facts
from casekin.journeys.mine_tally import Tally
from casekin.relevance import CaseFindings, RelevanceTable, write_qrels
from casekin.relevance.trec import Split
from casekin.reports import LikelyPolicy, ReportReader, read_report
from casekin.reports.server_reader import ReaderServer, check_server, read_by_server
from casekin.types import Fact, Place

QUERIES = 100
"""Cases of validation and of test that ask by default; each asks at every place where it has a finding."""
_TRAIN_SHARE = 5
"""A fifth as many ask of train: its gallery is that much larger, and training draws from `relevance.npz`."""
_WORK = ".mine"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class MineOptions:
    """What changes a run's results.

    `likely_as`: what "likely" and its kin make of a finding. `queries`: cases of validation and of test that ask in
    `qrels/`, and a fifth as many of train.
    `examples`: whether the card quotes sentences. `radir`: whether relevance is written in RadIR's layout, too.
    """

    likely_as: LikelyPolicy = "present"
    queries: int = QUERIES
    examples: bool = True
    radir: bool = False


class ReportIds(NamedTuple):
    """What a line of `facts.jsonl` is called: the report, its case in qrels, the patient for exclusion, the split."""

    report_id: str
    case_id: str
    patient: str
    split: Split


@dataclass(frozen=True, slots=True, kw_only=True)
class MineResult:
    """What a mining did: `record` is the content of `mine.json`, `bad_rows` what was listed in `bad_rows.jsonl`."""

    out: Path
    record: Mapping[str, Any]
    bad_rows: tuple[Mapping[str, Any], ...]

    def as_record(self) -> dict[str, Any]:
        return {"out": str(self.out), **self.record}


def mine_reports(
    source: Path,
    *,
    out: Path,
    format: str = "auto",
    options: MineOptions | None = None,
    server: ReaderServer | None = None,
    processes: int = 1,
    progress: Progress | None = None,
) -> MineResult:
    """Read the reports of `source` into the folder `out`: facts, qrels, near-duplicates, bad rows, data card.

    `format` is `auto` or a name of `casekin.reports.formats.LOADERS`. Interrupted at any point, the same call goes on
    where it stopped; done already, it does nothing. The result's bytes depend on the source and the options alone.
    With a `server` its model reads the reports, which leave the process for it, and the rules those that it fails at;
    then the bytes depend on what it answers, too. Raises `InputError` for a source that isn't there, of no known
    format, or without a usable report, where the source's own splits divide a patient, and for a server that doesn't
    answer.
    """
    options = options or MineOptions()
    intake = survey_source(source, format)
    version = f"casekin {casekin.__version__} {rules_version()} likely={options.likely_as}"
    version += f" server={server.model}" if server else ""
    stamp = _stamp(intake, options, version)
    bad_rows = tuple(row.as_record() for row in intake.bad)
    finished = _finished(out, stamp)
    if finished is not None:
        return MineResult(out=out, record=finished, bad_rows=bad_rows)
    reader = _choose_reader(options, server)
    work = _open_work(out)
    write_facts(source, intake, work, reader=reader, version=version, processes=processes, progress=progress)
    tally = Tally()
    ids: list[ReportIds] = []
    table = RelevanceTable.build(_cases(work.facts, intake, tally, ids))
    splits = {report.case_id: report.split for report in reversed(ids)}
    groups = find_duplicates(work.sketches)
    queries = _choose_queries(table, splits, groups, ids, options.queries)
    notes = {"split": "by patient", "reader": version, "program": casekin.__version__, "queries": options.queries}
    qrels = write_qrels(table, out / "qrels", splits=splits, queries=queries, notes=notes)
    table.save(out / "relevance.npz")
    _write_lines(out / "duplicates.jsonl", _duplicate_records(groups, ids))
    _write_lines(out / "bad_rows.jsonl", bad_rows)
    if options.radir:
        export_radir(source, intake, table, splits, out / "radir")
    work.facts.replace(out / "facts.jsonl")
    record = _record(out, intake, tally, groups, ids, qrels) | {"options": asdict(options), "reader": version}
    write_card(out, record, bad_rows, tally, examples=options.examples)
    record = {name: value for name, value in record.items() if name != "digests"}
    record |= {"files": _digests(out), "stamp": stamp}
    _write_lines(out / _RECORD, [record])
    return MineResult(out=out, record=record, bad_rows=bad_rows)


def _choose_reader(options: MineOptions, server: ReaderServer | None) -> ReportReader:
    """The rules, or a server that was seen to answer."""
    if server is None:
        return partial(read_report, likely_as=options.likely_as)
    return partial(read_by_server, server=check_server(server), likely_as=options.likely_as)


def _stamp(intake: Intake, options: MineOptions, version: str) -> str:
    """One name for everything that the results depend on."""
    given = sorted(intake.given.items())
    parts = [version, intake.format.format, intake.format.reason, intake.chunks, given, repr(options), repr(intake.bad)]
    return hashlib.sha256(json.dumps([*parts, intake.notes], ensure_ascii=True).encode()).hexdigest()


def _finished(out: Path, stamp: str) -> dict[str, Any] | None:
    """The record of a run that was finished with the same stamp and whose files are all as it left them."""
    try:
        record: dict[str, Any] = json.loads((out / _RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if record.get("stamp") != stamp:
        return None
    whole = all(_digest(out / name) == told for name, told in record["files"].items())
    return record if whole else None


def _open_work(out: Path) -> WorkFiles:
    """The working files under `out`; facts of an earlier run are taken up again, its other results go."""
    folder = out / _WORK
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


def _cases(path: Path, intake: Intake, tally: Tally, ids: list[ReportIds]) -> Iterator[CaseFindings]:
    """Every case once; reports are counted into `tally` and named in `ids` on the way.

    Cases of several reports come last, their facts joined.
    """
    joined: dict[str, CaseFindings] = {}
    with path.open(encoding="utf-8") as lines:
        for text in lines:
            line = json.loads(text)
            tally.add(line)
            case = _case(line)
            ids.append(ReportIds(line["report_id"], case.case_id, case.patient, line["split"]))
            if case.case_id not in intake.shared_cases:
                yield case
                continue
            first = joined.setdefault(case.case_id, case)
            if first is not case:
                joined[case.case_id] = replace(
                    first,
                    facts=first.facts + case.facts,
                    normal_anatomies=first.normal_anatomies + case.normal_anatomies,
                )
    yield from joined.values()


def _case(line: Mapping[str, Any]) -> CaseFindings:
    return CaseFindings(
        case_id=encode_key(line.get("case_id") or line["report_id"]),
        patient=line.get("patient_group") or line.get("patient_id") or line["report_id"],
        facts=tuple(
            Fact(
                finding=fact["finding"],
                anatomy=fact["anatomy"],
                side=fact["side"],
                polarity=fact["polarity"],
                severity=fact["severity"],
            )
            for fact in line["facts"]
        ),
        normal_anatomies=tuple(Place(anatomy=at["anatomy"], side=at["side"]) for at in line["normal_anatomies"]),
    )


def _choose_queries(
    table: RelevanceTable,
    splits: Mapping[str, Split],
    groups: Iterable[DuplicateGroup],
    ids: Sequence[ReportIds],
    most: int,
) -> dict[Split, list[str]]:
    """Cases with a finding, up to `most` of validation and of test, chosen by a hash of their id, in the table's order.

    A case of validation or test whose report has a near-duplicate in another split doesn't ask: its answer may have
    been learnt by heart.
    """
    twins = set()
    for group in groups:
        members = [ids[number] for number in (group.leader, *group.members)]
        if len({member.split for member in members}) > 1:
            twins |= {member.case_id for member in members if member.split != "train"}
    chosen: dict[Split, list[str]] = {"train": [], "validation": [], "test": []}
    for number in table.abnormal(None).tolist():
        case_id = table.case_ids[number]
        if case_id not in twins:
            chosen[splits[case_id]].append(case_id)
    for split, cases in chosen.items():
        count = -(-most // _TRAIN_SHARE) if split == "train" else most
        drawn = set(sorted(cases, key=lambda case: hashlib.sha256(case.encode()).digest())[:count])
        chosen[split] = [case for case in cases if case in drawn]
    return chosen


def _duplicate_records(groups: Iterable[DuplicateGroup], ids: Sequence[ReportIds]) -> Iterator[dict[str, Any]]:
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


def _record(
    out: Path,
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
        "digests": _digests(out),
    }


def _digests(out: Path) -> dict[str, str]:
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


def _write_lines(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Write one JSON object a line; the file has its name only once it is whole."""
    partial_file = path.with_name(f".{path.name}.partial")
    with partial_file.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    partial_file.replace(path)
