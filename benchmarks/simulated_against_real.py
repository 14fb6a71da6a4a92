"""Promise: a simple classifier has trouble telling simulated radiographs from real ones; the AUC says how much trouble.

    python benchmarks/simulated_against_real.py [--data FOLDER] [--patients N]   # writes results/ beside it

One examination of each of N simulated patients against N real radiographs without near-duplicates. Two logistic
regressions, cross-validated in five folds that keep a patient's images together: on eight principal components of
64 × 64 thumbnails (fitted inside each fold), and on grey-level and texture statistics. 0.5 would be indistinguishable;
the interval is by patient.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage, optimize, stats

from casekin.evaluation.statistics import bootstrap_statistic
from casekin.settings import read_settings
from casekin.world.case_files import ArchiveSettings, patient_body, render_exam
from casekin.world.patients import sample_patient
from floors import read_rows

Floats = NDArray[np.float64]
SIZE, THUMBNAIL, COMPONENTS, FOLDS, PENALTY = 256, 64, 8, 5, 0.01


def square(image: Image.Image, size: int = SIZE) -> Floats:
    """Grey values in [0, 1], stretched to `size` × `size`."""
    return np.asarray(image.convert("L").resize((size, size), Image.Resampling.BILINEAR), float) / 255


def simulated(patients: int, seed: int) -> list[Floats]:
    """One radiograph of each patient, the last of the patient's examinations."""
    settings = ArchiveSettings(patients=patients, seed=seed, modality="cr", format="png", size=512)
    images = []
    for number in range(patients):
        patient = sample_patient(number, seed=seed)
        picture, _ = render_exam(patient, patient.exams[-1], patient_body(patient, seed=seed), settings)
        grey = (picture.pixels.astype(float) / (2**picture.bits - 1) * 255).astype(np.uint8)
        images.append(square(Image.fromarray(grey)))
    return images


def statistics(image: Floats) -> Floats:
    """Histogram, mean, spread, and detail at four scales within the middle of the picture."""
    values = [np.histogram(image, 16, (0, 1))[0] / image.size, [image.mean(), image.std()]]
    for sigma in (1, 2, 4, 8):
        smooth = ndimage.gaussian_filter(image, sigma)
        detail = (image - smooth)[40:216, 40:216].std()
        values.append([detail, np.abs(np.diff(smooth, axis=0)).mean(), np.abs(np.diff(smooth, axis=1)).mean()])
    return np.concatenate(values)


def thumbnail(image: Floats) -> Floats:
    step = SIZE // THUMBNAIL
    return image.reshape(THUMBNAIL, step, THUMBNAIL, step).mean(axis=(1, 3)).ravel()


def fit(features: Floats, labels: Floats) -> Floats:
    """Weights and bias of a ridge-penalised logistic regression; labels are -1 or 1."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        margin = labels * (features @ weights[:-1] + weights[-1])
        pull = -labels / (1 + np.exp(np.clip(margin, -60, 60))) / len(labels)
        value = np.logaddexp(0, -margin).mean() + 0.5 * PENALTY * weights[:-1] @ weights[:-1]
        return float(value), np.append(features.T @ pull + PENALTY * weights[:-1], pull.sum())

    return np.asarray(optimize.minimize(loss, np.zeros(features.shape[1] + 1), jac=True, method="L-BFGS-B").x)


def cross_validated(features: Floats, labels: Floats, groups: list[str], components: int | None) -> Floats:
    """A score for each image from a classifier that never saw its patient."""
    names = sorted(set(groups))
    order = np.random.default_rng(0).permutation(len(names))
    fold_of = {names[k]: i % FOLDS for i, k in enumerate(order)}
    folds = np.array([fold_of[g] for g in groups])
    scores = np.zeros(len(labels))
    for fold in range(FOLDS):
        known, held = folds != fold, folds == fold
        middle = features[known].mean(axis=0)
        seen, new = features[known] - middle, features[held] - middle
        if components is not None:
            axes = np.linalg.svd(seen, full_matrices=False)[2][:components].T
            seen, new = seen @ axes, new @ axes
        spread = seen.std(axis=0) + 1e-9
        weights = fit(seen / spread, labels[known])
        scores[held] = new / spread @ weights[:-1]
    return scores


def area(scores: Floats, labels: Floats) -> float:
    """Area under the ROC curve, ties counted half."""
    ranks, positive = stats.rankdata(scores), labels > 0
    n = int(positive.sum())
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * (len(labels) - n)))


def interval(scores: Floats, labels: Floats, patients: list[str]) -> dict[str, Any]:
    """The area with its 95 % interval by patient."""
    found = bootstrap_statistic(
        lambda rows: area(scores[rows], labels[rows]), patients, generator=np.random.default_rng(0)
    )
    return {"auc": found.mean, "lo": found.lo, "hi": found.hi, "n": found.n, "patients": found.patients}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=read_settings().real_data)
    parser.add_argument("--patients", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.data is None:
        parser.error("no real data: set CASEKIN_REAL_DATA or give --data")
    rows = [row for row in read_rows(options.data) if not row.get("duplicate_of")]
    chosen = np.random.default_rng(options.seed).permutation(len(rows))[: options.patients]
    real = [square(Image.open(options.data / "cxr" / rows[k]["image"])) for k in chosen]
    made = simulated(options.patients, options.seed)
    groups = [f"simulated-{k}" for k in range(len(made))] + [str(rows[k]["patient_group"]) for k in chosen]
    labels = np.array([-1.0] * len(made) + [1.0] * len(real))
    images = made + real
    result = {
        "thumbnails": interval(
            cross_validated(np.stack([thumbnail(i) for i in images]), labels, groups, COMPONENTS), labels, groups
        ),
        "statistics": interval(
            cross_validated(np.stack([statistics(i) for i in images]), labels, groups, None), labels, groups
        ),
    }
    target = Path(__file__).parent / "results" / "simulated_against_real.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
