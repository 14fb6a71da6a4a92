"""What was made last is kept within bounds, and made once however many ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from casekin.api.recent import Recent


def kept(recent: Recent[bytes], *keys: str) -> list[bool]:
    """Whether each key is there, without making anything."""

    def refuse() -> bytes:
        raise LookupError

    found = []
    for key in keys:
        try:
            found.append(bool(recent.get(key, refuse)))
        except LookupError:
            found.append(False)
    return found


def test_the_thing_used_longest_ago_goes_first_and_one_too_large_is_kept_alone() -> None:
    recent: Recent[bytes] = Recent(most_bytes=10, size=len)
    for key, size in (("a", 4), ("b", 4)):
        recent.get(key, lambda size=size: bytes(size))  # type: ignore[misc]
    assert kept(recent, "b", "a") == [True, True]
    recent.get("c", lambda: bytes(5))
    assert kept(recent, "a", "b", "c") == [True, False, True]
    recent.get("large", lambda: bytes(50))
    assert kept(recent, "a", "c", "large") == [False, False, True]
    recent.get("d", lambda: bytes(1))
    assert kept(recent, "large", "d") == [False, True]
    recent.clear()
    assert kept(recent, "d") == [False]


def test_many_who_ask_at_once_have_it_made_once() -> None:
    recent: Recent[bytes] = Recent(most_bytes=100, size=len)
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        return b"thing"

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: recent.get("key", make), range(40)))
    assert set(found) == {b"thing"} and len(made) == 1


def test_what_cannot_be_made_is_tried_again() -> None:
    recent: Recent[bytes] = Recent(most_bytes=100, size=len)

    def fail() -> bytes:
        raise OSError

    with pytest.raises(OSError):
        recent.get("key", fail)
    assert recent.get("key", lambda: b"thing") == b"thing"
