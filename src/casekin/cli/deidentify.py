"""`casekin deidentify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from casekin.cli.index_type import INDEX
from casekin.cli.render import aligned, echo_json, json_option, progress_bar

if TYPE_CHECKING:
    from casekin.imaging.deidentify.words import BurnedIn


@click.command(epilog="Example: casekin deidentify study/ --out clean/ --index my.index")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="New or empty folder for the files.")
@click.option("--index", type=INDEX, help="Use the pseudonyms of this index. [default: a secret that is thrown away]")
@click.option(
    "--burned-in",
    type=click.Choice(["mask", "refuse", "keep"]),
    default="mask",
    show_default=True,
    help="Paint over words in pixels, leave such images out, or don't look.",
)
@json_option
def deidentify(
    paths: tuple[Path, ...], out: Path, index: Path | str | None, burned_in: BurnedIn, as_json: bool
) -> None:
    """Write copies of image files that name nobody, and a report of what was done.

    DICOM by the standard's confidentiality profile: dates moved, UIDs mapped, private attributes dropped. PNG, JPEG and
    NIfTI lose what they carry beside pixels. Words burnt into pixels are found and painted over.
    """
    from casekin.journeys.deidentify import REPORT, deidentify_files

    with progress_bar("deidentify", "file") as progress:
        summary = deidentify_files(paths, out=out, index=index, burned_in=burned_in, progress=progress)
    for name, reason in summary.left_out:
        click.echo(f"left out: {name}: {reason}", err=True)
    if as_json:
        echo_json(summary.as_record())
        return
    counts = {**summary.kinds, **{f"elements {fate}": count for fate, count in summary.actions.items()}}
    click.echo("\n".join(aligned([(name, str(count)) for name, count in counts.items()])))
    click.echo(
        f"{summary.written} files written, {len(summary.left_out)} left out, {summary.lines_hidden} lines of words "
        f"hidden in {summary.files_masked} files; report: {out / f'{REPORT}.html'}"
    )
