"""`casekin world`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from casekin.cli.render import echo_json, json_option, progress_bar

if TYPE_CHECKING:
    from casekin.world.case_files import ImageFormat, Modality


@click.command(epilog="Example: casekin world --out archive --patients 300 --seed 1")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write, or to go on with.")
@click.option("--patients", required=True, type=click.IntRange(1), help="How many patients; one to four exams each.")
@click.option("--seed", required=True, type=click.IntRange(0, 2**32 - 1), help="Same seed, same bytes.")
@click.option("--modality", type=click.Choice(["cr", "ct", "both"]), default="cr", show_default=True)
@click.option(
    "--format",
    "image_format",
    type=click.Choice(["dicom", "png", "nifti"]),
    default="dicom",
    show_default=True,
    help="PNG holds radiographs only.",
)
@click.option(
    "--size", type=click.IntRange(64, 4096), default=512, show_default=True, help="Longer side of a radiograph."
)
@click.option("--workers", type=click.IntRange(1, 256), help="Processes [default: processors].")
@json_option
def world(
    out: Path,
    patients: int,
    seed: int,
    modality: Modality,
    image_format: ImageFormat,
    size: int,
    workers: int | None,
    as_json: bool,
) -> None:
    """Write a simulated archive: images, reports, and the truth about both.

    Interrupted, the same command goes on where it stopped; other settings need another folder.
    """
    from casekin.settings import read_settings
    from casekin.world import write_archive

    with progress_bar("world", "case") as progress:
        summary = write_archive(
            out,
            patients=patients,
            seed=seed,
            modality=modality,
            format=image_format,
            size=size,
            workers=workers or read_settings().workers,
            progress=progress,
        )
    if as_json:
        echo_json(summary.as_record())
        return
    splits = ", ".join(f"{count} {split}" for split, count in summary.splits.items())
    click.echo(f"{summary.cases} cases of {summary.patients} patients ({splits}) in {summary.out}")
    click.echo(f"{summary.ood} out-of-distribution images in {summary.out}/ood")
    click.echo(f"next: casekin ingest {summary.out} --index {summary.out}.index")
