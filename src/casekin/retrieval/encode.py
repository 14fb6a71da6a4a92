"""From an image file to vectors: read, bring to the frontal view, encode with any regions that came along."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from casekin.anatomy import LOCATIONS
from casekin.errors import ImageError
from casekin.imaging import FrontalMap, MedicalImage, display_uint8, frontal_map, frontal_view, read_image
from casekin.imaging.lone_slice import lone_slice
from casekin.index.records import GLOBAL, IndexedImage, Kind
from casekin.models import EncodedImage, ImageEncoder
from casekin.models.ct import load_ct_encoder
from casekin.retrieval.tokens import pack_tokens
from casekin.types import Box, StoredRegion

_PREVIEW_PIXELS = 640
_PREVIEW_QUALITY = 85
Source = Path | tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedFile:
    """A file that was read and encoded. Boxes of `encoded` are in pixels of the frontal view; `turn` maps them back.

    `kind` and `model_version` say in which space its vectors lie: a CT's are never compared with a radiograph's.
    `doubt`: why a volume was encoded as its frontal projection; None for one that was measured in 3D, or a picture.
    `lone`: what a picture is that is neither film nor volume (see `lone_slice`); an index keeps it as a whole alone.
    """

    image: MedicalImage
    encoded: EncodedImage
    turn: FrontalMap
    kind: Kind = "radiograph"
    model_version: str
    doubt: str | None = None
    lone: str | None = None


def encode_file(
    source: Source, encoder: ImageEncoder, *, regions: Sequence[StoredRegion] = (), folder: Path | None = None
) -> EncodedFile:
    """Read and encode one image or series. Raises `ImageError` when it can't be read, else what `encode_image` does."""
    return encode_image(read_image(source), encoder, regions=regions, folder=folder)


def encode_image(
    image: MedicalImage,
    encoder: ImageEncoder,
    *,
    regions: Sequence[StoredRegion] = (),
    folder: Path | None = None,
    modality: str | None = None,
) -> EncodedFile:
    """Encode an image that was read: a CT of the trunk by the CT encoder, anything else by `encoder`.

    `regions` are boxes or mask files (relative to `folder`) in stored pixels; a CT's own located regions stand.
    `modality`: as the image's archive tells it, where that says more than the file. Raises `InputError` when a region
    lies outside it.
    """
    if not image.is_volume:
        return replace(_encoded_view(image, encoder, regions, folder), lone=lone_slice(image, modality=modality))
    try:
        return _encoded_volume(image, encoder)
    except ImageError as error:
        return replace(_encoded_view(image, encoder, regions, folder), doubt=str(error))


def versions_of(encoder: ImageEncoder) -> dict[Kind, str]:
    """The models that `encode_file` uses with an encoder of radiographs, by kind of image."""
    return {"radiograph": encoder.version, "ct": load_ct_encoder(encoder).version}


def _encoded_view(
    image: MedicalImage, encoder: ImageEncoder, regions: Sequence[StoredRegion], folder: Path | None
) -> EncodedFile:
    turn = frontal_map(image)
    known = {region.place: region for region in regions if region.place in LOCATIONS}
    given = {place: _region_in_view(region, turn, folder) for place, region in known.items()}
    encoded = encoder.encode(frontal_view(image), regions=given)
    return EncodedFile(image=image, encoded=encoded, turn=turn, model_version=encoder.version)


def _encoded_volume(image: MedicalImage, encoder: ImageEncoder) -> EncodedFile:
    in_depth = load_ct_encoder(encoder)
    encoded = in_depth.encode(image)
    return EncodedFile(image=image, encoded=encoded, turn=frontal_map(image), kind="ct", model_version=in_depth.version)


def mask_in_view(mask: NDArray[np.bool_], turn: FrontalMap) -> NDArray[np.bool_]:
    """A mask of the stored image `(height, width)` in the frontal view."""
    turned = mask.T if turn.transposed else mask
    turned = turned[:: -1 if turn.flip_rows else 1, :: -1 if turn.flip_columns else 1]
    rows = (np.arange(turn.frontal[0]) * turned.shape[0]) // turn.frontal[0]
    columns = (np.arange(turn.frontal[1]) * turned.shape[1]) // turn.frontal[1]
    return np.ascontiguousarray(turned[np.ix_(rows, columns)])


def indexed_image(encoded: EncodedFile, *, name: str, file_sha256: str) -> IndexedImage:
    """What the index keeps of an encoded file; `name` is the path as the archive calls it."""
    rows, columns = encoded.turn.stored
    located = encoded.encoded.region_vectors if encoded.lone is None else {}
    vectors = {GLOBAL: encoded.encoded.global_vector} | {str(place): vector for place, vector in located.items()}
    return IndexedImage(
        image=name,
        content_sha256=encoded.image.content_hash,
        file_sha256=file_sha256,
        width=columns,
        height=rows,
        turn=asdict(encoded.turn),
        vectors={region: vector.astype(np.float16) for region, vector in vectors.items()},
        boxes={str(place): box for place, box in encoded.encoded.boxes.items() if place in located},
        tokens=pack_tokens(encoded.encoded.tokens, encoded.encoded.form),
        preview=preview_jpeg(display_uint8(encoded.image)),
        kind=encoded.kind,
        model_version=encoded.model_version,
    )


def turn_of(record: Mapping[str, Any]) -> FrontalMap:
    """The stored form of a `FrontalMap`, read back."""
    sizes = {name: (int(record[name][0]), int(record[name][1])) for name in ("stored", "frontal")}
    return FrontalMap(**{**record, **sizes})


def hash_files(source: Source) -> str:
    """SHA-256 over the bytes of a file, or of a series' files in the order given."""
    digest = hashlib.sha256()
    for path in source if isinstance(source, tuple) else (source,):
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _region_in_view(region: StoredRegion, turn: FrontalMap, folder: Path | None) -> Box | NDArray[np.bool_]:
    if region.mask is not None and folder is not None:
        return mask_in_view(read_image(folder / region.mask).pixels > 0, turn)
    assert region.box is not None  # the manifest reader demands a box or a mask
    return turn.to_frontal(region.box)


def preview_jpeg(picture: NDArray[np.uint8]) -> bytes:
    """The preview that an index keeps of a picture, at most 640 pixels wide and high."""
    image = Image.fromarray(picture)
    image.thumbnail((_PREVIEW_PIXELS, _PREVIEW_PIXELS), Image.Resampling.BILINEAR)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_PREVIEW_QUALITY)
    return buffer.getvalue()
