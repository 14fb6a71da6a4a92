"""Made HL7 messages: fields by number, so that a test states only what it is about."""

from __future__ import annotations

from typing import Any


def segment(name: str, **fields: str) -> str:
    """A segment with fields given as `f3="..."`; MSH's begin at its second."""
    last = max((int(key[1:]) for key in fields), default=0)
    first = 2 if name == "MSH" else 1
    values = [fields.get(f"f{number}", "") for number in range(first, last + 1)]
    return "|".join([name, *values])


def msh(kind: str = "ORU^R01", **fields: str) -> str:
    given = {"f2": "^~\\&", "f3": "RIS", "f4": "SITE", "f7": "20260102030405", "f9": kind, "f10": "M1", "f11": "P"}
    return segment("MSH", **{**given, "f12": "2.5.1", **fields})


def result(text: str, *, status: str = "F", stated: str = "20260102030405", **given: Any) -> bytes:
    """An ORU of one report; `given` are `accession`, `uid`, `patient`, `name`, `birth` and so on, as read below."""
    accession = given.get("accession", "ACC-1")
    lines = [
        msh(f10=given.get("control", "M1"), **({"f18": given["charset"]} if "charset" in given else {})),
        segment("PID", f3=given.get("patient", ""), f5=given.get("name", ""), f7=given.get("birth", "")),
        segment("OBR", f1="1", f3=given.get("report_id", accession), f18=accession, f22=stated, f25=status),
        segment("OBX", f1="1", f2=given.get("kind", "TX"), f3=f"18748-4{given.get('suffix', '')}", f5=text, f11=status),
    ]
    if "uid" in given:
        lines.append(segment("ZDS", f1=f"{given['uid']}^Application^DICOM"))
    return "\r".join(lines).encode(given.get("codec", "utf-8")) + b"\r"


def merge(survivor: str, merged: str) -> bytes:
    """An ADT^A40."""
    lines = [
        msh("ADT^A40^ADT_A39"),
        segment("PID", f3=f"{survivor}^^^SITE^MR"),
        segment("MRG", f1=f"{merged}^^^SITE^MR"),
    ]
    return "\r".join(lines).encode() + b"\r"
