"""`casekin export`."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casekin.cli.index_type import INDEX, site_option
from casekin.cli.render import echo_json, json_option

if TYPE_CHECKING:
    from casekin.types import Box


@click.command(epilog="Example: casekin export key-objects case-17 case-41 --index my.index --out notes/")
@click.argument("form", type=click.Choice(["key-objects", "segmentation", "region-report", "imaging-study"]))
@click.argument("case_ids", nargs=-1, required=True, metavar="CASE...")
@click.option("--index", required=True, type=INDEX, help="Index: a folder, or milvus://HOST:PORT/NAME.")
@site_option
@click.option("--image", type=click.IntRange(0), help="One image of each case, from 0. [default: all]")
@click.option("--at", "places", multiple=True, metavar="PLACE", help="Where the index located this place.")
@click.option("--box", "boxes", multiple=True, metavar="x0,y0,x1,y1", help="A box in stored pixels; may be repeated.")
@click.option(
    "--mask",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A region of one image: PNG of its size, where it isn't black.",
)
@click.option("--description", help="Why, for key objects.")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder for the files.")
@json_option
def export(
    form: str, case_ids: tuple[str, ...], index: Path | str, site: Path | None, image: int | None,
    places: tuple[str, ...], boxes: tuple[str, ...], mask: Path | None, description: str | None, out: Path,
    as_json: bool,
) -> None:  # fmt: skip
    """Write chosen cases, or regions of their images, for other systems: DICOM key objects (KOS), segmentation (SEG),
    structured report (SR, TID 1500), or a FHIR ImagingStudy.

    The cases' files must have been kept (`casekin ingest --keep-images`); all identifiers are the mapped ones.
    """
    from casekin import __version__
    from casekin.anatomy import parse_place
    from casekin.durable import write_whole
    from casekin.imaging import read_image
    from casekin.index import open_index
    from casekin.journeys.export import EXPORT_FORMS, case_target, export_targets
    from casekin.site.books import Books, site_folder
    from casekin.site.files import KeptFiles

    files = KeptFiles(Books(site_folder(index, site)))
    drawn = [_box(told) for told in boxes]
    painted = [] if mask is None else [read_image(mask).pixels > 0]
    located = [parse_place(told) for told in places]
    with open_index(index) as handle:
        targets = [
            case_target(handle, files, one, image=image, places=located, boxes=drawn, masks=painted) for one in case_ids
        ]
        software = f"casekin {__version__}, index {handle.version()}"[:64]
    made = export_targets(
        targets,
        form=next(one for one in EXPORT_FORMS if one == form),
        written=datetime.datetime.now(datetime.UTC).replace(microsecond=0),
        software=software,
        **({} if description is None else {"description": description}),
    )
    out.mkdir(parents=True, exist_ok=True)
    for file in made:
        write_whole(out / file.name, file.data)
    if as_json:
        echo_json({"files": [file.name for file in made]})
        return
    for file in made:
        click.echo(out / file.name)


def _box(told: str) -> Box:
    from casekin.types import Box

    try:
        x0, y0, x1, y1 = (float(part) for part in told.split(","))
    except ValueError:
        raise click.BadParameter(f"expected x0,y0,x1,y1, got {told!r}", param_hint="--box") from None
    if not (x1 > x0 and y1 > y0):
        raise click.BadParameter("expected x1 > x0 and y1 > y0", param_hint="--box")
    return Box(x0=x0, y0=y0, x1=x1, y1=y1)
