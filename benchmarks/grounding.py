"""Promise: for a sentence of a report the map is brightest inside the finding, more often than trivial maps are.

    python benchmarks/grounding.py --archive DIR [--model NAME|CARD] [--peer DIR ...] [--phrases 300] [--out FILE.json]

Sentences of a simulated archive that trained nothing, each with the union of the true outlines of what it states as
present or doubtful; scored by the protocols `biovil` and `kaf` (CNR, mIoU, Dice, pointing) at half the image's size.
Beside the phrase's map: its evidence without a place, the place alone, the centre of the place's box, the film's own
brightness, the phrase of another image (does the text matter?), and with `--peer` the cosine of a trained preset's
sentence vector with its tokens, over the maps of `--peer-net` where it was trained on others than the encoder's.
Intervals: bootstrap over patients, 95 %; means over findings beside them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from casekin.evaluation.measures.grounding import GROUNDING_MEASURES, GROUNDING_PROTOCOLS, macro_mean, prepare_map
from casekin.evaluation.statistics import PatientTotals, bootstrap_means
from casekin.imaging import frontal_map, frontal_view, read_image
from casekin.journeys.ground import evidence_of
from casekin.models import ImageEncoder, load_encoder
from casekin.models.features import GRID, LEVELS, Features, network_input, open_session
from casekin.models.geometry import Array
from casekin.models.grounding import EvidenceMaps, ground_condition
from casekin.models.phrase import PhraseCondition, read_phrase
from casekin.models.text import load_text_encoder
from casekin.types import Box

SEED = 7
EVERY = 2
"""Every second row and column is scored: maps are made of cells of ten pixels and more."""
Bools = NDArray[np.bool_]
Peer = Callable[[str, Features], Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A sentence about an image with the outlines of what it states; `finding` is the first of these."""

    case_id: str
    patient: str
    finding: str
    text: str
    image: Path
    masks: tuple[Path, ...]


def read_asked(archive: Path, limit: int) -> list[Asked]:
    """Sentences of frontal images with an outline; `limit` of them by hash, in order of case and text."""
    images = {row["case_id"]: archive / row["image"] for row in reversed(_rows(archive / "manifest.jsonl"))}
    found = []
    for row in _rows(archive / "truth.jsonl"):
        masks: dict[str, list[tuple[str, Path]]] = defaultdict(list)
        for fact in row["facts"]:
            place = fact["anatomy"] if fact["side"] is None else f"{fact['side']}_{fact['anatomy']}"
            mask = row["masks"].get(f"{fact['finding']}@{place}")
            if fact["in_image"] and fact["sentence"] and fact["polarity"] != "absent" and mask is not None:
                masks[fact["sentence"]].append((fact["finding"], archive / mask))
        for text, parts in masks.items():
            found.append(
                Asked(
                    case_id=row["case_id"], patient=row["patient_id"], finding=parts[0][0], text=text,
                    image=images[row["case_id"]], masks=tuple(path for _, path in parts),
                )
            )  # fmt: skip
    found.sort(key=lambda each: hashlib.sha256(f"{SEED} {each.case_id} {each.text}".encode()).digest())
    return sorted(found[:limit], key=lambda each: (each.case_id, each.text))


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def maps_of(
    asked: Asked, other: Asked, view: Array, evidence: EvidenceMaps, features: Features, peers: Mapping[str, Peer]
) -> Iterator[tuple[str, Array]]:
    """Every way's map `(n, n)`, at the fixed scale where it has one, else in [-1, 1] or as cosines."""
    condition = read_phrase(asked.text)
    yield "phrase", ground_condition(condition, evidence)
    yield "evidence without place", ground_condition(_without_places(condition), evidence)
    yield "place alone", ground_condition(_places_alone(condition), evidence)
    yield "centre of the place", centre_map(condition, evidence)
    yield "brightness", brightness_map(features.image)
    yield "phrase of another image", ground_condition(read_phrase(other.text), evidence)
    for name, peer in peers.items():
        yield name, peer(asked.text, features)


def _without_places(condition: PhraseCondition) -> PhraseCondition:
    return replace(condition, asked=tuple(replace(each, places={}) for each in condition.asked))


def _places_alone(condition: PhraseCondition) -> PhraseCondition:
    asked = tuple(replace(each, finding=None, polarity="present") for each in condition.asked)
    return replace(condition, asked=asked)


def centre_map(condition: PhraseCondition, evidence: EvidenceMaps) -> Array:
    """1 at the centre of mass of the places asked for, falling to -1 at the farthest corner; flat where none is."""
    weights = condition.places
    size = next(iter(evidence.places.values())).shape[0]
    cover = sum((evidence.places[place] * weight for place, weight in weights.items()), np.zeros((size, size)))
    if not cover.sum():
        return np.zeros((size, size), dtype=np.float32)
    cells = np.indices(cover.shape)
    middle = [(cells[axis] * cover).sum() / cover.sum() for axis in (0, 1)]
    away = np.hypot(cells[0] - middle[0], cells[1] - middle[1])
    return np.asarray(1 - 2 * away / away.max(), dtype=np.float32)


def brightness_map(image: Array) -> Array:
    """The film `(n, n)` in [0, 1] itself, by cell `(GRID, GRID)` in [-1, 1]."""
    step = len(image) // GRID
    cells = image.reshape(GRID, step, GRID, step).mean(axis=(1, 3))
    return np.asarray(2.0 * cells - 1.0, dtype=np.float32)


def load_peer(folder: Path, net: Path | None) -> Peer:
    """Cosines of a sentence with the tokens of a trained preset, by cell `(24, 24)`, over the maps of `net`; None: over
    the encoder's own.
    """
    decoder, text = open_session(folder / "decoder.onnx"), load_text_encoder(folder / "text")
    session = None if net is None else open_session(net)

    def similarities(sentence: str, features: Features) -> Array:
        inputs = {name: features.maps[name][None] for name in LEVELS}
        if session is not None:
            maps = session.run(list(LEVELS), network_input(features.image))
            inputs = dict(zip(LEVELS, map(np.asarray, maps), strict=True))
        look = np.asarray(decoder.run(["look"], inputs)[0][0])
        tokens = look / np.maximum(np.linalg.norm(look, axis=0, keepdims=True), 1e-12)
        return np.asarray(np.tensordot(text.encode([sentence]).vectors[0], tokens, axes=1), dtype=np.float32)

    return similarities


def measure(
    asked: Sequence[Asked], encoder: ImageEncoder, peers: Mapping[str, Peer]
) -> dict[str, dict[str, NDArray[np.float64]]]:
    """By way and measure the value of every sentence."""
    values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    last: tuple[Path | None, Any] = (None, None)
    for number, each in enumerate(asked):
        if last[0] != each.image:
            image = read_image(each.image)
            view = frontal_view(image)
            encoded = encoder.encode(view)
            last = each.image, (frontal_map(image), view, encoded, evidence_of(encoded), encoder.features(view))
        turn, view, encoded, evidence, features = last[1]
        outline = np.logical_or.reduce([np.asarray(Image.open(path)) > 0 for path in each.masks])
        mask = outline[::EVERY, ::EVERY]
        assert turn.is_identity, "outlines are drawn on the stored image"
        rows, columns = encoded.geometry.cell_edges()
        edges = columns[0], rows[0], columns[-1], rows[-1]
        seen = Box(**dict(zip(("x0", "y0", "x1", "y1"), (float(edge) / EVERY for edge in edges), strict=True)))
        other = asked[(number + len(asked) // 2) % len(asked)]
        for way, grid in maps_of(each, other, view, evidence, features, peers):
            for protocol in GROUNDING_PROTOCOLS.values():
                heat = prepare_map(grid.astype(np.float64), shape=mask.shape, protocol=protocol, seen=seen)
                for kind in GROUNDING_MEASURES.values():
                    one = kind(protocol=protocol)
                    values[way][one.name].append(one.value(heat, mask))
    return {way: {name: np.array(row) for name, row in of.items()} for way, of in values.items()}


def report_of(asked: Sequence[Asked], values: Mapping[str, Mapping[str, NDArray[np.float64]]]) -> dict[str, Any]:
    """Means with intervals, means over findings, and paired differences of the phrase's map from every other."""
    patients, findings = [each.patient for each in asked], [each.finding for each in asked]
    ways = {
        way: {
            name: {**_interval(row, patients), "macro": macro_mean(row, findings)} for name, row in of_measure.items()
        }
        for way, of_measure in values.items()
    }
    ours = values["phrase"]
    ahead = {
        way: {name: _interval(ours[name] - row, patients) for name, row in of_measure.items()}
        for way, of_measure in values.items()
        if way != "phrase"
    }
    pointing = ours["Pointing(protocol='biovil')"]
    by_finding = {
        name: {"n": findings.count(name), "pointing": float(np.mean(pointing[[each == name for each in findings]]))}
        for name in sorted(set(findings))
    }
    return {"ways": ways, "phrase_minus": ahead, "by_finding": by_finding}


def _interval(values: NDArray[np.float64], patients: Sequence[str]) -> dict[str, Any]:
    totals = PatientTotals.by_query(values, np.array(patients))
    return dict(bootstrap_means(totals, generator=np.random.default_rng(SEED))[0].as_record())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--model", default="default")
    parser.add_argument("--peer", type=Path, action="append", default=[], help="folder of a trained preset")
    parser.add_argument("--peer-net", type=Path, help="network of the maps that the peers were trained on")
    parser.add_argument("--phrases", type=int, default=300)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    asked, encoder = read_asked(args.archive, args.phrases), load_encoder(args.model)
    peers = {path.name: load_peer(path, args.peer_net) for path in args.peer}
    report = report_of(asked, measure(asked, encoder, peers))
    header = {"benchmark": "grounding", "model": encoder.version, "n": len(asked)}
    for way, row in report["ways"].items():
        print(way.ljust(26), "  ".join(f"{name} {one['mean']:.3f}" for name, one in row.items()))
    if args.out:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(json.dumps({**header, **report}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
