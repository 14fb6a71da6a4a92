"""`casekin ingest`."""

from __future__ import annotations

import hashlib
import shutil
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casekin.cli.index_type import INDEX, SOURCE, site_option
from casekin.cli.render import echo_json, json_option, progress_bar

if TYPE_CHECKING:
    from casekin.imaging.deidentify.words import BurnedIn

_WARNINGS = 20
"""Odd films that are named, one a line."""


@click.command(epilog="Example: casekin ingest archive/ --index my.index --reports reports.jsonl")
@click.argument("paths", nargs=-1, required=True, type=SOURCE)
@click.option(
    "--index", required=True, type=INDEX, help="Index, made where absent: a folder, or milvus://HOST:PORT/NAME."
)
@click.option("--model", default="default", show_default=True, help="Encoder name, or path of a model card.")
@click.option(
    "--reports",
    type=SOURCE,
    help="Reports to join: JSON Lines, HL7, FHIR or DICOM SR; a file or folder, or a FHIR server's address.",
)
@click.option(
    "--workers", type=click.IntRange(1, 65536), help="Processes that decode and encode [default: processors]."
)
@click.option(
    "--shards",
    type=click.Path(path_type=Path),
    help="Encode by Ray on many machines; this folder, which all of them see, holds what is on the way to the index.",
)
@click.option("--address", help="The Ray cluster, `auto` for this machine's [default: one on this machine alone].")
@click.option(
    "--query", multiple=True, metavar="KEYWORD=VALUE", help="Which studies of a DICOMweb server; may be repeated."
)
@click.option("--keep-images", is_flag=True, help="Keep de-identified copies of the files, for the viewer and exports.")
@click.option(
    "--burned-in",
    type=click.Choice(["mask", "refuse", "keep"]),
    default="mask",
    show_default=True,
    help="With --keep-images: paint over words in pixels, leave such images out, or don't look.",
)
@site_option
@json_option
def ingest(
    paths: tuple[Path | str, ...],
    index: Path | str,
    model: str,
    reports: Path | str | None,
    workers: int | None,
    shards: Path | None,
    address: str | None,
    query: tuple[str, ...],
    keep_images: bool,
    burned_in: BurnedIn,
    site: Path | None,
    as_json: bool,
) -> None:
    """Put images (DICOM, PNG, JPEG, NIfTI), folders, manifests, or the studies of a DICOMweb server into an index.

    Interrupted, the same command goes on where it stopped. A bad file is listed and the rest goes in. A server is named
    by its address, such as https://pacs/dicom-web, and signed in to by CASEKIN_DICOMWEB_TOKEN, or _USER and _PASSWORD;
    a FHIR server likewise by CASEKIN_FHIR_TOKEN, such as --reports https://ris/fhir/DiagnosticReport?issued=ge2026.
    """
    if address is not None and shards is None:
        raise click.UsageError("--address needs --shards, a folder that all machines see")
    from casekin.index import open_index
    from casekin.journeys.calibrate import advise_calibration
    from casekin.journeys.ingest import ingest_cases
    from casekin.journeys.ingesting.cluster import Cluster
    from casekin.journeys.ingesting.keeping import Keeping
    from casekin.settings import read_settings
    from casekin.site.books import site_folder

    is_remote = bool(query) or any(isinstance(source, str) for source in (*paths, reports))
    folder = site_folder(index, site) / "pulled" if is_remote else None
    sources = [path if isinstance(path, Path) else _pull(path, folder, query) for path in paths]
    if isinstance(reports, str):
        reports = _pull_reports(reports, folder)
    # Ray tells of lost workers on standard output, which is the answer's.
    with redirect_stdout(sys.stderr), progress_bar("ingest", "case") as progress:
        summary = ingest_cases(
            sources,
            index=index,
            model=model,
            reports=reports,
            workers=workers or read_settings().workers,
            site=site,
            keeping=Keeping(site=site_folder(index, site), burned_in=burned_in) if keep_images else None,
            cluster=None if shards is None else Cluster(shards=shards.absolute(), address=address),
            progress=progress,
        )
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)  # as they were sent, with their patients' names
    if as_json:
        echo_json(summary.as_record())
        return
    for problem in summary.problems:
        click.echo(f"left out: {problem.source}: {problem.reason}", err=True)
    for warning in summary.warnings[:_WARNINGS]:
        click.echo(f"warning: {warning.source}: {warning.reason}", err=True)
    if len(summary.warnings) > _WARNINGS:
        click.echo(f"warning: {len(summary.warnings) - _WARNINGS} more films look odd; --json lists them", err=True)
    for twin in summary.duplicates:
        click.echo(f"stored once: {twin.source}: {twin.reason}", err=True)
    for name in summary.unmatched_reports:
        click.echo(f"report without a case: {name}", err=True)
    click.echo(
        f"{summary.added} cases added ({summary.images} images), {summary.unchanged} unchanged, "
        f"{summary.reports_joined} reports joined, {len(summary.problems)} left out; model {summary.model_version}"
    )
    if keep_images:
        click.echo(f"{summary.images_kept} images kept, words hidden in {summary.images_masked} of them")
    with open_index(index) as handle:
        if advice := advise_calibration(handle):
            click.echo(advice, err=True)


def _pull(address: str, folder: Path | None, query: tuple[str, ...]) -> Path:
    """The studies of a DICOMweb server as a folder of files, which goes once they are in the index."""
    from casekin.journeys.pull import pull_studies, web_store

    assert folder is not None
    asked = dict(told.partition("=")[::2] for told in query)
    if not all(asked) or not all("=" in told for told in query):
        raise click.BadParameter("expected KEYWORD=VALUE", param_hint="--query")
    place = _place(folder, address)
    with progress_bar("pull", "study") as progress:
        pulled = pull_studies(web_store(address), place, query=asked, done=progress)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    for problem in pulled.problems:
        click.echo(f"not pulled: {problem}", err=True)
    click.echo(f"{pulled.studies} studies found, {pulled.fetched} files fetched", err=True)
    return place


def _pull_reports(address: str, folder: Path | None) -> Path:
    """The reports of a FHIR server likewise."""
    from casekin.journeys.pull_reports import pull_reports, record_server

    assert folder is not None
    place = _place(folder, address)
    with progress_bar("pull", "report") as progress:
        pulled = pull_reports(record_server(address), place, done=progress)
    for problem in pulled.problems:
        click.echo(f"not pulled: {problem}", err=True)
    click.echo(f"{pulled.fetched + pulled.unchanged} reports found, {pulled.fetched} fetched", err=True)
    return place


def _place(folder: Path, address: str) -> Path:
    return folder / hashlib.sha256(address.encode()).hexdigest()[:16]
