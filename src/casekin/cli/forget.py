"""`casekin forget`."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from casekin.cli.index_type import INDEX, site_option
from casekin.cli.render import echo_json, json_option


@click.command(epilog="Example: casekin forget --index my.index --patient 4711")
@click.option("--index", required=True, type=INDEX, help="Index: a folder, or milvus://HOST:PORT/NAME.")
@click.option("--patient", "patients", multiple=True, metavar="ID", help="Erase a patient, by the archive's own id.")
@click.option("--case", "case_ids", multiple=True, metavar="ID", help="Erase a case.")
@click.option("--where", metavar="EXPR", help="Erase the cases that match, as in `casekin search`.")
@click.option(
    "--ingested-before",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Erase what came before this day (UTC).",
)
@site_option
@click.option("--dry-run", is_flag=True, help="Say what would be erased, and erase nothing.")
@json_option
def forget(
    index: Path | str,
    patients: tuple[str, ...],
    case_ids: tuple[str, ...],
    where: str | None,
    ingested_before: datetime.datetime | None,
    site: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Erase cases for good: from rows, words, vectors, log, free pages, derived files and snapshots.

    The state folder loses them too: kept image files, collections, votes, searches, jobs' lists, reports that arrived,
    uploads, names in the audit log. A record of it, with nothing of a patient in it, is kept there and printed.

    What several options name is erased together. The file is written anew, which takes as much room again. Backups
    are not touched: the answer says which still hold a case; the next `casekin backup --keep 1` drops it there. An
    erasure that was interrupted is finished by the same command, or by one that names nothing.
    """
    from casekin.journeys.upkeep import NOT_REACHED, forget_cases

    summary = forget_cases(
        index,
        patients=patients,
        case_ids=case_ids,
        where=where,
        ingested_before=None if ingested_before is None else ingested_before.date(),
        dry_run=dry_run,
        site=site,
    )
    if as_json:
        echo_json(summary.as_record())
        return
    for case_id in summary.cases:
        click.echo(case_id)
    click.echo(f"{len(summary.cases)} cases {'erased' if summary.erased else 'would be erased'}")
    if summary.proof is not None:
        removed = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in summary.proof["removed"].items())
        click.echo(f"with them {removed}; record {summary.proof['digest']}")
    for place, held in summary.backups.items():
        told = held if held == NOT_REACHED else f"still held by the states {', '.join(held)}"
        click.echo(f"backup {place}: {told}", err=True)
