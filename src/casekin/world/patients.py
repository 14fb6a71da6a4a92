"""Simulated patients: who they are, what they have, and how it changes from one examination to the next.

`sample_patient(index, seed=...)` needs nothing but numpy: no picture is drawn here. A patient is a pure function of the
archive's seed and the patient's number, so patients can be made in any order and by any number of processes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from casekin.types import SEVERITIES, Change, Fact
from casekin.world.diseases import DISEASES
from casekin.world.latent import (
    PARENCHYMAL,
    SIZE_LIMITS_MM,
    Lesion,
    device,
    draw_side,
    in_lobe,
    lesion,
    severity_of_size,
)

Sex = Literal["F", "M"]
Split = Literal["train", "validation", "test"]

# Ten consecutive patients always hold seven, one and two of the splits, in an order that the seed decides.
_SPLIT_BLOCK: tuple[Split, ...] = ("train",) * 7 + ("validation",) + ("test",) * 2
_PATIENT_STREAM, _SPLIT_STREAM = 1, 2
# A diameter has changed when it differs by this much: less is within the error of measurement.
_SIZE_CHANGE_MM = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteProfile:
    """Who is examined at a site, and how: shares of the normal, of portable and supine films, and its own diseases.

    `name` is that of the renderer's site, which gives the look; shares of portable and supine films agree with the text
    that a site burns into its pictures.
    """

    name: str
    share: float
    normal: float
    portable: float
    supine: float
    factors: Mapping[str, float]


SITE_PROFILES: tuple[SiteProfile, ...] = (
    SiteProfile(
        name="north",
        share=0.2,
        normal=0.4,
        portable=0.1,
        supine=0.3,
        factors={"trauma": 1.5, "perforation": 2.0, "spontaneous_pneumothorax": 2.0, "pneumonia": 1.4},
    ),
    SiteProfile(
        name="harbour",
        share=0.18,
        normal=0.54,
        portable=0.0,
        supine=0.0,
        factors={"critical_illness": 0.0, "perforation": 0.1, "trauma": 0.3},
    ),
    SiteProfile(
        name="hill",
        share=0.12,
        normal=0.38,
        portable=0.15,
        supine=0.3,
        factors={"granulomatous_disease": 4.0, "hiatal_hernia": 1.5},
    ),
    SiteProfile(
        name="river",
        share=0.12,
        normal=0.22,
        portable=0.1,
        supine=0.2,
        factors={"lung_cancer": 5.0, "mediastinal_disease": 2.5, "trauma": 0.1},
    ),
    SiteProfile(
        name="field",
        share=0.14,
        normal=0.06,
        portable=1.0,
        supine=0.4,
        factors={"critical_illness": 6.0, "after_surgery": 2.0, "incidental_nodule": 0.1, "sarcoidosis": 0.1},
    ),
    SiteProfile(
        name="crown",
        share=0.08,
        normal=0.28,
        portable=0.0,
        supine=0.0,
        factors={"copd": 3.0, "interstitial_lung_disease": 4.0, "asbestos_exposure": 4.0, "sarcoidosis": 3.0},
    ),
    SiteProfile(
        name="lake",
        share=0.1,
        normal=0.3,
        portable=1.0,
        supine=1.0,
        factors={"trauma": 5.0, "critical_illness": 2.5, "perforation": 2.0, "incidental_nodule": 0.2},
    ),
    SiteProfile(
        name="old",
        share=0.06,
        normal=0.42,
        portable=0.1,
        supine=0.2,
        factors={"granulomatous_disease": 2.0, "viral_pneumonia": 0.3, "after_surgery": 0.5},
    ),
)
_BEDSIDE_SITES: tuple[str, ...] = ("field", "lake")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """One examination: `facts` are in the picture, `equivocal` can't be decided, `resolved` were there the last time.

    `facts` carry polarity present and the change since the examination before (None at the first); `equivocal` carry
    polarity uncertain and are not drawn; `resolved` carry polarity absent and change resolved.
    """

    number: int
    day_offset: int
    site: str
    portable: bool
    supine: bool
    facts: tuple[Fact, ...]
    equivocal: tuple[Fact, ...]
    resolved: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A simulated person; `age` in whole years at the first examination, `exams` in the order of time."""

    number: int
    patient_id: str
    sex: Sex
    age: int
    split: Split
    diseases: tuple[str, ...]
    exams: tuple[Exam, ...]


def split_of(number: int, *, seed: int) -> Split:
    """The split of a patient: 7 : 1 : 2 within each ten patients."""
    block, within = divmod(number, len(_SPLIT_BLOCK))
    order = np.random.default_rng([seed, _SPLIT_STREAM, block]).permutation(len(_SPLIT_BLOCK))
    return _SPLIT_BLOCK[int(order[within])]


def sample_patient(number: int, *, seed: int) -> Patient:
    """Patient `number` (from 0) of the archive with this seed: diseases, and one to four examinations with changes."""
    rng = np.random.default_rng([seed, _PATIENT_STREAM, number])
    site = SITE_PROFILES[int(rng.choice(len(SITE_PROFILES), p=[profile.share for profile in SITE_PROFILES]))]
    diseases, age = _sample_diseases(rng, site)
    lesions = _without_conflicts([found for disease in diseases for found in disease_lesions(rng, disease)])
    lesions = _without_conflicts(lesions + _incidental(rng, age))
    return Patient(
        number=number,
        patient_id=f"sim{seed}-{number:06d}",
        sex="F" if rng.random() < 0.48 else "M",
        age=age,
        split=split_of(number, seed=seed),
        diseases=diseases,
        exams=_sample_exams(rng, lesions, site=site),
    )


def disease_lesions(rng: np.random.Generator, name: str) -> list[Lesion]:
    """The lesions that one draw of the named disease gives."""
    return next(disease for disease in DISEASES if disease.name == name).draw(rng)


def _sample_diseases(rng: np.random.Generator, profile: SiteProfile) -> tuple[tuple[str, ...], int]:
    age = int(np.clip(rng.normal(60, 17), 18, 95))
    if rng.random() < profile.normal:
        return (), age
    weights = np.array(
        [
            disease.weight
            * profile.factors.get(disease.name, 1.0)
            * (1.0 if disease.ages[0] <= age <= disease.ages[1] else 0.0)
            for disease in DISEASES
        ]
    )
    count = 2 if rng.random() < 0.22 else 1
    chosen = rng.choice(len(DISEASES), size=count, replace=False, p=weights / weights.sum())
    return tuple(DISEASES[int(i)].name for i in chosen), age


def _incidental(rng: np.random.Generator, age: int) -> list[Lesion]:
    """What is found beside the disease: old granulomas, healed ribs, hernias, pacemakers."""
    found: list[Lesion] = []
    if rng.random() < 0.04:
        found.append(in_lobe(rng, "calcified_granuloma"))
    if rng.random() < 0.02:
        found.append(lesion(rng, "rib_fracture", side=draw_side(rng), worst=1))
    if rng.random() < (0.04 if age > 65 else 0.005):
        found.append(lesion(rng, "hiatal_hernia", worst=2))
    if rng.random() < (0.04 if age > 65 else 0.0):
        found.append(device(rng, "pacemaker"))
    return found


def _without_conflicts(lesions: list[Lesion]) -> list[Lesion]:
    """The lesions in order, without those that can't stand beside an earlier one.

    One finding stands at a place once; of the findings that fill a lobe there is one in each; the same finding is
    not both in a whole lung and in its part; there is one pneumothorax, and one of each midline device.
    """
    kept: list[Lesion] = []
    for candidate in lesions:
        if not any(_conflict(candidate, other) for other in kept):
            kept.append(candidate)
    return kept


def _conflict(one: Lesion, other: Lesion) -> bool:
    if one.finding == other.finding:
        single = one.finding in ("pneumothorax", "emphysema", "fibrosis", "pacemaker", "chest_tube")
        return single or one.side is None or one.place == other.place
    filling = ("consolidation", "ground_glass_opacity", "atelectasis", "mass")
    return one.finding in filling and other.finding in filling and one.place == other.place


def _sample_exams(rng: np.random.Generator, lesions: list[Lesion], *, site: SiteProfile) -> tuple[Exam, ...]:
    count = 1 + int(rng.choice(4, p=(0.42, 0.27, 0.18, 0.13)))
    exams: list[Exam] = []
    day, before = 0, None
    for number in range(count):
        if before is not None:
            hurried = any(found.course in ("acute", "device") for found in before)
            day += int(rng.integers(1, 12)) if hurried and rng.random() < 0.75 else int(rng.integers(30, 500))
            lesions = _evolve(rng, before)
        exams.append(_sample_exam(rng, lesions, before, number=number, day=day, site=site))
        before = lesions
        if rng.random() < 0.1:
            site = SITE_PROFILES[int(rng.integers(len(SITE_PROFILES)))]
    return tuple(exams)


def _sample_exam(
    rng: np.random.Generator,
    lesions: list[Lesion],
    before: list[Lesion] | None,
    *,
    number: int,
    day: int,
    site: SiteProfile,
) -> Exam:
    intubated = any(found.finding == "endotracheal_tube" for found in lesions)
    if intubated and site.name not in _BEDSIDE_SITES:
        name = _BEDSIDE_SITES[int(rng.integers(len(_BEDSIDE_SITES)))]
        site = next(profile for profile in SITE_PROFILES if profile.name == name)
    portable = bool(rng.random() < site.portable)
    places = {(found.finding, found.place) for found in lesions}
    return Exam(
        number=number,
        day_offset=day,
        site=site.name,
        portable=portable,
        supine=portable and bool(rng.random() < site.supine),
        facts=tuple(_as_fact(found, _change(found, before)) for found in lesions),
        equivocal=_equivocal(rng, lesions),
        resolved=tuple(
            Fact(finding=old.finding, anatomy=old.anatomy, side=old.side, polarity="absent", change="resolved")
            for old in before or []
            if (old.finding, old.place) not in places
        ),
    )


def _as_fact(found: Lesion, change: Change | None) -> Fact:
    return Fact(
        finding=found.finding,
        anatomy=found.anatomy,
        side=found.side,
        polarity="present",
        severity=found.severity,
        size_mm=None if found.size_mm is None else float(found.size_mm),
        change=change,
    )


def _change(found: Lesion, before: list[Lesion] | None) -> Change | None:
    if before is None:
        return None
    old = next((o for o in before if o.finding == found.finding and o.place == found.place), None)
    if old is None:
        return "new"
    if found.size_mm is not None and old.size_mm is not None:
        difference = found.size_mm - old.size_mm
        return "stable" if abs(difference) < _SIZE_CHANGE_MM else ("increased" if difference > 0 else "decreased")
    if found.severity is None or old.severity is None or found.severity == old.severity:
        return "stable"
    return "increased" if SEVERITIES.index(found.severity) > SEVERITIES.index(old.severity) else "decreased"


def _equivocal(rng: np.random.Generator, lesions: list[Lesion]) -> tuple[Fact, ...]:
    """Now and then a finding that can be neither seen nor ruled out; never one that is there anyway."""
    if rng.random() >= 0.05:
        return ()
    finding = ("pleural_effusion", "nodule", "consolidation", "atelectasis")[int(rng.integers(4))]
    if any(found.finding == finding for found in lesions):
        return ()
    drawn = in_lobe(rng, finding) if finding in PARENCHYMAL else lesion(rng, finding, side=draw_side(rng))
    if any(found.place == drawn.place for found in lesions):
        return ()
    size_mm = 6.0 if finding == "nodule" else None
    return (Fact(finding=finding, anatomy=drawn.anatomy, side=drawn.side, polarity="uncertain", size_mm=size_mm),)


def _evolve(rng: np.random.Generator, lesions: list[Lesion]) -> list[Lesion]:
    """The lesions at the next examination: some change, some go, some come."""
    later = [changed for found in lesions if (changed := _evolve_one(rng, found)) is not None]
    drained = any(found.finding == "pneumothorax" for found in later)
    later = [found for found in later if found.finding != "chest_tube" or drained or rng.random() < 0.5]
    if rng.random() < (0.35 if lesions else 0.18):
        later += _complication(rng, lesions)
    return _without_conflicts(later)


def _evolve_one(rng: np.random.Generator, found: Lesion) -> Lesion | None:
    if found.course == "device":
        return found if rng.random() < 0.6 else None
    if found.course == "acute" and rng.random() < 0.27:
        return None
    if found.size_mm is not None:
        low, high = SIZE_LIMITS_MM[found.finding]
        step = int(rng.choice((0, 0, 4, 6, 9, -4))) if found.course == "growing" else 0
        size_mm = int(np.clip(found.size_mm + step, low, high))
        return replace(found, size_mm=size_mm, severity=severity_of_size(found.finding, size_mm))
    shares = (0.34, 0.36, 0.3) if found.course == "acute" else (0.04, 0.82, 0.14)
    if found.finding in ("rib_fracture", "hiatal_hernia", "pacemaker") or found.severity is None:
        return found
    index = SEVERITIES.index(found.severity) + int(rng.choice((-1, 0, 1), p=shares))
    return replace(found, severity=SEVERITIES[int(np.clip(index, 0, len(SEVERITIES) - 1))])


def _complication(rng: np.random.Generator, lesions: list[Lesion]) -> list[Lesion]:
    kind = int(rng.integers(6))
    if kind == 0:
        return [lesion(rng, "pleural_effusion", side=draw_side(rng))]
    if kind == 1:
        return [in_lobe(rng, "atelectasis", worst=2)]
    if kind == 2:
        return [in_lobe(rng, "consolidation")]
    if kind == 3:
        side = draw_side(rng)
        tube = [device(rng, "chest_tube", side=side)] if rng.random() < 0.4 else []
        return [lesion(rng, "pneumothorax", side=side, worst=2), *tube]
    if kind == 4:
        return [lesion(rng, "pulmonary_edema", side="bilateral", worst=2)]
    name = ("central_venous_catheter", "nasogastric_tube", "endotracheal_tube")[int(rng.integers(3))]
    return [device(rng, name)]
