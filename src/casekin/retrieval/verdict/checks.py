"""What a picture says of itself beside what its header says: modality, body part, view, grey values, turn, mirror.

A header that is silent is held to what searches take for granted: an upright frontal chest radiograph, bright where the
body is dense.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from casekin.anatomy import is_lateral
from casekin.imaging import MedicalImage
from casekin.models.film import Fault, FilmState, warning_level
from casekin.retrieval.encode import EncodedFile

_RADIOGRAPHS = frozenset(("CR", "DX", "DR", "XR", "RF", "RG", "PX"))
_UNTOLD = frozenset(("OT", "SC", "HC"))
"""Modalities that name none: other, a secondary capture, a hard copy; scanned films have them."""
_TURNS: tuple[tuple[Fault, str], ...] = (("turned_90", "90"), ("turned_180", "180"), ("turned_270", "270"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One property: as the header states it (None: it doesn't), as the pixels look, and whether these disagree.

    `score` in [0, 1] is how likely the pixels are other than what the header says or what is taken for granted;
    `strangeness` the same over the probability from which it is worth a warning, so at least 1 where they disagree.
    """

    name: str
    header: str | None
    pixels: str
    score: float
    strangeness: float

    @property
    def mismatch(self) -> bool:
        return self.strangeness >= 1.0

    def as_record(self) -> dict[str, Any]:
        return {**asdict(self), "mismatch": self.mismatch}


def check_image(encoded: EncodedFile) -> tuple[Check, ...]:
    """Every check that can be made of an image, in a fixed order; nothing for an encoder without a locator.

    A volume that was measured in 3D has its modality checked alone: its header's geometry says the rest.
    """
    image, film = encoded.image, encoded.encoded.film
    if encoded.kind == "ct":
        return (_modality(image, "CT", 1.0),)
    if film is None:
        return ()
    stated = image.direction is not None
    view = _check("view", image.header.view, ("frontal", "lateral"), "lateral", film, stated=stated)
    if is_lateral(image.header.view):
        view = Check(name="view", header=view.header, pixels=view.pixels, score=1.0 - film.lateral, strangeness=0.0)
    turn, degrees = max(((getattr(film, fault), (fault, name)) for fault, name in _TURNS), key=lambda one: one[0])[1]
    upright = "as PatientOrientation says" if stated else None
    return (
        _modality(image, "radiograph", 1.0 - film.no_chest),
        _check("body_part", image.header.body_part, ("CHEST", "not CHEST"), "no_chest", film, stated=stated),
        view,
        _check(
            "photometric", image.header.photometric, ("bright is dense", "inverted"), "inverted", film, stated=stated
        ),
        _check("rotation", upright, ("upright", f"turned by {degrees} degrees"), turn, film, stated=stated),
        _check("mirror", upright, ("not mirrored", "mirrored"), "mirrored", film, stated=stated),
    )


def _modality(image: MedicalImage, pixels: str, probability: float) -> Check:
    """A header that names another modality than the pixels look like disagrees; one that names none can't."""
    modality = None if image.header.modality in _UNTOLD else image.header.modality
    named = None if modality is None else "radiograph" if modality in _RADIOGRAPHS else modality
    differs = named is not None and named != pixels
    level = warning_level("no_chest", orientation_stated=False)
    score = probability if differs else 0.0
    return Check(name="modality", header=image.header.modality, pixels=pixels, score=score, strangeness=score / level)


def _check(
    name: str, header: str | None, words: tuple[str, str], fault: Fault, film: FilmState, *, stated: bool
) -> Check:
    """A check by one of the film's faults; `words` for a sound picture and a faulty one."""
    score, level = float(getattr(film, fault)), warning_level(fault, orientation_stated=stated)
    return Check(name=name, header=header, pixels=words[score >= level], score=score, strangeness=score / level)
