"""The demo's road on your own files: ingest a folder, ask for one image's like at a place and in a box, show evidence.

`python tools/demo_real.py FOLDER --out OUT [--at PLACE] [--image FILE]`; FOLDER holds DICOM, NIfTI, PNG or JPEG files,
or a `manifest.jsonl`. A manifest with labelled `boxes` is converted first (`tools/boxes_to_regions.py`).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import casekin
from boxes_to_regions import convert_manifest
from casekin import CaseIndex, CasekinError, SearchAnswer, SearchQuery
from casekin.imaging import iter_image_files
from casekin.journeys.search import encode_query
from casekin.models import ImageEncoder
from casekin.retrieval.encode import EncodedFile
from casekin.settings import read_settings
from casekin.types import Box


def run_demo(folder: Path, out: Path, *, at: str, image: Path | None) -> None:
    """Ingest and ask; prints what was found and where the evidence is."""
    archive = prepared(folder, out)
    index = out / "index"
    summary = casekin.ingest_cases([archive], index=index, workers=read_settings().workers, progress=show_progress)
    print(f"\n{summary.added} cases added, {summary.unchanged} there already, {len(summary.problems)} files left out")
    for problem in summary.problems[:10]:
        print(f"  left out: {problem.source}: {problem.reason}")
    query = image or first_image(archive)
    encoder = casekin.load_encoder("default")
    with CaseIndex(index) as handle:
        asked = encode_query(handle, query, encoder)
        by_place = casekin.search_cases(handle, SearchQuery(image=query, at=(at,)), encoded=asked)
        show(handle, by_place, asked, encoder, out / "evidence-place", title=f"{query} at {at}")
        box = by_place.resolved_regions[0].box if by_place.resolved_regions else None
        if box is not None:
            drawn = Box(x0=round(box.x0), y0=round(box.y0), x1=round(box.x1), y1=round(box.y1))
            by_box = casekin.search_cases(handle, SearchQuery(image=query, box=drawn), encoded=asked)
            show(handle, by_box, asked, encoder, out / "evidence-box", title=f"{query} in box {drawn.as_list()}")
    print(f'\nNext: casekin search YOUR_FILM --index {index} --at "left lung" --html evidence.html')


def prepared(folder: Path, out: Path) -> Path:
    """The folder itself, or a copy with `regions` where its manifest has labelled boxes."""
    manifest = folder / "manifest.jsonl"
    if not manifest.exists():
        return folder
    with manifest.open(encoding="utf-8") as lines:
        first = json.loads(next(lines, "{}"))
    if "boxes" not in first or "regions" in first:
        return folder
    print(f"{convert_manifest(folder, out / 'archive')} rows converted to regions")
    return out / "archive"


def first_image(archive: Path) -> Path:
    """The first image of the manifest, or of the folder by name."""
    manifest = archive / "manifest.jsonl"
    if manifest.exists():
        with manifest.open(encoding="utf-8") as lines:
            return archive / str(json.loads(next(lines))["image"])
    for source in iter_image_files([archive]):
        return source[0] if isinstance(source, tuple) else source
    sys.exit(f"{archive} holds no image")


def show(
    handle: CaseIndex, answer: SearchAnswer, asked: EncodedFile, encoder: ImageEncoder, sheet: Path, *, title: str
) -> None:
    """Print the ranking and write the evidence sheet."""
    page, picture = sheet.with_suffix(".html"), sheet.with_suffix(".png")
    casekin.write_evidence(handle, answer, asked=asked, encoder=encoder, html=page, png=picture)
    print(f"\n{title}")
    for hit in answer.hits:
        facts = ", ".join(f"{fact.finding} ({fact.place}, {fact.polarity})" for fact in hit.evidence[:3])
        print(f"{hit.rank:3d}  {hit.score:.3f}  {hit.case_id}  {facts}".rstrip())
    print(f"evidence: {page} {picture}")


def show_progress(done: int, total: int) -> None:
    """One line on stderr, overwritten."""
    sys.stderr.write(f"\ringest {done}/{total}")


def main() -> None:
    """Parse, run, and turn casekin's errors into one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--at", default="right lower lung zone")
    parser.add_argument("--image", type=Path)
    given = parser.parse_args()
    try:
        run_demo(given.folder, given.out, at=given.at, image=given.image)
    except CasekinError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
