"""Which study a loose file belongs to, from its header alone, so that the images of one study become one case."""

from __future__ import annotations

from pathlib import Path

from casekin.imaging.sniff import sniff


def study_uid_of(path: Path) -> str | None:
    """StudyInstanceUID of a DICOM file, None for other formats and where the header can't be read or has none."""
    if sniff(path) != "dicom":
        return None
    import pydicom  # loaded with the first DICOM file

    from casekin.imaging.dicom import quiet_pydicom

    try:
        with quiet_pydicom():
            header = pydicom.dcmread(path, stop_before_pixels=True, force=True, specific_tags=["StudyInstanceUID"])
            uid = str(header.get("StudyInstanceUID") or "").strip()
    except Exception:  # a damaged header raises anything; reading the image will say what is wrong with it
        return None
    return uid or None
