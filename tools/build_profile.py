"""Write the confidentiality profile's table of attributes from the edition that dicom-anonymizer carries.

`pip install dicom-anonymizer`, then `python tools/build_profile.py`. A line is a tag (`X` stands for any digit), the
action of the Basic Application Level Confidentiality Profile (DICOM PS3.15, table E.1-1), and the keyword. Taken is
the standard's assignment of actions to tags; none of the package's code is used.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dicomanonymizer.dicom_anonymization_databases import dicomfields_2026c as fields
from pydicom.datadict import keyword_for_tag
from pydicom.tag import Tag

TABLE = Path(__file__).parents[1] / "src/casekin/imaging/deidentify/profile.tsv"
EDITION = "2026c"
ACTIONS = {
    "D": fields.D_TAGS,
    "Z": fields.Z_TAGS,
    "X": fields.X_TAGS,
    "U": fields.U_TAGS,
    "Z/D": fields.Z_D_TAGS,
    "X/Z": fields.X_Z_TAGS,
    "X/D": fields.X_D_TAGS,
    "X/Z/D": fields.X_Z_D_TAGS,
    "X/Z/U*": fields.X_Z_U_STAR_TAGS,
}


def build_table() -> str:
    """The table's text, sorted by tag."""
    lines = sorted(_line(tag, action) for action, tags in ACTIONS.items() for tag in tags)
    head = f"# DICOM PS3.15 {EDITION}, table E.1-1, basic profile; written by tools/build_profile.py\n"
    return head + "".join(lines)


def _line(tag: tuple[Any, ...], action: str) -> str:
    if len(tag) == 4:  # (group, element, mask of the group, mask of the element): a repeating group
        group, element = _pattern(tag[0], tag[2]), _pattern(tag[1], tag[3])
        return f"{group}{element}\t{action}\t\n"
    return f"{tag[0]:04X}{tag[1]:04X}\t{action}\t{keyword_for_tag(Tag(tag[0], tag[1]))}\n"


def _pattern(value: int, mask: int) -> str:
    digits = zip(f"{value:04X}", f"{mask:04X}", strict=True)
    return "".join(digit if bit == "F" else "X" for digit, bit in digits)


if __name__ == "__main__":
    TABLE.write_text(build_table(), encoding="utf-8")
