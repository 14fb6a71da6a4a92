"""mine: reports become facts, graded relevance and a data card; it goes on where it stopped, bad rows are listed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import casekin
from casekin import relevance
from casekin.evaluation.cards import data_set_card
from casekin.journeys.mining.card import write_card
from casekin.journeys.mining.cases import ReportIds, choose_queries, read_cases
from casekin.journeys.mining.intake import Intake, survey_source
from casekin.journeys.mining.radir import export_radir
from casekin.journeys.mining.reading import Progress, digest_files, package_files, rules_version, write_facts
from casekin.journeys.mining.results import (
    check_apart,
    describe,
    digest_results,
    duplicate_records,
    finish,
    open_work,
    read_finished,
    write_lines,
)
from casekin.journeys.mining.tally import Tally
from casekin.relevance import RelevanceTable, write_qrels
from casekin.reports import LikelyPolicy, ReportReader, read_report
from casekin.reports.duplicates import find_duplicates
from casekin.reports.server_reader import ReaderServer, check_server, read_by_server

_ASKED_AT_A_TIME = 4
"""Reports whose reading a crash may cost where a server reads them, which takes seconds each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MineOptions:
    """What changes a run's results.

    `likely_as`: what "likely" and its kin make of a finding. `queries`: cases of validation and of test that ask in
    `qrels/`, each at every place where it has a finding, and a fifth as many of train; None: as many as make a million
    pairs with their gallery, at least a hundred.
    `examples`: whether the card quotes sentences. `radir`: whether relevance is written in RadIR's layout, too.
    """

    likely_as: LikelyPolicy = "present"
    queries: int | None = None
    examples: bool = True
    radir: bool = False


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
    format, or without a usable report, where the source's own splits divide a patient, where `out` would replace the
    source, and for a server that doesn't answer.
    """
    options = options or MineOptions()
    check_apart(source, out)
    intake = survey_source(source, format, chunk_reports=_ASKED_AT_A_TIME if server else None)
    version = f"casekin {casekin.__version__} {rules_version()} likely={options.likely_as}"
    version += f" server={server.model}" if server else ""
    stamp = _stamp(intake, options, version)
    bad_rows = tuple(row.as_record() for row in intake.bad)
    finished = read_finished(out, stamp)
    if finished is not None:
        return MineResult(out=out, record=finished, bad_rows=bad_rows)
    reader = _choose_reader(options, server)
    work = open_work(out)
    write_facts(source, intake, work, reader=reader, version=version, processes=processes, progress=progress)
    tally = Tally()
    ids: list[ReportIds] = []
    table = RelevanceTable.build(read_cases(work.facts, intake, tally, ids))
    splits = {report.case_id: report.split for report in reversed(ids)}
    groups = find_duplicates(work.sketches.read_bytes())
    queries, twins = choose_queries(table, splits, groups, ids, options.queries)
    notes = {
        "split": "by patient",
        "reader": version,
        "program": casekin.__version__,
        "queries": options.queries,
        "not_asking_for_a_twin_in_another_split": twins,
    }
    qrels = write_qrels(table, out / "qrels", splits=splits, queries=queries, notes=notes)
    table.save(out / "relevance.npz")
    write_lines(out / "duplicates.jsonl", duplicate_records(groups, ids))
    write_lines(out / "bad_rows.jsonl", bad_rows)
    if options.radir:
        export_radir(source, intake, table, splits, out / "radir")
    work.facts.replace(out / "facts.jsonl")
    record = describe(intake, tally, groups, ids, qrels) | {"options": asdict(options), "reader": version}
    digests = {name: digest for name, digest in digest_results(out).items() if not name.startswith("radir/")}
    write_card(out, record | {"digests": digests}, bad_rows, tally, examples=options.examples)
    return MineResult(out=out, record=finish(out, record, stamp), bad_rows=bad_rows)


def _choose_reader(options: MineOptions, server: ReaderServer | None) -> ReportReader:
    """The rules, or a server that was seen to answer."""
    if server is None:
        return partial(read_report, likely_as=options.likely_as)
    return partial(read_by_server, server=check_server(server), likely_as=options.likely_as)


def _stamp(intake: Intake, options: MineOptions, version: str) -> str:
    """One name for everything that the results depend on: source, options, and the code that makes them."""
    own = Path(__file__).parent
    shown = [*own.glob("templates/card.*"), Path(str(data_set_card.__file__))]
    program = digest_files([*own.glob("mine*.py"), *shown, *package_files(relevance)])
    given = sorted(intake.given.items())
    parts = [version, program, intake.format.format, intake.format.reason, intake.chunks, given, intake.notes]
    return hashlib.sha256(json.dumps([*parts, repr(options), repr(intake.bad)]).encode()).hexdigest()
