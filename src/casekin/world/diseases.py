"""Diseases of the simulated patients: generators of findings that belong together.

A disease draws lesions; which side and lobe they are in can't be guessed from it. Shares are those of a mixed hospital
archive, not of a population; how they differ between sites is said in `casekin.world.patients`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from casekin.world.latent import LOBES, Lesion, device, draw_lobe, draw_side, in_lobe, lesion, other_side


@dataclass(frozen=True, slots=True, kw_only=True)
class Disease:
    """A cause of findings: `weight` is its share of the diseased, `ages` the range in years it is drawn in."""

    name: str
    weight: float
    ages: tuple[int, int]
    draw: Callable[[np.random.Generator], list[Lesion]]


def _heart_failure(rng: np.random.Generator) -> list[Lesion]:
    found = [lesion(rng, "cardiomegaly")]
    if rng.random() < 0.75:
        found.append(lesion(rng, "pulmonary_edema", side="bilateral"))
    first = draw_side(rng)
    if rng.random() < 0.8:
        found.append(lesion(rng, "pleural_effusion", side=first))
        if rng.random() < 0.65:
            found.append(lesion(rng, "pleural_effusion", side=other_side(first), worst=2))
    if rng.random() < 0.25:
        found.append(device(rng, "pacemaker"))
    return found


def _pneumonia(rng: np.random.Generator) -> list[Lesion]:
    found = [in_lobe(rng, "consolidation")]
    side = found[0].side
    if rng.random() < 0.35:
        found.append(in_lobe(rng, "consolidation"))
    if rng.random() < 0.35:
        found.append(lesion(rng, "pleural_effusion", side=side, worst=2))
    if rng.random() < 0.15:
        found.append(lesion(rng, "hilar_enlargement", side=side, worst=1))
    return found


def _viral_pneumonia(rng: np.random.Generator) -> list[Lesion]:
    count = int(rng.integers(2, 5))
    chosen = sorted(int(i) for i in rng.choice(len(LOBES), size=count, replace=False))
    found = [lesion(rng, "ground_glass_opacity", anatomy=LOBES[i][0], side=LOBES[i][1]) for i in chosen]
    if rng.random() < 0.25:
        found.append(in_lobe(rng, "consolidation"))
    return found


def _copd(rng: np.random.Generator) -> list[Lesion]:
    if rng.random() < 0.6:
        found = [lesion(rng, "emphysema", side="bilateral")]
    else:
        found = [lesion(rng, "emphysema", anatomy="upper_lobe", side=draw_side(rng))]
    if rng.random() < 0.18:
        found.append(lesion(rng, "pneumothorax", side=draw_side(rng)))
    if rng.random() < 0.25:
        found.append(in_lobe(rng, "nodule"))
    if rng.random() < 0.2:
        found.append(in_lobe(rng, "consolidation"))
    return found


def _interstitial(rng: np.random.Generator) -> list[Lesion]:
    if rng.random() < 0.5:
        found = [lesion(rng, "fibrosis", side="bilateral")]
    else:
        found = [lesion(rng, "fibrosis", anatomy="lower_lobe", side=draw_side(rng))]
    if rng.random() < 0.3:
        found.append(in_lobe(rng, "ground_glass_opacity"))
    if rng.random() < 0.2:
        found.append(lesion(rng, "cardiomegaly", worst=1))
    return found


def _granulomatous(rng: np.random.Generator) -> list[Lesion]:
    side = draw_side(rng)
    anatomy = "upper_lobe" if rng.random() < 0.6 else draw_lobe(rng, side=side)[0]
    found = [lesion(rng, "calcified_granuloma", anatomy=anatomy, side=side)]
    if rng.random() < 0.3:
        found.append(in_lobe(rng, "calcified_granuloma"))
    if rng.random() < 0.35:
        found.append(lesion(rng, "pleural_thickening", side=side, worst=2))
    if rng.random() < 0.25:
        found.append(lesion(rng, "hilar_enlargement", side=side, worst=2))
    return found


def _lung_cancer(rng: np.random.Generator) -> list[Lesion]:
    found = [in_lobe(rng, "mass" if rng.random() < 0.6 else "nodule")]
    side = found[0].side
    if rng.random() < 0.4:
        found.append(lesion(rng, "hilar_enlargement", side=side))
    if rng.random() < 0.35:
        found.append(in_lobe(rng, "atelectasis", side=side))
    if rng.random() < 0.35:
        found.append(lesion(rng, "pleural_effusion", side=side))
    if rng.random() < 0.2:
        found.append(lesion(rng, "mediastinal_widening"))
    found += [in_lobe(rng, "nodule") for _ in range(int(rng.integers(0, 3)))]
    if rng.random() < 0.25:
        found.append(device(rng, "central_venous_catheter"))
    return found


def _trauma(rng: np.random.Generator) -> list[Lesion]:
    side = draw_side(rng)
    found = [lesion(rng, "rib_fracture", side=side)]
    if rng.random() < 0.45:
        found.append(lesion(rng, "pneumothorax", side=side))
        if rng.random() < 0.5:
            found.append(device(rng, "chest_tube", side=side))
    if rng.random() < 0.3:
        found.append(lesion(rng, "pleural_effusion", side=side))
    if rng.random() < 0.3:
        found.append(in_lobe(rng, "consolidation", side=side))
    if rng.random() < 0.1:
        found.append(lesion(rng, "mediastinal_widening"))
    return found


def _critical_illness(rng: np.random.Generator) -> list[Lesion]:
    found = [device(rng, "endotracheal_tube")] if rng.random() < 0.75 else []
    for name, share in (("nasogastric_tube", 0.6), ("central_venous_catheter", 0.65)):
        if rng.random() < share:
            found.append(device(rng, name))
    if rng.random() < 0.55:
        found.append(in_lobe(rng, "atelectasis"))
    if rng.random() < 0.45:
        found.append(lesion(rng, "pleural_effusion", side=draw_side(rng)))
    if rng.random() < 0.35:
        found.append(in_lobe(rng, "consolidation"))
    if rng.random() < 0.3:
        found.append(lesion(rng, "pulmonary_edema", side="bilateral"))
    if rng.random() < 0.12:
        side = draw_side(rng)
        found += [lesion(rng, "pneumothorax", side=side), device(rng, "chest_tube", side=side)]
    return found or [device(rng, "central_venous_catheter")]


def _perforation(rng: np.random.Generator) -> list[Lesion]:
    found = [lesion(rng, "pneumoperitoneum")]
    if rng.random() < 0.5:
        found.append(device(rng, "nasogastric_tube"))
    if rng.random() < 0.4:
        found.append(in_lobe(rng, "atelectasis", worst=2))
    return found


def _asbestos(rng: np.random.Generator) -> list[Lesion]:
    side = draw_side(rng)
    found = [lesion(rng, "pleural_thickening", side=side)]
    if rng.random() < 0.5:
        found.append(lesion(rng, "pleural_thickening", side=other_side(side), worst=2))
    if rng.random() < 0.25:
        found.append(lesion(rng, "pleural_effusion", side=draw_side(rng), worst=1))
    if rng.random() < 0.25:
        found.append(lesion(rng, "fibrosis", side="bilateral", worst=2))
    return found


def _hiatal_hernia(rng: np.random.Generator) -> list[Lesion]:
    found = [lesion(rng, "hiatal_hernia")]
    if rng.random() < 0.3:
        found.append(lesion(rng, "atelectasis", anatomy="lower_lobe", side=draw_side(rng), worst=1))
    return found


def _mediastinal_disease(rng: np.random.Generator) -> list[Lesion]:
    found = [lesion(rng, "mediastinal_widening")]
    if rng.random() < 0.4:
        found.append(lesion(rng, "hilar_enlargement", side=draw_side(rng)))
    if rng.random() < 0.2:
        found.append(lesion(rng, "pleural_effusion", side=draw_side(rng)))
    return found


def _sarcoidosis(rng: np.random.Generator) -> list[Lesion]:
    side = draw_side(rng)
    found = [lesion(rng, "hilar_enlargement", side=side)]
    if rng.random() < 0.6:
        found.append(lesion(rng, "hilar_enlargement", side=other_side(side)))
    if rng.random() < 0.3:
        found.append(in_lobe(rng, "nodule"))
    return found


def _after_surgery(rng: np.random.Generator) -> list[Lesion]:
    found = [in_lobe(rng, "atelectasis")]
    if rng.random() < 0.4:
        found.append(lesion(rng, "pleural_effusion", side=draw_side(rng), worst=2))
    if rng.random() < 0.4:
        found.append(device(rng, "central_venous_catheter"))
    if rng.random() < 0.3:
        side = draw_side(rng)
        found += [lesion(rng, "pneumothorax", side=side, worst=1), device(rng, "chest_tube", side=side)]
    return found


def _hypertensive_heart(rng: np.random.Generator) -> list[Lesion]:
    return [lesion(rng, "cardiomegaly", worst=2), *([device(rng, "pacemaker")] if rng.random() < 0.25 else [])]


def _spontaneous_pneumothorax(rng: np.random.Generator) -> list[Lesion]:
    side = draw_side(rng)
    drained = rng.random() < 0.3
    return [lesion(rng, "pneumothorax", side=side), *([device(rng, "chest_tube", side=side)] if drained else [])]


def _incidental_nodule(rng: np.random.Generator) -> list[Lesion]:
    return [in_lobe(rng, "nodule")]


DISEASES: tuple[Disease, ...] = (
    Disease(name="heart_failure", weight=12, ages=(50, 95), draw=_heart_failure),
    Disease(name="pneumonia", weight=13, ages=(18, 95), draw=_pneumonia),
    Disease(name="viral_pneumonia", weight=7, ages=(18, 90), draw=_viral_pneumonia),
    Disease(name="copd", weight=8, ages=(45, 90), draw=_copd),
    Disease(name="interstitial_lung_disease", weight=5, ages=(45, 88), draw=_interstitial),
    Disease(name="granulomatous_disease", weight=6, ages=(25, 90), draw=_granulomatous),
    Disease(name="lung_cancer", weight=9, ages=(45, 88), draw=_lung_cancer),
    Disease(name="trauma", weight=6, ages=(18, 90), draw=_trauma),
    Disease(name="critical_illness", weight=11, ages=(20, 90), draw=_critical_illness),
    Disease(name="perforation", weight=4, ages=(25, 90), draw=_perforation),
    Disease(name="asbestos_exposure", weight=4, ages=(50, 90), draw=_asbestos),
    Disease(name="hiatal_hernia", weight=4, ages=(45, 92), draw=_hiatal_hernia),
    Disease(name="mediastinal_disease", weight=4, ages=(20, 88), draw=_mediastinal_disease),
    Disease(name="sarcoidosis", weight=4, ages=(22, 65), draw=_sarcoidosis),
    Disease(name="after_surgery", weight=5, ages=(25, 88), draw=_after_surgery),
    Disease(name="hypertensive_heart_disease", weight=5, ages=(45, 92), draw=_hypertensive_heart),
    Disease(name="spontaneous_pneumothorax", weight=3, ages=(18, 45), draw=_spontaneous_pneumothorax),
    Disease(name="incidental_nodule", weight=4, ages=(35, 90), draw=_incidental_nodule),
)
