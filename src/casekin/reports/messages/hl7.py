"""HL7 v2: ORU results as reports, ADT merges (A18, A34, A40, A47) and A37, and the acknowledgement of a message.

Written after HL7 2.5.1, chapters 2 (encoding), 3 (ADT) and 7 (ORU), and IHE RAD for where studies are named (IPC, ZDS).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from casekin.errors import InputError
from casekin.reports.messages.arrived import (
    HEADINGS,
    MAX_MESSAGE,
    ArrivedReport,
    PatientMerge,
    PatientUnlink,
    Status,
    Told,
    distinct,
    report_of,
    sortable_time,
    with_heading,
    words_of_page,
)

Code = Literal["AA", "AE", "AR"]
_CHARSETS = {
    "ASCII": "cp1252", "8859/1": "latin-1", "8859/2": "iso8859-2", "8859/3": "iso8859-3", "8859/4": "iso8859-4",
    "8859/5": "iso8859-5", "8859/6": "iso8859-6", "8859/7": "iso8859-7", "8859/8": "iso8859-8", "8859/9": "iso8859-9",
    "8859/15": "iso8859-15", "UNICODE": "utf-8", "UNICODE UTF-8": "utf-8", "UTF-8": "utf-8", "GB 18030-2000": "gb18030",
    "ISO IR87": "iso2022_jp", "ISO IR159": "iso2022_jp_1", "KS X 1001": "euc_kr", "BIG-5": "big5",
}  # fmt: skip
"""Table 0211. Who says ASCII and sends other bytes means Windows' Latin as a rule."""
_STATUSES: dict[str, Status] = {
    "F": "final", "C": "corrected", "P": "preliminary", "R": "preliminary", "A": "preliminary", "S": "preliminary",
    "I": "preliminary", "O": "preliminary", "X": "cancelled", "D": "cancelled", "W": "cancelled", "U": "final",
}  # fmt: skip
"""Tables 0123 (OBR-25) and 0085 (OBX-11)."""
_MERGES = frozenset({"A18", "A34", "A40"})
_NEW_NUMBER, _UNLINK = "A47", "A37"
_ESCAPE = re.compile(r"\\([^\\\r\n]{0,200})\\")
_MARKS = {"F": 0, "S": 1, "R": 2, "T": 4}
_MOST_SEGMENTS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Hl7Message:
    """A message taken apart: its segments as fields, each still encoded. `marks`: `|^~\\&`, as the message has them."""

    segments: tuple[tuple[str, ...], ...]
    marks: str

    def first(self, name: str) -> tuple[str, ...]:
        """The first segment of a name; empty where there is none."""
        return next((segment for segment in self.segments if segment[0] == name), ())

    def field(self, segment: Sequence[str], number: int) -> str:
        """A field as it was encoded, by its number in the standard; MSH-1 is the separator itself."""
        place = number - 1 if segment and segment[0] == "MSH" else number
        return segment[place] if 0 < place < len(segment) else ""

    def repetitions(self, field: str) -> list[str]:
        return field.split(self.marks[2]) if field else []

    def components(self, repetition: str) -> list[str]:
        return repetition.split(self.marks[1])

    def value(self, segment: Sequence[str], number: int, component: int = 1) -> str:
        """A component's text (from 1) of a field's first repetition, subcomponents after the first left out."""
        repetitions = self.repetitions(self.field(segment, number))
        parts = self.components(repetitions[0]) if repetitions else []
        return self._plain(parts[component - 1]) if component <= len(parts) else ""

    def _plain(self, part: str) -> str:
        return self.unescape(part.split(self.marks[4])[0]).strip()

    def unescape(self, text: str) -> str:
        """Escape sequences as what they stand for; formatting that means nothing in plain text vanishes."""
        if self.marks[3] != "\\":
            text = text.replace(self.marks[3], "\\")
        return _ESCAPE.sub(lambda found: self._escaped(found.group(1)), text)

    def _escaped(self, code: str) -> str:
        if code in _MARKS:
            return self.marks[_MARKS[code]]
        if code == "E":
            return self.marks[3]
        if code[:1] in ("X", "Z") and re.fullmatch(r"X(?:[0-9A-Fa-f]{2})+", code):
            return _decode(bytes.fromhex(code[1:]), self.charset).replace("\r\n", "\n").replace("\r", "\n")
        if code.startswith((".br", ".sp", ".ce")):
            return "\n" * min(int(re.sub(r"\D", "", code)[:2] or 1), 9)
        return " " if code.startswith((".in", ".ti", ".sk")) else ""

    @property
    def charset(self) -> str:
        """MSH-18; empty where the sender doesn't say."""
        return self.repetitions(self.field(self.first("MSH"), 18))[0] if self.field(self.first("MSH"), 18) else ""

    @property
    def kind(self) -> tuple[str, str]:
        """Message type and trigger event, `("ORU", "R01")`."""
        head = self.first("MSH")
        return self.value(head, 9, 1).upper(), self.value(head, 9, 2).upper()

    @property
    def control_id(self) -> str:
        return self.value(self.first("MSH"), 10)


def parse_hl7(data: bytes) -> Hl7Message:
    """A message taken apart. Raises `InputError` where it doesn't begin with a sound MSH, or is too long."""
    if len(data) > MAX_MESSAGE:
        raise InputError(f"HL7: expected at most {MAX_MESSAGE} bytes, got {len(data)}; send one message at a time")
    data = data.lstrip(b"\x0b\r\n\xef\xbb\xbf \t")
    if not data.startswith(b"MSH") or len(data) < 9:
        raise InputError("HL7: expected a message that begins with MSH, got something else; check what is sent")
    head = re.split(rb"[\r\n]", data, maxsplit=1)[0].split(data[3:4])
    told = head[17].decode("ascii", "replace") if len(head) > 17 else ""
    text = _decode(data, told)
    marks = text[3] + (text[4:].split(text[3], 1)[0] + "^~\\&"[len(text[4:].split(text[3], 1)[0]) :])[:4]
    if len(set(marks)) != 5 or any(mark.isalnum() or mark.isspace() for mark in marks):
        raise InputError("HL7: expected five different delimiters in MSH-1 and MSH-2, got others; check what is sent")
    lines = [line for line in re.split(r"[\r\n]+", text) if len(line) >= 3]
    if len(lines) > _MOST_SEGMENTS:
        raise InputError(f"HL7: expected at most {_MOST_SEGMENTS} segments, got {len(lines)}; send one report")
    return Hl7Message(segments=tuple(tuple(line.split(marks[0])) for line in lines), marks=marks)


def read_hl7(message: Hl7Message) -> list[Told]:
    """The reports of an ORU, the merges of an ADT and what it parts; nothing of an ADT of another event.

    A patient's new number (A47) is a merge of the old one into it.

    Raises `InputError` for other messages, those that aren't for production (MSH-11), reports without text or study.
    """
    kind, event = message.kind
    mode = message.value(message.first("MSH"), 11).upper()
    if mode not in ("", "P"):
        raise InputError("HL7: expected a message for production (MSH-11 P), got another; send tests to a test index")
    if kind == "ADT":
        return list(_told_of_patients(message, event))
    if kind != "ORU":
        raise InputError("HL7: expected ORU or ADT in MSH-9, got another type; send results and merges here")
    reports: list[Told] = [report_of(report) for report in _reports(message)]
    if not reports:
        raise InputError("HL7: expected OBR with OBX that hold text, got none; send the report's words")
    return reports


def acknowledge(message: Hl7Message | None, code: Code, *, reason: str = "", written: str) -> bytes:
    """The reply to a message (None: it could not be read): accepted, failed here, or refused. No patient data.

    `written`: the time, `YYYYMMDDHHMMSS`.
    """
    marks = "|^~\\&" if message is None else message.marks
    event, ident, version = "", "", "2.5.1"
    if message is not None:
        head = message.first("MSH")
        event, ident, version = message.kind[1], message.field(head, 10), message.field(head, 12) or version
    fields, bar = marks[0], marks[1]
    sender = [] if message is None else [message.field(head, 3), message.field(head, 4)]
    receiver = ["CASEKIN", ""] if message is None else [message.field(head, 5) or "CASEKIN", message.field(head, 6)]
    answer = bar.join(part for part in ("ACK", event, "ACK" if event else "") if part)
    lines = [
        fields.join(
            ["MSH", marks[1:], *receiver, *(sender or ["", ""]), written, "", answer, f"A{ident}", "P", version]
        ),
        fields.join(["MSA", code, ident]),
    ]
    if code != "AA":
        told = re.sub(rf"[{re.escape(marks)}\r\n]", " ", reason)
        number = "207" if code == "AE" else "200" if "MSH-9" in reason else "100"
        lines.append(fields.join(["ERR", "", "", number, "E", "", "", "", told[:250]]))
    return ("\r".join(lines) + "\r").encode("utf-8")


def _decode(data: bytes, told: str) -> str:
    name = _CHARSETS.get(told.split("~")[0].strip().upper())
    for codec in (name, "utf-8", "cp1252"):
        if codec is not None:
            try:
                return data.decode(codec)
            except UnicodeDecodeError:
                continue
    return data.decode("latin-1")


def _told_of_patients(message: Hl7Message, event: str) -> Iterator[PatientMerge | PatientUnlink]:
    if event in _MERGES or event == _NEW_NUMBER:
        yield from _merges(message, event)
    elif event == _UNLINK:
        patients = [_ids(message, message.field(one, 3)) for one in message.segments if one[0] == "PID"]
        if len(patients) != 2 or not all(patients):
            raise InputError("HL7: expected ids in PID-3 of two PID, got others; send both patients")
        yield PatientUnlink(first=patients[0], second=patients[1])


def _merges(message: Hl7Message, event: str) -> Iterator[PatientMerge]:
    survivor = ""
    for segment in message.segments:
        if segment[0] == "PID":
            survivor = next(iter(_ids(message, message.field(segment, 3))), "")
        elif segment[0] == "MRG":
            merged = [one for one in _ids(message, message.field(segment, 1)) if one != survivor]
            if not survivor or (not merged and event != _NEW_NUMBER):  # the same number of another authority is one
                raise InputError("HL7: expected ids in PID-3 and MRG-1, got none; send both of a merge")
            yield from (PatientMerge(survivor=survivor, merged=one) for one in merged)


def _ids(message: Hl7Message, field: str) -> tuple[str, ...]:
    """The identifiers of a repeated CX or EI field, without their authorities."""
    return distinct(message._plain(message.components(one)[0]) for one in message.repetitions(field))


def _names(message: Hl7Message, patient: tuple[str, ...]) -> tuple[str, ...]:
    """What the patient is called (PID-5, PID-9), a name a repetition, its parts divided by `^`."""
    told = (*message.repetitions(message.field(patient, 5)), *message.repetitions(message.field(patient, 9)))
    return distinct("^".join(message.unescape(part) for part in message.components(one)[:3]) for one in told)


def _reports(message: Hl7Message) -> Iterator[ArrivedReport]:
    """One for each OBR with text; what names the study may stand anywhere in the message."""
    groups: list[list[tuple[str, ...]]] = []
    shared: list[tuple[str, ...]] = []
    orders: list[tuple[str, ...]] = []
    for segment in message.segments:
        if segment[0] == "ORC":
            orders = [segment]
        elif segment[0] == "OBR":
            groups.append([*orders, segment])
            orders = []
        elif segment[0] in ("OBX", "NTE", "IPC", "ZDS", "TXA") and groups:
            groups[-1].append(segment)
        elif segment[0] in ("IPC", "ZDS"):
            shared.append(segment)
    for group in groups:
        report = _report(message, [*shared, *group])
        if report is not None:
            yield report


def _report(message: Hl7Message, group: list[tuple[str, ...]]) -> ArrivedReport | None:
    by_name = {name: [one for one in group if one[0] == name] for name in ("OBR", "ORC", "OBX", "IPC", "ZDS")}
    order, patient = by_name["OBR"][0], message.first("PID")
    parts = [
        (heading, text) for one in by_name["OBX"] if (found := _observation(message, one)) for heading, text in [found]
    ]
    status = _status(message, order, by_name["OBX"])
    if not parts and status != "cancelled":
        return None
    if parts and all(heading == "ADDENDUM" for heading, _ in parts):
        status, parts = "addendum", [(None, text) for _, text in parts]
    uids = [message.value(one, 1) for one in by_name["ZDS"]] + [message.value(one, 3) for one in by_name["IPC"]]
    uids += [message.value(one, 5) for one in by_name["OBX"] if message.value(one, 3) in ("110180", "113014")]
    numbers = [message.value(one, 1) for one in by_name["IPC"]]
    numbers += [message.value(order, number) for number in (18, 3, 2, 20)]
    numbers += [message.value(one, number) for one in by_name["ORC"] for number in (3, 2)]
    stated = [message.value(order, 22), *(message.value(one, 14) for one in by_name["OBX"]), message.value(order, 7)]
    return ArrivedReport(
        text=_joined(parts),
        status=status,
        report_id=message.value(order, 3) or message.value(order, 2) or None,
        accession_numbers=distinct(numbers),
        study_instance_uids=distinct(uids),
        patient_ids=_ids(message, message.field(patient, 3)),
        person_names=_names(message, patient),
        birth_dates=distinct([message.value(patient, 7)[:8]]),
        stated_at=next((time for time in map(sortable_time, stated) if time), None)
        or sortable_time(message.value(message.first("MSH"), 7)),
    )


def _status(message: Hl7Message, order: tuple[str, ...], observations: list[tuple[str, ...]]) -> Status:
    told = message.value(order, 25).upper()
    if told in _STATUSES:
        return _STATUSES[told]
    codes = {message.value(one, 11).upper() for one in observations} - {""}
    for code in ("F", "U", "C"):
        if code in codes:
            return "corrected" if "C" in codes else "final"
    return next((_STATUSES[code] for code in ("P", "R", "S", "I", "O", "D", "W", "X") if code in codes), "final")


def _observation(message: Hl7Message, segment: tuple[str, ...]) -> tuple[str | None, str] | None:
    """Heading and text of an OBX; None where it holds no words or says that earlier ones were wrong."""
    if message.value(segment, 11).upper() in ("D", "W", "X"):
        return None
    kind, field = message.value(segment, 2).upper(), message.field(segment, 5)
    if kind in ("TX", "FT", "ST", ""):
        text = "\n".join(message.unescape(one) for one in message.repetitions(field))
    elif kind == "ED":
        text = "\n".join(_embedded(message, one) for one in message.repetitions(field))
    elif kind in ("CE", "CWE", "CF", "CNE"):
        text = message.value(segment, 5, 2)
    else:
        return None
    if message.value(segment, 3) in ("110180", "113014") or not text.strip():
        return None
    codes = re.split(rf"[{re.escape(message.marks[1] + message.marks[4])}]", message.field(segment, 3))
    heading = next((HEADINGS[code.strip().upper()] for code in codes if code.strip().upper() in HEADINGS), None)
    return ("ADDENDUM" if "ADT" in codes else heading), text


def _embedded(message: Hl7Message, value: str) -> str:
    """The words of an ED: source ^ type ^ subtype ^ encoding ^ data. Other types than text have none."""
    parts = [message.unescape(part) for part in message.components(value)] + [""] * 5
    kind, subtype, encoding, data = (part.strip() for part in parts[1:5])
    if kind.lower() not in ("text", "tx", "ft", "") or subtype.lower() not in (
        "",
        "plain",
        "txt",
        "html",
        "octet-stream",
    ):
        return ""
    if encoding.lower() == "base64":
        try:
            data = _decode(base64.b64decode("".join(data.split()), validate=True), message.charset)
        except (binascii.Error, ValueError):
            raise InputError("HL7: expected base64 in an OBX of type ED, got something else; send it again") from None
    return words_of_page(data) if subtype.lower() == "html" else data


def _joined(parts: list[tuple[str | None, str]]) -> str:
    """Neighbours of one heading are one section."""
    sections: list[tuple[str | None, list[str]]] = []
    for heading, text in parts:
        if sections and sections[-1][0] == heading:
            sections[-1][1].append(text)
        else:
            sections.append((heading, [text]))
    return "\n".join(with_heading(heading, "\n".join(texts)) for heading, texts in sections)
