"""`casekin ground`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casekin.cli.render import echo_json, json_option

if TYPE_CHECKING:
    from casekin.journeys.ground import Grounding

_FILE = click.Path(path_type=Path)


@click.command(epilog="Example: casekin ground film.dcm --phrase 'left basal effusion' --out overlay.png")
@click.argument("image", type=_FILE)
@click.option("--phrase", "phrases", multiple=True, help="What to look for, e.g. 'left basal effusion'; repeatable.")
@click.option("--report", type=_FILE, help="Text file of a report: each of its sentences is a phrase.")
@click.option("--model", default="default", show_default=True, help="Encoder name, or path of a model card.")
@click.option("--out", type=_FILE, help="Write the film with the maps laid over it as a PNG.")
@click.option("--maps", type=_FILE, help="Write the maps as .npy: phrases x rows x columns, float32 in [-1, 1].")
@json_option
def ground(
    image: Path,
    phrases: tuple[str, ...],
    report: Path | None,
    model: str,
    out: Path | None,
    maps: Path | None,
    as_json: bool,
) -> None:
    """Show where in an image a phrase, or each sentence of a report, is, and which word says so."""
    if not phrases and report is None:
        raise click.UsageError("give --phrase or --report")
    from casekin.journeys.ground import ground_phrases, report_phrases
    from casekin.models import load_encoder

    sentences = () if report is None else report_phrases(report.read_text(encoding="utf-8"))
    grounding = ground_phrases(image, [*phrases, *sentences], encoder=load_encoder(model))
    record = grounding.as_record()
    record |= _write(grounding, out=out, maps=maps)
    if as_json:
        echo_json(record)
        return
    for phrase in record["phrases"]:
        click.echo(_line(phrase))
    for kind in ("overlay", "maps"):
        if kind in record:
            click.echo(f"{kind}: {record[kind]}")


def _write(grounding: Grounding, *, out: Path | None, maps: Path | None) -> dict[str, str]:
    """Write what was asked for; says which file is what."""
    written = {}
    for path in filter(None, (out, maps)):
        path.parent.mkdir(parents=True, exist_ok=True)
    if out is not None:
        from casekin.journeys.ground_picture import draw_grounding

        draw_grounding(grounding).save(out, "PNG")
        written["overlay"] = str(out)
    if maps is not None:
        import numpy as np

        with maps.open("wb") as file:
            np.save(file, grounding.maps())
        written["maps"] = str(maps)
    return written


def _line(phrase: dict[str, Any]) -> str:
    if not phrase["asked"]:
        return f"{phrase['phrase']}: not understood"
    words = sorted(phrase["words"], key=lambda word: -word["share"])
    told = ", ".join(f"{word['word']} {word['share']:.0%}" for word in words[:3] if word["share"] > 0)
    x, y = phrase["peak"]
    place = f"most {phrase['value']:+.2f} at {x:.0f},{y:.0f}"
    return f"{phrase['phrase']}: {place}" + (f" ({told})" if told else "")
