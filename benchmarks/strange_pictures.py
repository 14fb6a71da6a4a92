"""Pictures that don't belong among frontal chest radiographs, and sound ones beside them, as encoded files."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casekin.errors import CasekinError
from casekin.imaging import MedicalImage, frontal_map, frontal_view, read_image
from casekin.models import ImageEncoder
from casekin.retrieval.encode import EncodedFile

SOUND = "sound"
FAR = ("blank", "noise", "other_body_part", "photograph", "other_organ")
"""Kinds that show no chest radiograph at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An encoded picture, what is wrong with it (`SOUND`: nothing), whose it is, and two numbers of its grey values."""

    kind: str
    patient: str
    encoded: EncodedFile
    intensity: float
    entropy: float


def encode(image: MedicalImage, encoder: ImageEncoder, *, kind: str, patient: str) -> Picture:
    view = frontal_view(image)
    counts, _ = np.histogram(view, bins=64, range=(0.0, 1.0))
    shares = counts[counts > 0] / counts.sum()
    kept = replace(image, pixels=image.pixels[:1, :1])  # a few hundred whole films don't fit into memory
    return Picture(
        kind=kind,
        patient=patient,
        encoded=EncodedFile(
            image=kept, encoded=encoder.encode(view), turn=frontal_map(image), model_version=encoder.version
        ),
        intensity=float(view.mean()),
        entropy=float(-(shares * np.log(shares)).sum()),
    )


def shown_wrongly(image: MedicalImage, turns: int) -> Iterator[tuple[str, MedicalImage]]:
    """The image as it is and with one fault each, under the same header."""
    pixels = image.pixels
    yield SOUND, image
    yield "mirrored", replace(image, pixels=np.ascontiguousarray(pixels[:, ::-1]))
    yield "turned", replace(image, pixels=np.ascontiguousarray(np.rot90(pixels, turns)))
    yield "inverted", replace(image, pixels=pixels.max() + pixels.min() - pixels, window=_mirrored(image))


def _mirrored(image: MedicalImage) -> tuple[float, float] | None:
    if image.window is None:
        return None
    total = float(image.pixels.max() + image.pixels.min())
    return total - image.window[1], total - image.window[0]


def simulated_pictures(archive: Path, patients: Collection[str], encoder: ImageEncoder) -> Iterator[Picture]:
    """One film of each of these patients (ids of the manifest) as it is and shown wrongly; then the archive's `ood`."""
    seen: set[str] = set()
    for row in _rows(archive / "manifest.jsonl"):
        patient = row["patient_id"]
        if patient in patients and patient not in seen:
            seen.add(patient)
            for kind, image in shown_wrongly(read_image(archive / row["image"]), len(seen) % 3 + 1):
                yield encode(image, encoder, kind=kind, patient=patient)
    kinds = {row["case_id"]: row["kind"] for row in _rows(archive / "ood" / "truth.jsonl")}
    for row in _rows(archive / "ood" / "manifest.jsonl"):
        image = read_image(archive / "ood" / row["image"])
        yield encode(image, encoder, kind=kinds[row["case_id"]], patient=row["patient_id"])


def real_pictures(data: Path, encoder: ImageEncoder) -> Iterator[Picture]:
    """Photographs in quarters, and slices of CT and MR volumes of other organs, from the folder of real data."""
    for folder in ("histology", "retina"):
        for path in sorted((data / "other" / folder).glob("*.jpg")):
            image = read_image(path)
            rows, columns = (size // 2 for size in image.pixels.shape)
            for top in (0, rows):
                for left in (0, columns):
                    part = np.ascontiguousarray(image.pixels[top : top + rows, left : left + columns])
                    yield encode(replace(image, pixels=part), encoder, kind="photograph", patient=path.name)
    for path in sorted((data / "volumes").glob("*.nii.gz")):
        if any(word in path.name for word in ("seg", "label", "aal", "brodmann")):
            continue
        try:
            volume = read_image(path)
        except CasekinError:
            continue
        if volume.is_volume:
            for share in (0.35, 0.5, 0.65):
                yield encode(_slice(volume, share), encoder, kind="other_organ", patient=path.name)


def _slice(volume: MedicalImage, share: float) -> MedicalImage:
    pixels: NDArray[np.float32] = volume.pixels[int(len(volume.pixels) * share)]
    header = replace(volume.header, modality="DX", body_part="CHEST")
    spacing = None if volume.spacing_mm is None else volume.spacing_mm[1:]
    return replace(volume, pixels=pixels, window=None, direction=None, spacing_mm=spacing, header=header)


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
