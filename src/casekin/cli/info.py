"""`casekin info`."""

from __future__ import annotations

from pathlib import Path

import click

from casekin.cli.render import echo_json, json_option


@click.command(epilog="Example: casekin info my.index --json")
@click.argument("index", required=False, type=click.Path(path_type=Path))
@json_option
def info(index: Path | None, as_json: bool) -> None:
    """Say what an index holds and whether it is sound; without an index, the shipped models and their licences."""
    from casekin.models import load_card, load_encoder

    record: dict[str, object] = {}
    if index is not None:
        from casekin.index import CaseIndex

        with CaseIndex(index) as handle:
            record = handle.info()
    card = load_card("default")
    record["default_model"] = load_encoder("default").version
    record["licence_tiers"] = {"default": card.get("licence")}
    if as_json:
        echo_json(record)
        return
    for name, value in record.items():
        click.echo(f"{name.replace('_', ' ')}: {value}")
