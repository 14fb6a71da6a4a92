"""`casekin info`."""

from __future__ import annotations

from pathlib import Path

import click

from casekin.cli.index_type import INDEX, site_option
from casekin.cli.render import echo_json, json_option


@click.command(epilog="Example: casekin info my.index --check --json")
@click.argument("index", required=False, type=INDEX)
@click.option("--check", is_flag=True, help="Compare every row, vector and derived file with what was written.")
@click.option("--repair", is_flag=True, help="With --check: rebuild what is derived, put damaged cases in quarantine.")
@site_option
@json_option
def info(index: Path | str | None, check: bool, repair: bool, site: Path | None, as_json: bool) -> int:
    """Say what an index holds and whether it is sound; without an index, the shipped models and their licences.

    A check that finds damage ends with exit code 1, as does an audit log that isn't what was written. A case in
    quarantine is in no answer until its source is ingested again.
    """
    from casekin.models import load_card, load_encoder

    if (check or repair) and (index is None or not check):
        raise click.UsageError("--check needs an index, --repair needs --check")
    record: dict[str, object] = {}
    if index is not None:
        record = _describe(index, check=check, repair=repair)
        record |= _describe_audit(index, site)
    card = load_card("default")
    record["default_model"] = load_encoder("default").version
    record["licence_tiers"] = {"default": card.get("licence")}
    if as_json:
        echo_json(record)
    else:
        for name, value in record.items():
            click.echo(f"{name.replace('_', ' ')}: {value}")
    return 0 if {record.get("integrity", "ok"), record.get("audit_integrity", "ok")} == {"ok"} else 1


def _describe(index: Path | str, *, check: bool, repair: bool) -> dict[str, object]:
    from casekin.index import open_index
    from casekin.journeys.calibrate import describe_calibration

    with open_index(index) as handle:
        record: dict[str, object] = {}
        if check:
            report = handle.upkeep.check()
            record |= report.as_record()
            if repair and not report.is_sound:
                record["repaired"] = list(handle.upkeep.repair(report))
                record["integrity"] = handle.upkeep.check().as_record()["integrity"]
        record = {**handle.info(), "calibration": describe_calibration(handle), **record}
        if handle.quarantined():
            record["quarantined_cases"] = handle.quarantined()
        return record


def _describe_audit(index: Path | str, site: Path | None) -> dict[str, object]:
    """The audit log's part, where anything was recorded."""
    from casekin.journeys.audit import describe_audit

    return {f"audit_{name}": value for name, value in (describe_audit(index, site=site) or {}).items()}
