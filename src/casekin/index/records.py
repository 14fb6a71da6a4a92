"""What goes into the index and comes out: cases with images, facts and sentences. Identifiers are pseudonyms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from casekin.types import Box, CaseRow, Fact, Place

GLOBAL = "global"
"""Name of the whole-image vector beside the anatomies' names."""
Kind = Literal["radiograph", "ct"]
"""What an image is to a model: vectors of two kinds live in spaces of their own and are never compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedImage:
    """One encoded image.

    `vectors` maps a region's name (`global`, `left_lung` …) to a vector (dim,); a region that isn't visible is
    absent. `width` × `height` are the stored image's; `boxes` are in pixels of its frontal view, and `turn` says how
    that view lies on the stored pixels (`imaging.FrontalMap` as a mapping). `tokens` and `preview` are opaque bytes
    (packed patch tokens; JPEG as stored). `content_sha256` hashes decoded pixels, `file_sha256` the file's bytes.
    `model_version` is the model that made vectors, boxes and tokens; None: its case's.
    """

    image: str
    content_sha256: str
    file_sha256: str
    width: int
    height: int
    turn: Mapping[str, Any]
    vectors: Mapping[str, NDArray[np.float16]]
    boxes: Mapping[str, Box]
    tokens: bytes
    preview: bytes
    kind: Kind = "radiograph"
    model_version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedCase:
    """A case as it is written: pseudonymous ids, metadata, report with its facts, images, model and a resume stamp.

    `patient` is the key for exclusion: the patient group where one is given, else the patient. `stamp` says which
    source made this row; the same stamp and model mean the work need not be done again. `model_version` is the model of
    its images, but for those that name their own. `adds_images` puts those images that the stored case doesn't hold
    beside its own instead of replacing it: a study may arrive file by file.
    """

    case_id: str
    patient_id: str
    patient: str
    stamp: str
    model_version: str
    study_instance_uid: str | None = None
    accession_number: str | None = None
    modality: str | None = None
    body_part: str | None = None
    view: str | None = None
    sex: str | None = None
    age: float | None = None
    day_offset: int | None = None
    source: str | None = None
    licence: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    report: str | None = None
    facts: tuple[Fact, ...] = ()
    normal_anatomies: tuple[Place, ...] = ()
    sentences: tuple[str, ...] = ()
    images: tuple[IndexedImage, ...] = ()
    adds_images: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCase:
    """A case as it is read back, its ids pseudonyms as in `IndexedCase`; `extra` are the manifest's further fields."""

    case_id: str
    patient_id: str
    patient: str
    study_instance_uid: str | None
    accession_number: str | None
    modality: str | None
    body_part: str | None
    view: str | None
    sex: str | None
    age: float | None
    day_offset: int | None
    source: str | None
    licence: str | None
    report: str | None
    facts: tuple[Fact, ...]
    normal_anatomies: tuple[Place, ...]
    extra: Mapping[str, Any] = field(default_factory=dict)

    def as_row(self) -> CaseRow:
        """Its header fields as a manifest has them, the patient a pseudonym; without study, image and report."""
        return CaseRow(
            case_id=self.case_id,
            patient_id=self.patient,
            image="",
            modality=self.modality,
            body_part=self.body_part,
            view=self.view,
            sex=self.sex,
            age=self.age,
            day_offset=self.day_offset,
            source=self.source,
            licence=self.licence,
            extra=self.extra,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredImage:
    """One image of a stored case, with what a picture of the evidence needs.

    `boxes` and `tokens` are those of the active model of its kind; empty where that model hasn't seen the image.
    `content_sha256` hashes its decoded pixels, and names its kept file where the site keeps files.
    """

    image_id: int
    case_id: str
    kind: Kind
    width: int
    height: int
    turn: Mapping[str, Any]
    boxes: Mapping[str, Box]
    tokens: bytes
    preview: bytes
    content_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredModel:
    """A model whose vectors an index holds. `images` it has embedded; `missing` ones of its kind it has not.

    `state`: `active` answers queries of its kind, `building` is being embedded, `kept` can be activated again.
    """

    version: str
    kind: Kind
    state: Literal["building", "active", "kept"]
    images: int
    missing: int
