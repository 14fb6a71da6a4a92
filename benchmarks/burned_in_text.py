"""Are names burnt into films found? Planted lines on simulated films, and false alarms on films that have none.

`python benchmarks/burned_in_text.py ARCHIVE [--films N] [--real FOLDER] [--out FILE]`. Lines of many sizes, contrasts,
fonts and positions are drawn into films of an archive that the detector never saw; a line is found when its ink lies in
boxes that would be hidden. Peers in the same run: tesseract where it is installed, and thresholds of bright strokes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from casekin.imaging import display_uint8, iter_image_files, read_image
from casekin.imaging.deidentify.burned_in import find_text
from casekin.types import Box

Picture = NDArray[np.uint8]
Finder = Callable[[Picture], list[Box]]
FONTS = ("DejaVuSans.ttf", "DejaVuSansMono.ttf", "DejaVuSerif-Bold.ttf")
FAMILY_NAMES = ("DOE^JANE", "Meyer, Hans", "O'NEILL SEAN", "GARCIA LOPEZ M", "Nguyen Thi Anh", "van der Berg P.")
NUMBERS = ("ID: 00481516", "12/03/1961", "1958-11-02 M", "ACC 7734-2211", "MRN 90210355")
HEIGHTS = (0.010, 0.015, 0.020, 0.030, 0.050)
"""Of letters, as shares of a film's longer side."""
CONTRASTS = (40, 90, 255)
"""Grey levels by which ink differs from what lies under it; 255 is white, or black on a bright ground."""
PLACES = ("top left", "top right", "bottom left", "bottom right", "middle", "side, turned")
COVERED = 0.95
MARKERS = ("R", "L", "PA", "AP")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A film with one line: where its ink is, and how it was drawn."""

    picture: Picture
    ink: NDArray[np.bool_]
    height: float
    contrast: int
    place: str


def plant(picture: Picture, *, text: str, height: float, contrast: int, place: str, font: str) -> Planted:
    """Draw a line into a copy of a film."""
    rows, columns = picture.shape
    letters = ImageFont.truetype(font, max(6, round(height * max(rows, columns) / 0.73)))
    x0, y0, x1, y1 = letters.getbbox(text)
    stamp = Image.new("L", (int(x1 - x0) + 2, int(y1 - y0) + 2))
    ImageDraw.Draw(stamp).text((1 - x0, 1 - y0), text, fill=255, font=letters)
    if place == "side, turned":
        stamp = stamp.transpose(Image.Transpose.ROTATE_90)
    stroke = np.asarray(stamp)[:rows, :columns]
    margin = round(0.02 * max(rows, columns))
    free_y, free_x = max(0, rows - stroke.shape[0]), max(0, columns - stroke.shape[1])
    y = {"top": min(margin, free_y), "bottom": max(0, free_y - margin)}.get(place.split()[0], free_y // 2)
    x = max(0, free_x - margin) if "right" in place else free_x // 2 if place == "middle" else min(margin, free_x)
    drawn = picture.astype(np.float64)
    under = drawn[y : y + stroke.shape[0], x : x + stroke.shape[1]]
    sign = 1.0 if under.mean() < 128 else -1.0
    drawn[y : y + stroke.shape[0], x : x + stroke.shape[1]] = under + sign * contrast * stroke / 255.0
    ink = np.zeros(picture.shape, dtype=bool)
    ink[y : y + stroke.shape[0], x : x + stroke.shape[1]] = stroke > 127
    shown = np.clip(np.rint(drawn), 0, 255).astype(np.uint8)
    return Planted(picture=shown, ink=ink, height=height, contrast=contrast, place=place)


def covered_share(ink: NDArray[np.bool_], boxes: Iterable[Box]) -> float:
    """Which share of the ink lies in boxes."""
    left = ink.copy()
    for box in boxes:
        left[int(box.y0) : int(np.ceil(box.y1)), int(box.x0) : int(np.ceil(box.x1))] = False
    return 1.0 - float(left.sum()) / max(1, int(ink.sum()))


def hidden_boxes(picture: Picture) -> list[Box]:
    """What casekin hides: lines that are no side markers."""
    return [line.box for line in find_text(picture) if not line.is_marker]


def flat_strokes(picture: Picture) -> list[Box]:
    """The simple peer: thin strokes much brighter than what is around them (white top-hat), joined into lines."""
    side = max(5, round(0.02 * max(picture.shape)))
    strokes = ndimage.white_tophat(picture, size=side) > 60
    joined = ndimage.binary_dilation(strokes, np.ones((3, 2 * side + 1), dtype=bool))
    labels, _ = ndimage.label(joined)
    boxes = []
    for rows, columns in ndimage.find_objects(labels):
        width, height = columns.stop - columns.start, rows.stop - rows.start
        if width > 3 * height and height > 5:
            boxes.append(Box(x0=columns.start, y0=rows.start, x1=columns.stop, y1=rows.stop))
    return boxes


def tesseract(picture: Picture) -> list[Box]:
    """The peer: words that tesseract's sparse mode reads with a confidence of at least 30."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.png"
        Image.fromarray(picture).save(path)
        told = subprocess.run(
            ["tesseract", str(path), "-", "--psm", "11", "tsv"],
            capture_output=True,
            check=True,
            env={"OMP_THREAD_LIMIT": "1"},
        )
    boxes = []
    for line in told.stdout.decode().splitlines()[1:]:
        cells = line.split("\t")
        if cells[0] == "5" and float(cells[10]) >= 30 and len(cells[11].strip()) > 2:
            x, y, width, height = (int(cell) for cell in cells[6:10])
            pad = 0.2 * height
            boxes.append(Box(x0=max(0, x - pad), y0=max(0, y - pad), x1=x + width + pad, y1=y + height + pad))
    return boxes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--films", type=int, default=30)
    parser.add_argument("--lines", type=int, default=180)
    parser.add_argument("--real", type=Path, help="a folder of films without burnt-in names")
    parser.add_argument("--real-films", type=int, default=100)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    finders: dict[str, Finder] = {"casekin": hidden_boxes}
    if options.peers:
        finders["flat strokes"] = flat_strokes
        if shutil.which("tesseract"):
            finders["tesseract"] = tesseract
    films = _films(options.archive, options.films)
    lines = list(_lines(films, options.lines))
    record: dict[str, Any] = {"films": len(films), "lines": len(lines)}
    for name, finder in finders.items():
        record[name] = _measured(finder, films, lines)
        if options.real:
            record[name]["real_films"] = _alarms(finder, _films(options.real, options.real_films))
        print(name, json.dumps(record[name], indent=1))
    if options.out:
        options.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def _films(folder: Path, count: int) -> list[Picture]:
    """Films spread over a folder, but those whose header says that words are burnt in."""
    paths = [path for path in iter_image_files([folder]) if isinstance(path, Path)]
    images = (read_image(path) for path in paths[:: max(1, len(paths) // (2 * count))])
    plain = (image for image in images if not image.header.burned_in_annotation)
    return [display_uint8(image) for image in islice(plain, count)]


def _lines(films: Sequence[Picture], count: int) -> Iterable[Planted]:
    rng = np.random.default_rng(11)
    texts = FAMILY_NAMES + NUMBERS
    for number in range(count):
        yield plant(
            films[number % len(films)],
            text=texts[int(rng.integers(len(texts)))],
            height=HEIGHTS[number % len(HEIGHTS)],
            contrast=CONTRASTS[number // len(HEIGHTS) % len(CONTRASTS)],
            place=PLACES[int(rng.integers(len(PLACES)))],
            font=FONTS[int(rng.integers(len(FONTS)))],
        )


def _measured(finder: Finder, films: Sequence[Picture], lines: Sequence[Planted]) -> dict[str, Any]:
    found: dict[str, list[bool]] = defaultdict(list)
    started = time.perf_counter()
    for line in lines:
        hit = covered_share(line.ink, finder(line.picture)) >= COVERED
        for key in ("all", f"height {line.height}", f"contrast {line.contrast}", f"place {line.place}"):
            found[key].append(hit)
    seconds = (time.perf_counter() - started) / len(lines)
    recall = {key: {"recall": sum(hits) / len(hits), "n": len(hits)} for key, hits in sorted(found.items())}
    marked = [
        plant(film, text=MARKERS[n % len(MARKERS)], height=0.03, contrast=255, place="top left", font=FONTS[0])
        for n, film in enumerate(films)
    ]
    kept = [covered_share(film.ink, finder(film.picture)) < 0.05 for film in marked]
    return {
        "recall": recall,
        "seconds_a_film": seconds,
        "clean_films": _alarms(finder, films),
        "markers_kept": {"share": sum(kept) / len(kept), "n": len(kept)},
    }


def _alarms(finder: Finder, films: Sequence[Picture]) -> dict[str, float]:
    found = [finder(film) for film in films]
    areas = [sum(box.area for box in boxes) / film.size for boxes, film in zip(found, films, strict=True)]
    share = sum(bool(boxes) for boxes in found) / len(films)
    return {"films_with_any": share, "mean_area_hidden": float(np.mean(areas)), "n": len(films)}


if __name__ == "__main__":
    main()
