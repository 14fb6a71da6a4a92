"""What was made last, kept in memory within bounds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """The things used last by key, as many as fit `most_bytes` by `size`; a single larger one is kept until the next.

    One thing is made at a time, so that several requests for one don't make it twice, nor take memory for many.
    """

    def __init__(self, *, most_bytes: int, size: Callable[[T], int]) -> None:
        self._most_bytes, self._size = most_bytes, size
        self._kept: OrderedDict[str, T] = OrderedDict()
        self._taken = 0
        self._looking, self._making = Lock(), Lock()

    def get(self, key: str, make: Callable[[], T]) -> T:
        """The thing under a key, made where it isn't there. Raises what `make` raises."""
        found = self._find(key)
        if found is not None:
            return found
        with self._making:
            found = self._find(key)
            if found is None:
                found = make()
                self._keep(key, found)
            return found

    def clear(self) -> None:
        """Keep nothing of what was made so far."""
        with self._looking:
            self._kept.clear()
            self._taken = 0

    def _find(self, key: str) -> T | None:
        with self._looking:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: str, thing: T) -> None:
        with self._looking:
            self._kept[key] = thing
            self._taken += self._size(thing)
            while self._taken > self._most_bytes and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._taken -= self._size(oldest)
