"""Where a place can be judged: on chest radiographs (frontal, lateral), in CT, in MR."""

from __future__ import annotations

from casekin.anatomy.tree import anatomy
from casekin.errors import InputError
from casekin.types import Place

_FRONTAL, _LATERAL = "cr_frontal", "cr_lateral"
_RADIOGRAPHS = frozenset({"CR", "DX", "RG", "XR"})
_SLICES = {"CT": "ct", "MR": "mr"}
_VIEWS = {
    "PA": _FRONTAL, "AP": _FRONTAL, "FRONTAL": _FRONTAL,
    "LL": _LATERAL, "RL": _LATERAL, "LLD": _FRONTAL, "RLD": _FRONTAL, "LATERAL": _LATERAL, "LAT": _LATERAL,
}  # fmt: skip


def is_lateral(view: str | None) -> bool:
    """Whether a radiograph of this ViewPosition shows the chest from the side; no view, or an odd one, counts not."""
    return view is not None and _VIEWS.get(view.strip().upper()) == _LATERAL


def visible_in(place: Place, *, modality: str, view: str | None = None) -> bool:
    """Whether a radiologist can judge the place in images of this modality.

    `modality` is DICOM's Modality: a radiograph (CR, DX) of the chest, or CT or MR of the body part. `view` is DICOM's
    ViewPosition or 'frontal' or 'lateral', and only narrows radiographs; without it, or with a view that is neither,
    any of the two counts. The side of a place doesn't matter. Raises `PlaceError` for an anatomy that isn't
    known and `InputError` for another modality, of which nothing is recorded.
    """
    shown = anatomy(place.anatomy).visible
    kind = modality.upper()
    if kind in _SLICES:
        return _SLICES[kind] in shown
    if kind not in _RADIOGRAPHS:
        raise InputError(f"modality: expected CR, DX, CT or MR, got {modality[:20]!r}; nothing is known of others")
    wanted = _VIEWS.get(view.upper()) if view else None
    return wanted in shown if wanted else bool(shown & {_FRONTAL, _LATERAL})
