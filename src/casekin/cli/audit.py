"""`casekin audit`."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from casekin.cli.index_type import INDEX, site_option
from casekin.cli.render import aligned, echo_json, json_option

_TIME = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])


@click.command(epilog="Example: casekin audit my.index --since 2026-05-01 --case study-17")
@click.argument("index", type=INDEX)
@site_option
@click.option("--since", type=_TIME, help="Records from this day or time (UTC).")
@click.option("--until", type=_TIME, help="Records before this day or time (UTC).")
@click.option("--subject", help="Records of what this person or program did.")
@click.option("--event", help="Records of one event, such as view, search, draft, export, erasure.")
@click.option("--case", "case_id", metavar="ID", help="Records about this case.")
@click.option("--last", type=click.IntRange(1), help="The last so many of them. [default: all]")
@click.option("--fhir", is_flag=True, help="Print a FHIR R4 Bundle of AuditEvents instead.")
@click.option(
    "--head", "heads", is_flag=True, help="Print the last record's number and digest instead, to keep elsewhere."
)
@click.option("--prove", "proves", is_flag=True, help="Prove the log instead: exit code 1 where it was tampered with.")
@click.option("--kept", multiple=True, metavar="SEQ:DIGEST", help="With --prove: a head that was kept elsewhere.")
@click.option(
    "--expire", type=click.IntRange(0), metavar="YEARS", help="Move what is older into the file --out instead."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="With --expire: a new JSON Lines file.")
@json_option
def audit(
    index: Path | str,
    site: Path | None,
    since: datetime.datetime | None,
    until: datetime.datetime | None,
    subject: str | None,
    event: str | None,
    case_id: str | None,
    last: int | None,
    fhir: bool,
    heads: bool,
    proves: bool,
    kept: tuple[str, ...],
    expire: int | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Say who saw, searched, drafted, exported, changed or was refused what at an index; prove that record.

    A head that is kept where nobody who can change the log can change it proves, with --prove --kept, that all before
    it is as it was and nothing after it was cut off. Records are kept for 6 years where nothing else is decided.
    """
    from casekin.journeys.audit import expire_audit, export_audit, prove_audit, read_audit, read_head
    from casekin.site.audit import AuditFilter

    if sum((fhir, heads, proves, expire is not None)) > 1:
        raise click.UsageError("give one of --fhir, --head, --prove, --expire")
    if (kept and not proves) or (out is None) != (expire is None):
        raise click.UsageError("--kept needs --prove; --expire and --out go together")
    if heads:
        head = str(read_head(index, site=site))
        echo_json({"head": head}) if as_json else click.echo(head)
        return 0
    if proves:
        proof = prove_audit(index, kept=kept, site=site)
        return _tell_proof(proof.records, str(proof.head), proof.problems, as_json=as_json)
    if expire is not None and out is not None:
        count = expire_audit(index, before=_years_ago(expire), out=out, site=site)
        echo_json({"expired": count}) if as_json else click.echo(f"{count} records expired")
        return 0
    chosen = AuditFilter(since=_iso(since), until=_iso(until), subject=subject, event=event, case_id=case_id)
    if fhir:
        echo_json(export_audit(index, chosen, last=last, site=site))
        return 0
    records = [record.as_record() for record in read_audit(index, chosen, last=last, site=site)]
    if as_json:
        echo_json({"records": records})
    elif records:
        columns = ("time", "subject", "event", "route", "status")
        rows = [[str(record[name]) for name in columns] + [" ".join(record["objects"])] for record in records]
        click.echo("\n".join(aligned([[*columns, "cases"], *rows])))
    return 0


def _tell_proof(records: int, head: str, problems: tuple[str, ...], *, as_json: bool) -> int:
    if as_json:
        echo_json({"records": records, "head": head, "problems": list(problems)})
    else:
        for problem in problems:
            click.echo(problem)
        click.echo(f"{records} records up to {head}: {'damaged' if problems else 'as they were written'}")
    return 1 if problems else 0


def _years_ago(years: int) -> datetime.datetime:
    now = datetime.datetime.now(datetime.UTC)
    day = 28 if (now.month, now.day) == (2, 29) else now.day
    return now.replace(year=now.year - years, day=day)


def _iso(time: datetime.datetime | None) -> str | None:
    return None if time is None else time.isoformat(timespec="milliseconds")
