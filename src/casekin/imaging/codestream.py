"""The size a compressed frame declares for itself, read before any decoder may allocate it."""

from __future__ import annotations

import struct

# Start-of-frame markers of JPEG (C0..CF but the tables C4, C8, CC) and of JPEG-LS (F7).
_FRAME_MARKERS = frozenset({*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC})
_BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})


def declared_size(frame: bytes) -> tuple[int, int, int] | None:
    """Rows, columns and components of a JPEG, JPEG-LS or JPEG 2000 codestream; None where it declares none.

    T.81 B.2.2 and T.87 C.2.2 for the frame header, T.800 A.5.1 for the SIZ segment.
    """
    if frame.startswith(b"\x00\x00\x00\x0cjP  "):
        start = frame.find(b"\xff\x4f\xff\x51")
        return None if start < 0 else _jpeg2000_size(frame[start:])
    if frame.startswith(b"\xff\x4f\xff\x51"):
        return _jpeg2000_size(frame)
    header = _frame_header(frame)
    return None if header is None else header[1:]


def sample_precision(frame: bytes) -> int | None:
    """Bits of a sample by a JPEG or JPEG-LS frame header; None where there is none."""
    header = _frame_header(frame)
    return None if header is None else header[0]


def _jpeg2000_size(frame: bytes) -> tuple[int, int, int] | None:
    if len(frame) < 42:
        return None
    right, bottom, left, top = struct.unpack(">IIII", frame[8:24])
    return bottom - top, right - left, struct.unpack(">H", frame[40:42])[0]


def _frame_header(frame: bytes) -> tuple[int, int, int, int] | None:
    """Precision, rows, columns and components."""
    if not frame.startswith(b"\xff\xd8"):
        return None
    position = 2
    while position + 10 <= len(frame):
        if frame[position] != 0xFF:
            return None
        marker = frame[position + 1]
        if marker == 0xFF:
            position += 1
        elif marker in _BARE_MARKERS:
            position += 2
        elif marker in _FRAME_MARKERS:
            precision, rows, columns, components = struct.unpack(">BHHB", frame[position + 4 : position + 10])
            return precision, rows, columns, components
        else:
            position += 2 + int(struct.unpack(">H", frame[position + 2 : position + 4])[0])
    return None
