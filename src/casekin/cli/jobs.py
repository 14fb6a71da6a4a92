"""`casekin jobs`."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casekin.cli.index_type import INDEX
from casekin.cli.render import aligned, echo_json, json_option

if TYPE_CHECKING:
    from casekin.site.jobs import Job, Jobs

_index_option = click.option("--index", required=True, type=INDEX, help="Index: a folder, or milvus://HOST:PORT/NAME.")
_site_option = click.option(
    "--site", type=click.Path(path_type=Path), help="State folder [default: the folder site inside the index]."
)


@click.group()
def jobs() -> None:
    """What a service was asked to do on an index: ingests, calibrations, backups, checks."""


@jobs.command("list", epilog="Example: casekin jobs list --index my.index")
@_index_option
@_site_option
@json_option
def show(index: Path | str, site: Path | None, as_json: bool) -> None:
    """List jobs, the newest first."""
    found = [job.as_record() for job in _jobs(index, site).newest()]
    if as_json:
        echo_json({"jobs": found})
        return
    rows = [(job["job_id"], job["kind"], job["state"], _share(job), job["created_at"]) for job in found]
    for line in aligned([("job", "kind", "state", "done", "asked for"), *rows]):
        click.echo(line)


@jobs.command(epilog="Example: casekin jobs cancel --index my.index 0f3a5c7e9b1d2468")
@_index_option
@_site_option
@click.argument("job_id")
@json_option
def cancel(index: Path | str, site: Path | None, job_id: str, as_json: bool) -> None:
    """Stop a job: at once while it waits, after the case at hand where it runs. What it has done stays done."""
    _change(_jobs(index, site).cancel, job_id, as_json, wanted="a job")


@jobs.command(epilog="Example: casekin jobs retry --index my.index 0f3a5c7e9b1d2468")
@_index_option
@_site_option
@click.argument("job_id")
@json_option
def retry(index: Path | str, site: Path | None, job_id: str, as_json: bool) -> None:
    """Let a job that failed be done once more."""
    _change(_jobs(index, site).retry, job_id, as_json, wanted="a job that failed")


@jobs.command(epilog="Example: casekin jobs work --index my.index")
@_index_option
@_site_option
@click.option("--model", default="default", show_default=True, help="Encoder name, or path of a model card.")
@click.option(
    "--workers", type=click.IntRange(1, 65536), help="Processes that decode and encode [default: processors]."
)
@click.option("--linger", "linger_s", default=0.0, help="Seconds to wait for further jobs after the last.")
@json_option
def work(index: Path | str, site: Path | None, model: str, workers: int | None, linger_s: float, as_json: bool) -> None:
    """Do every job that waits, then end; what a running service starts by itself.

    One works at a time on an index. Killed, the next goes on where it stopped.
    """
    from casekin.journeys.jobs import work_off
    from casekin.settings import read_settings

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service that stops puts the job back
    processes = workers or read_settings().workers
    ended = work_off(index, _jobs(index, site), model=model, workers=processes, linger_s=linger_s)
    if as_json:
        echo_json({"ended": ended})
    else:
        click.echo(f"{ended} jobs ended")


def _jobs(index: Path | str, site: Path | None) -> Jobs:
    from casekin.site.books import Books, site_folder
    from casekin.site.jobs import Jobs

    return Jobs(Books(site_folder(index, site)))


def _change(change: Callable[[str], Job | None], job_id: str, as_json: bool, *, wanted: str) -> None:
    job = change(job_id)
    if job is None:
        raise click.ClickException(f"jobs: expected {wanted}, got none of that name; see casekin jobs list")
    record = job.as_record()
    if as_json:
        echo_json(record)
    else:
        click.echo(f"{record['job_id']} {record['kind']} {record['state']}")


def _share(job: dict[str, Any]) -> str:
    return "" if job["total"] is None else f"{job['done']} of {job['total']}"
