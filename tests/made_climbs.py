"""Names that try to lead out of the folder they are given for."""

from __future__ import annotations

from itertools import product

_UPS = (
    "../",
    "..\\",
    "....//",
    "..;/",
    "%2e%2e%2f",
    "%252e%252e%252f",
    "..%c0%af",
    "\u2025/",
    "\uff0e\uff0e/",
    "./../",
    "a/../../",
)
_GOALS = ("etc/hostname", "outside", "proc/self/environ", "site.key", "casekin.sqlite3", ".ssh/id_rsa")
_DEPTHS = (1, 2, 3, 5, 8, 13, 40)
_ODD = (
    "/etc/hostname", "//etc/hostname", "file:///etc/hostname", "\\\\host\\share\\x", "\\\\?\\C:\\x", "C:\\x", "C:x",
    "CON", "NUL.dcm", "~/x",
    "~root/x", "/dev/stdout", "/proc/self/fd/1", "x\x00.dcm", "x\n../../y", "x\r\nSet-Cookie: a=b",
    "$(touch x)", "`touch x`", "| touch x", "%00", ".", "..", "...", "x" * 5000, "a/" * 300 + "x", "\u202egpj.x",
    "e\u0301.dcm", "x:stream", "x::$DATA", "*", "-rf",
)  # fmt: skip


def climbs() -> list[str]:
    """500 of them, each once."""
    made = [up * depth + goal for up, depth, goal in product(_UPS, _DEPTHS, _GOALS)]
    made += ["/" + up * depth + goal for up, depth, goal in product(_UPS[:2], _DEPTHS[:2], _GOALS[:2])]
    return sorted({*_ODD, *made})[:500]
