"""Files into images: one file is one image, the files of one CT, MR or PET series are one volume."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset
from pydicom.filereader import dcmread

from casekin.imaging.dicom import check_pixels, quiet_pydicom, read_dataset, read_dicom, require_image
from casekin.imaging.dicom_header import image_header, is_localizer, number, numbers, picture_direction, text
from casekin.imaging.dicom_pixels import decode_frame, mirrored_voi, modality_values
from casekin.imaging.image import MedicalImage, Pixels, content_hash
from casekin.imaging.intensity import pixel_window
from casekin.imaging.limits import ReadLimits, check_volume, image_error
from casekin.imaging.lone_slice import SLICE_MODALITIES
from casekin.imaging.stack import SlicePlane, StackOrder, even_out, is_one_place, order_planes, require_even

_LIMITS = ReadLimits()
_HEADER_TAGS = [
    "SOPClassUID", "Modality", "SeriesInstanceUID", "ImageType", "NumberOfFrames", "ImagePositionPatient",
    "ImageOrientationPatient", "PixelSpacing", "Rows", "Columns", "AcquisitionNumber", "InstanceNumber",
    "SOPInstanceUID",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesMember:
    """One file of a series: its path, where its slice lies, and what breaks ties at one position."""

    path: Path
    series: str
    plane: SlicePlane
    tie: tuple[float, float, str]


def series_member(path: Path) -> SeriesMember | None:
    """The file as a slice of a series; None where it isn't one (other modality, multi-frame, localizer)."""
    with quiet_pydicom():
        try:
            header = dcmread(path, force=True, stop_before_pixels=True, specific_tags=list(_HEADER_TAGS))
        except Exception:  # not a series member; reading it as a file says what is wrong
            return None
        return _member(path, header)


def _member(path: Path, header: Dataset) -> SeriesMember | None:
    series, position = text(header, "SeriesInstanceUID"), numbers(header, "ImagePositionPatient")
    spacing, direction = numbers(header, "PixelSpacing"), picture_direction(header)
    rows, columns = number(header, "Rows"), number(header, "Columns")
    if series is None or (text(header, "Modality") or "").upper() not in SLICE_MODALITIES:
        return None
    if position is None or len(position) != 3 or spacing is None or len(spacing) != 2 or direction is None:
        return None
    if rows is None or columns is None or (number(header, "NumberOfFrames") or 1) > 1 or is_localizer(header):
        return None
    plane = SlicePlane(
        position=(position[0], position[1], position[2]),
        direction=direction,
        spacing_mm=(spacing[0], spacing[1]),
        shape=(int(rows), int(columns)),
    )
    tie = (
        number(header, "AcquisitionNumber") or 0.0,
        number(header, "InstanceNumber") or 0.0,
        text(header, "SOPInstanceUID") or "",
    )
    return SeriesMember(path=path, series=series, plane=plane, tie=tie)


def group_series(paths: Iterable[Path]) -> Iterator[Path | tuple[Path, ...]]:
    """Group DICOM files by series, in the order of each series' first file; others come out alone, in their place."""
    members: dict[str, list[Path]] = {}
    entries: list[Path | str] = []
    for path in paths:
        member = series_member(path)
        if member is None:
            entries.append(path)
            continue
        if member.series not in members:
            entries.append(member.series)
        members.setdefault(member.series, []).append(path)
    for entry in entries:
        if isinstance(entry, Path):
            yield entry
        else:
            files = members[entry]
            yield files[0] if len(files) == 1 else tuple(files)


def read_series(paths: Sequence[Path], name: str, *, limits: ReadLimits) -> MedicalImage:
    """Read the files of one DICOM series as a volume, ordered by position along the slices' normal.

    Of several slices at one position (phases, repetitions) the first by AcquisitionNumber, InstanceNumber and
    SOPInstanceUID is kept; where all lie at one place (timing of a contrast medium, copies), that one is the picture.
    Uneven gaps are interpolated to the usual one.

    Raises:
        ImageError: files of several series, missing slices, slices that don't fit each other, any damaged slice.
    """
    members = _members(paths, name, limits)
    if is_one_place([member.plane for member in members]):
        return read_dicom(members[0].path, limits=limits)
    files, order = _ordered(members, name, limits)
    return _stack(files, order, name, limits=limits)


def slices_in_order(paths: Sequence[Path], name: str, *, limits: ReadLimits = _LIMITS) -> tuple[Path, ...]:
    """The file of each slice of the volume that `read_series` makes of these files.

    Raises what `read_series` raises for headers, and `ImageError` where slices are interpolated, which are no file's.
    """
    files, order = _ordered(_members(paths, name, limits), name, limits)
    require_even(order, name)
    return files


def _members(paths: Sequence[Path], name: str, limits: ReadLimits) -> list[SeriesMember]:
    """The slices among files of one series, the first taken first."""
    if len(paths) > limits.max_series_files:
        raise image_error(
            name, f"holds {len(paths)} files", expected=f"at most {limits.max_series_files}", remedy="split the folder"
        )
    members = [member for member in map(series_member, paths) if member is not None]
    members.sort(key=lambda member: (member.tie, member.path.name))
    if len({member.series for member in members}) != 1:
        raise image_error(
            name,
            f"holds {len({member.series for member in members})} series of CT, MR or PET slices",
            expected="one",
            remedy="give each series a folder of its own, or ingest the folder",
        )
    return members


def _ordered(members: Sequence[SeriesMember], name: str, limits: ReadLimits) -> tuple[tuple[Path, ...], StackOrder]:
    order = order_planes([member.plane for member in members], name)
    rows, columns = members[0].plane.shape
    check_volume(name, rows * columns * len(order.indices), limits)
    return tuple(members[index].path for index in order.indices), order


def _stack(paths: Sequence[Path], order: StackOrder, name: str, *, limits: ReadLimits) -> MedicalImage:
    planes: list[Pixels] = []
    middle, mirror_sum = Dataset(), None
    with quiet_pydicom():
        for index, path in enumerate(paths):
            dataset = read_dataset(path, limits=limits)
            require_image(dataset, path.name)
            check_pixels(dataset, path.name, limits=limits, decoded_frames=1)
            values, mirror_sum = modality_values(dataset, decode_frame(dataset, path.name, index=0), path.name)
            planes.append(values)
            if index == len(paths) // 2:
                middle = dataset
        pixels = even_out(np.stack(planes), order)
        voi = mirrored_voi(middle, mirror_sum)
        return MedicalImage(
            pixels=pixels,
            window=None if voi is None else pixel_window(voi),
            spacing_mm=order.spacing_mm,
            direction=order.direction,
            origin=order.origin,
            header=image_header(middle),
            content_hash=content_hash(pixels),
            voi=voi,
            name=name,
        )
