"""`casekin demo`: the whole road on a simulated archive, offline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from casekin.cli.render import echo_json, json_option, progress_bar
from casekin.cli.steering import answer_text

SEED = 20
QUESTION = "consolidation in the left lower lobe"
PLACE = "left lower lobe"


@click.command(epilog="Example: casekin demo --out demo --patients 100")
@click.option(
    "--out", default="casekin-demo", show_default=True, type=click.Path(path_type=Path), help="Folder to use."
)
@click.option(
    "--patients", default=300, show_default=True, type=click.IntRange(10, 100_000), help="How many to simulate."
)
@json_option
def demo(out: Path, patients: int, as_json: bool) -> None:
    """Simulate an archive, ingest it, calibrate it, search by image and region, write the evidence sheet and a draft.

    Stopped at any point, the same command goes on where it was.
    """
    archive, index = out / "archive", out / "index"
    _simulate(archive, patients)
    _ingest(archive, index)
    _calibrate(index)
    searches = _searches(archive, index, out)
    page = out / "draft.html"
    draft = str(page) if page.exists() else None
    if as_json:
        echo_json({"archive": str(archive), "index": str(index), "searches": searches, "draft": draft})
        return
    for search in searches:
        click.echo(f"\n{search['title']}\n{answer_text(search['answer'])}")
        for written in search["evidence"]:
            click.echo(f"evidence: {written}")
    if draft is not None:
        click.echo(f"\na draft of a report on that image: {draft}")
    click.echo(_what_next(archive, index, searches[-1]["image"]))


def _simulate(archive: Path, patients: int) -> None:
    from casekin.settings import read_settings
    from casekin.world import write_archive

    with progress_bar("simulate", "case") as progress:
        write_archive(archive, patients=patients, seed=SEED, workers=read_settings().workers, progress=progress)


def _ingest(archive: Path, index: Path) -> None:
    from casekin.journeys.ingest import ingest_cases
    from casekin.settings import read_settings

    with progress_bar("ingest", "case") as progress:
        ingest_cases([archive], index=index, workers=read_settings().workers, progress=progress)


def _calibrate(index: Path) -> None:
    """Let the archive's cases ask it, so that answers say how far to trust them; once, and not where there are few."""
    from casekin.index import CaseIndex
    from casekin.journeys.calibrate import advise_calibration, calibrate_index

    with CaseIndex(index) as handle:
        advice = advise_calibration(handle)
    if advice is not None:
        with progress_bar("calibrate", "question") as progress:
            calibrate_index(index, progress=progress)


def _searches(archive: Path, index: Path, out: Path) -> list[dict[str, Any]]:
    """By words; by the best hit's image at a place; by a box on it, drawn where the place was found. And its draft."""
    from casekin.index import CaseIndex
    from casekin.journeys.draft import draft_report
    from casekin.journeys.draft_files import write_draft_page
    from casekin.journeys.search import encode_query, search_cases
    from casekin.journeys.sheet import write_evidence
    from casekin.models import load_encoder
    from casekin.retrieval.query import SearchQuery
    from casekin.types import Box

    encoder = load_encoder("default")
    searches: list[dict[str, Any]] = []
    with CaseIndex(index) as handle:
        by_text = search_cases(handle, SearchQuery(text=QUESTION, limit=5))
        searches.append(_shown(f'text: "{QUESTION}"', by_text.as_record()))
        if not by_text.hits:
            return searches
        image = archive / _images(archive)[by_text.hits[0].case_id]
        encoded = encode_query(handle, image, encoder)
        by_name = search_cases(handle, SearchQuery(image=image, at=(PLACE,)), encoded=encoded)
        found = by_name.resolved_regions[0].box
        assert found is not None  # the encoder locates all of the locations
        box = Box(x0=round(found.x0), y0=round(found.y0), x1=round(found.x1), y1=round(found.y1))
        by_box = search_cases(handle, SearchQuery(image=image, box=box), encoded=encoded)
        corner = ",".join(f"{value:g}" for value in box.as_list())
        for title, name, answer in (
            (f'image + "{PLACE}": {image}', "evidence-place", by_name),
            (f"image + box {corner}: {image}", "evidence-box", by_box),
        ):
            html, png = out / f"{name}.html", out / f"{name}.png"
            write_evidence(handle, answer, asked=encoded, encoder=encoder, html=html, png=png)
            searches.append(_shown(title, answer.as_record(), image=image, evidence=(html, png)))
        drafted = draft_report(handle, SearchQuery(image=image), encoded=encoded)
        write_draft_page(handle, drafted, out / "draft.html", image=encoded)
    return searches


def _shown(
    title: str, answer: dict[str, Any], *, image: Path | None = None, evidence: tuple[Path, ...] = ()
) -> dict[str, Any]:
    paths = [str(path) for path in evidence]
    return {"title": title, "image": None if image is None else str(image), "evidence": paths, "answer": answer}


def _images(archive: Path) -> dict[str, str]:
    """First image of each case of a manifest."""
    images: dict[str, str] = {}
    for line in (archive / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        images.setdefault(row["case_id"], row["image"])
    return images


def _what_next(archive: Path, index: Path, image: str | None) -> str:
    return f"""
Next, on this archive:
  casekin search --index {index} --text "right pneumothorax" --where "age > 60"
  casekin search {image or archive} --index {index} --at "right lower lung zone" --html evidence.html
  casekin search {image or archive} --index {index} --at "left lung" --board 50 --counter 3
  casekin draft {image or archive} --index {index}
  casekin info {index}
On your own files (DICOM, PNG, JPEG, NIfTI, or a folder with a manifest.jsonl):
  casekin ingest YOUR_FOLDER --index my.index --reports reports.jsonl
  casekin search YOUR_FILM --index my.index --at "left lung"
Research, teaching and quality assurance; not a diagnostic device."""
