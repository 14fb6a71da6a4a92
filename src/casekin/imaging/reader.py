"""The one door for images: any path in, a `MedicalImage` or an `ImageError` out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from casekin.errors import ImageError
from casekin.imaging.image import MedicalImage
from casekin.imaging.limits import ReadLimits, image_error
from casekin.imaging.sniff import foreign_format, sniff

_DEFAULT_LIMITS = ReadLimits()


def read_image(path: Path | Sequence[Path], *, limits: ReadLimits = _DEFAULT_LIMITS) -> MedicalImage:
    """Read one image: a DICOM, PNG, JPEG or NIfTI file, a folder with one DICOM series, or the files of one series.

    What a file is, its first bytes tell. Slices are ordered by their position in the patient.

    Raises:
        ImageError: whatever is wrong with the file, its base name, what was expected and the remedy; never a header's
            values.
    """
    files = path if isinstance(path, Path) else tuple(path)
    name = files.name if isinstance(files, Path) else (files[0].parent.name if files else "series")
    try:
        return _read(files, name, limits)
    except ImageError:
        raise
    except OSError as error:
        raise image_error(
            name, f"can't be opened or decoded ({type(error).__name__})", expected="a readable image", remedy="check it"
        ) from None
    except Exception as error:  # decoders raise anything on damaged files; their texts may quote the header
        raise image_error(
            name,
            f"is damaged or unsupported ({type(error).__name__})",
            expected="a whole image",
            remedy="export it again",
        ) from None


def iter_image_files(paths: Iterable[Path]) -> Iterator[Path | tuple[Path, ...]]:
    """Walk files and folders in sorted order: a path for each single image, a tuple of paths for each series.

    Slices of one CT, MR or PET series are grouped by SeriesInstanceUID over all folders under one given path. Files
    that are no images by their first bytes are passed over inside folders, and handed out where they were named
    themselves. Each result goes to `read_image`.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = list(walk_images(path))
        if any(kind == "dicom" for _, kind in found):
            from casekin.imaging.series import group_series  # loads pydicom

            yield from group_series([file for file, _ in found])
        else:
            yield from (file for file, _ in found)


def walk_images(folder: Path) -> Iterator[tuple[Path, str]]:
    """The images of a folder and those below, by their first bytes, with their kind; sorted, hidden ones left out.

    Names of one folder and those above it are held at a time; a folder that may not be read is passed over.
    """
    try:
        paths = sorted(folder.iterdir())
    except PermissionError:
        return
    for path in paths:
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if not path.is_symlink():  # it may lead back up
                yield from walk_images(path)
        elif path.is_file() and (kind := sniff(path)) is not None:
            yield path, kind


def _read(path: Path | tuple[Path, ...], name: str, limits: ReadLimits) -> MedicalImage:
    if isinstance(path, tuple):
        return _read_files(path, name, limits)
    kind = sniff(path)
    if kind == "folder":
        files = tuple(file for file in sorted(path.iterdir()) if file.is_file() and sniff(file) is not None)
        return _read_files(files, name, limits)
    if kind in ("png", "jpeg"):
        from casekin.imaging.raster import read_raster

        return read_raster(path, limits=limits)
    if kind == "nifti":
        from casekin.imaging.nifti import read_nifti  # loads nibabel

        return read_nifti(path, limits=limits)
    if kind == "dicom":
        from casekin.imaging.dicom import read_dicom  # loads pydicom

        return read_dicom(path, limits=limits)
    raise _unknown(path, name)


def _read_files(files: tuple[Path, ...], name: str, limits: ReadLimits) -> MedicalImage:
    """The one image that several files make."""
    from casekin.imaging.series import group_series, read_series  # loads pydicom

    images = list(group_series(files))
    volumes = [image for image in images if isinstance(image, tuple)]
    if len(volumes) == 1:  # localizers and reports beside a series don't count
        return read_series(volumes[0], name, limits=limits)
    if len(images) == 1 and isinstance(images[0], Path):
        return _read(images[0], images[0].name, limits)
    raise image_error(
        name,
        f"holds {len(images)} images" if images else "holds no image",
        expected="a folder with one series",
        remedy="name one image, or ingest the folder",
    )


def _unknown(path: Path, name: str) -> ImageError:
    if not path.exists():
        return image_error(name, "doesn't exist", expected="an image file or a folder", remedy="check the path")
    with path.open("rb") as file:
        head = file.read(1024)
    if not head:
        return image_error(name, "the file is empty", expected="an image file", remedy="copy it again")
    foreign = foreign_format(head)
    reason = f"is a {foreign} file" if foreign else "is of an unknown format"
    return image_error(name, reason, expected="DICOM, NIfTI, PNG or JPEG", remedy="convert it")
