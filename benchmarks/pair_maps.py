"""Promise: a pair map points at the findings that two regions share, and passes every check that lets it be shown.

    python benchmarks/pair_maps.py --archive DIR --index INDEX [--model CARD] [--pairs 150] [--checks 60]
        [--out FILE.json]

Pairs of a simulated archive that trained nothing: an image at a lung zone with a finding that covers 3 to 50 % of it,
and the most similar image of another patient that shows the same finding there, by truth. On the other image's side:
the share of maps whose greatest cell lies inside an outline of what both show (`pointing`), the share of the map's mass
inside over the share of the region's area (`mass`), and how far cells inside are above those outside (`auroc`). Beside
the pair map: the other image's evidence without the question, the cosine of each token with its best partner, the same
with what is usual at the place taken off, and the nearness to the region's middle. Then deletion, insertion, shuffled
weights and mirrored pictures (`retrieval/explain/check.py`). Intervals: bootstrap over patients, 95 %.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from casekin.anatomy import LOCATIONS
from casekin.evaluation.truth import TrueCase, read_truth
from casekin.index import CaseIndex, StoredImage, open_index
from casekin.models import EncodedImage, Geometry, ImageEncoder, grid_weights, load_encoder
from casekin.models.geometry import Array
from casekin.retrieval.encode import mask_in_view, turn_of
from casekin.retrieval.explain.check import check_pair_maps, draw_pairs
from casekin.retrieval.explain.pair_map import map_pair, region_cells
from casekin.retrieval.explain.seen import see_stored
from casekin.training.shuffle import shuffle_decoder
from casekin.types import Place
from floors import patient_interval, read_mask

SEED = 7
ZONES = tuple(place for place in LOCATIONS if place.anatomy.endswith("_lung_zone") or place.anatomy == "apical_zone")
LEAST_COVERED, MOST_COVERED = 0.03, 0.5
"""Of a zone's box by the finding: less is no cell, more is no place to point at."""
MOST_OF_ONE = 1 / 6
"""Of all pairs, by one finding."""
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class TruePair:
    """Two images by id that show the same `finding` at a place; `patient` of the first."""

    query: int
    hit: int
    place: Place
    finding: str
    patient: str


class Lesions:
    """The drawn findings of an archive's cases."""

    def __init__(self, archive: Path) -> None:
        self._archive = archive
        self._cases = read_truth(archive / "truth.jsonl")
        self._covered: dict[tuple[str, Place], dict[str, float]] = {}

    def mask(self, case_id: str, *findings: str) -> Bools:
        """All outlines of some findings `(row, column)` of the stored image."""
        paths = [path for name in findings for path in _outlines(self._cases[case_id])[name]]
        return np.asarray(np.logical_or.reduce([read_mask(self._archive / path) for path in paths]))

    def shared(self, one: str, other: str) -> list[str]:
        """What is outlined in both cases, wherever."""
        return sorted(_outlines(self._cases[one]).keys() & _outlines(self._cases[other]).keys())

    def covered(self, case_id: str, place: Place) -> dict[str, float]:
        """The share of a place's box that each finding covers."""
        key = (case_id, place)
        if key not in self._covered:
            box = self._cases[case_id].boxes[place]
            part = (slice(round(box.y0), round(box.y1)), slice(round(box.x0), round(box.x1)))
            names = _outlines(self._cases[case_id])
            self._covered[key] = {name: float(self.mask(case_id, name)[part].mean()) for name in names}
        return self._covered[key]

    def pointed(self, case_id: str, place: Place) -> set[str]:
        """Findings of a size that one can point at."""
        shares = self.covered(case_id, place)
        return {name for name, share in shares.items() if LEAST_COVERED <= share <= MOST_COVERED}


def _outlines(case: TrueCase) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, path in case.masks.items():
        if "@" in name:
            found[name.partition("@")[0]].append(path)
    return dict(found)


def find_pairs(index: CaseIndex, lesions: Lesions, count: int) -> Iterator[TruePair]:
    """Pairs in random order, one for each patient, `MOST_OF_ONE` of them by one finding."""
    rng = np.random.default_rng(SEED)
    catalog = index.catalog()
    stored = {place: index.vectors_at(str(place)) for place in ZONES}
    counts: Counter[str] = Counter()
    patients: set[str] = set()
    for number in rng.permutation(np.flatnonzero(index.is_of_kind("radiograph"))).tolist():
        case_no = int(catalog.case_of_image[number])
        case_id, patient = catalog.case_id(case_no), catalog.patient(case_no)
        place = ZONES[int(rng.integers(len(ZONES)))]
        asked = sorted(name for name in lesions.pointed(case_id, place) if counts[name] < MOST_OF_ONE * count)
        ids, vectors = stored[place]
        if patient in patients or not asked or number not in ids:
            continue
        order = np.argsort(-(vectors.astype(np.float32) @ vectors[ids == number][0].astype(np.float32)), kind="stable")
        for other in ids[order].tolist():
            other_no = int(catalog.case_of_image[other])
            shared = lesions.pointed(catalog.case_id(other_no), place) & set(asked)
            if catalog.patient(other_no) != patient and shared:
                counts[min(shared)] += 1
                patients.add(patient)
                yield TruePair(query=number, hit=other, place=place, finding=min(shared), patient=patient)
                break
        if len(patients) == count:
            return


Ways = Mapping[str, Array]


def ways_of(query: EncodedImage, hit: EncodedImage, place: Place, usual: Array) -> Ways:
    """Every way's map of the hit's region `(n, n)`, on the finest grid."""
    cells = [region_cells(one, one.weights[place], one.region_vectors[place][: one.form.count]) for one in (query, hit)]
    size = len(cells[1].inside)
    tokens = [one.tokens.astype(np.float32) for one in (query, hit)]
    asked = query.weights[place] > query.weights[place].max() / 4
    middle = np.array(np.nonzero(cells[1].inside)).mean(axis=1)
    away = np.indices((size, size)) - middle[:, None, None]
    return {
        "pair map": map_pair(*cells).hit,
        "evidence without the question": cells[1].chances.max(axis=0),
        "cosine of tokens": _finer(_cosines(tokens[1], tokens[0][asked]), size),
        "cosine less the usual": _finer(_cosines(tokens[1] - usual, tokens[0][asked] - usual), size),
        "middle of the region": size - np.hypot(away[0], away[1]),
    }


def _cosines(tokens: Array, partners: Array) -> Array:
    """Of each token `(grid, grid, D)` with its best partner of `(n, D)`."""

    def unit(rows: Array) -> Array:
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9))

    return np.asarray((unit(tokens) @ unit(partners).T).max(axis=2))


def _finer(cells: Array, size: int) -> Array:
    factor = size // len(cells)
    return np.asarray(cells.repeat(factor, axis=0).repeat(factor, axis=1))


def measure(
    index: CaseIndex, lesions: Lesions, pairs: Sequence[TruePair], encoder: ImageEncoder
) -> dict[str, dict[str, list[float]]]:
    """By way and measure the value of every pair; NaN where a map is dark."""
    see = _seer(index, encoder)
    usual = usual_tokens([see(pair.hit)[1] for pair in pairs])
    values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for pair in pairs:
        (asked, query), (image, hit) = see(pair.query), see(pair.hit)
        inside = hit.weights[pair.place] > hit.weights[pair.place].max() / 4
        size = hit.evidence_maps.shape[1]
        frontal = turn_of(image.turn)
        fine = Geometry(height=frontal.frontal[0], width=frontal.frontal[1], input_size=size, grid=size)
        shared = lesions.mask(image.case_id, *lesions.shared(asked.case_id, image.case_id))
        outline = grid_weights(fine, mask_in_view(shared, frontal)) > 0.5
        where = _finer(inside.astype(np.float32), size) > 0
        for way, cells in ways_of(query, hit, pair.place, usual[pair.place]).items():
            for name, value in scores(cells[where], outline[where]).items():
                values[way][name].append(value)
    return values


def _seer(index: CaseIndex, encoder: ImageEncoder) -> Callable[[int], tuple[StoredImage, EncodedImage]]:
    kept: dict[int, tuple[StoredImage, EncodedImage]] = {}

    def see(number: int) -> tuple[StoredImage, EncodedImage]:
        if number not in kept:
            (image,) = index.images([number])
            kept[number] = image, see_stored(image, encoder).encoded
        return kept[number]

    return see


def usual_tokens(images: Sequence[EncodedImage]) -> dict[Place, Array]:
    """The mean token at each zone over images `(D,)`."""
    found = {}
    for place in ZONES:
        rows = [np.average(one.tokens, axis=(0, 1), weights=one.weights[place]) for one in images]
        found[place] = np.mean(rows, axis=0).astype(np.float32)
    return found


def scores(cells: Array, outline: Bools) -> dict[str, float]:
    """Pointing, mass and AUROC of a region's cells `(n,)`; NaN for a dark map and where nothing or all is outlined."""
    nothing = {"pointing": float("nan"), "mass": float("nan"), "auroc": float("nan")}
    inside = int(outline.sum())
    if not np.ptp(cells) > 0 or inside in (0, len(outline)):
        return nothing
    ranks = stats.rankdata(cells)
    above = (ranks[outline].sum() - inside * (inside + 1) / 2) / (inside * (len(outline) - inside))
    mass = np.clip(cells, 0.0, None)
    return {
        "pointing": float(outline[int(np.argmax(cells))]),
        "mass": float(mass[outline].sum() / mass.sum() / outline.mean()) if mass.sum() > 0 else float("nan"),
        "auroc": float(above),
    }


def report_of(pairs: Sequence[TruePair], values: Mapping[str, Mapping[str, list[float]]]) -> dict[str, Any]:
    """Means over the pairs that the pair map isn't dark for, so that all ways are asked the same."""
    lit = ~np.isnan(values["pair map"]["pointing"])
    patients = [pair.patient for pair, is_lit in zip(pairs, lit, strict=True) if is_lit]
    ways = {
        way: {name: patient_interval(np.array(row)[lit].tolist(), patients) for name, row in of.items()}
        for way, of in values.items()
    }
    pointing = np.array(values["pair map"]["pointing"])
    by_finding = {
        name: {"n": len(rows), "lit": int(lit[rows].sum()), "pointing": float(np.nanmean(pointing[rows]))}
        for name in sorted({pair.finding for pair in pairs})
        if lit[rows := [number for number, pair in enumerate(pairs) if pair.finding == name]].any()
    }
    return {"pairs": len(pairs), "lit": int(lit.sum()), "ways": ways, "by_finding": by_finding}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True, help="an index of the archive, by the model")
    parser.add_argument("--model", default="default")
    parser.add_argument("--pairs", type=int, default=150)
    parser.add_argument("--checks", type=int, default=60)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    encoder, lesions = load_encoder(args.model), Lesions(args.archive)
    with open_index(args.index) as index, tempfile.TemporaryDirectory() as folder:
        pairs = list(find_pairs(index, lesions, args.pairs))
        report = report_of(pairs, measure(index, lesions, pairs, encoder))
        shuffled = load_encoder(shuffle_decoder(args.model, out=Path(folder), seed=SEED))
        drawn = draw_pairs(index, findings=encoder.form.count, count=args.checks, seed=SEED)
        check = check_pair_maps(encoder, drawn, shuffled=shuffled, seed=SEED).as_record()
    for way, row in report["ways"].items():
        print(way.ljust(30), "  ".join(f"{name} {one['mean']:.2f}" for name, one in row.items()))
    print("checks:", "passed" if check["passed"] else f"failed {check['failed']}", f"on {check['pairs']} pairs")
    record = {"benchmark": "pair_maps", "model": encoder.version, **report, "check": check}
    if args.out:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
