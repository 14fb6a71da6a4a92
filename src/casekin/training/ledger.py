"""The ledger of ids: which cases and patients trained a model, and the proof that no held-out one was among them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from casekin.errors import InputError

Kind = Literal["case", "patient"]
FIT = "fit"
_VERSION = "1"
_BYTES = 8
"""Of a hash: two of a million ids are mistaken for one another with a chance below 1e-7."""


class IdLedger:
    """Salted hashes of the ids of each split, and those that a fit has seen; it refuses a fit to see a held-out one.

    First `hold_out` validation and test, then `use` what a fit sees: whatever shares a case or a patient with a
    held-out split raises. A patient is the patient group where there is one. Hashes are HMAC-SHA-256 under `salt`,
    which is stored with them so that others can verify; who knows an id can tell whether it was there, so a ledger is
    patient data still.
    """

    def __init__(self, salt: bytes) -> None:
        self._salt = salt
        self._seen: dict[str, set[int]] = {FIT: set()}

    def hold_out(self, split: str, *, cases: Iterable[str], patients: Iterable[str]) -> None:
        """Record a split that no fit may see. InputError when one of it was seen already, or the name is `fit`."""
        if split == FIT:
            raise InputError(f"split: {FIT!r} is what a fit sees; expected the name of a held-out split")
        hashes = self._hashes(cases, patients)
        _refuse(split, hashes & self._seen[FIT])
        self._seen.setdefault(split, set()).update(hashes)

    def use(self, *, cases: Iterable[str], patients: Iterable[str]) -> None:
        """Record ids that a fit is about to see. InputError when one is held out; then none is recorded."""
        hashes = self._hashes(cases, patients)
        for split in self.held_out:
            _refuse(split, hashes & self._seen[split])
        self._seen[FIT] |= hashes

    @property
    def held_out(self) -> tuple[str, ...]:
        """Names of the held-out splits, sorted."""
        return tuple(sorted(split for split in self._seen if split != FIT))

    def count_seen(self, *, cases: Iterable[str] = (), patients: Iterable[str] = ()) -> int:
        """How many of these ids a fit has seen: 0 for what really was held out."""
        return len(self._hashes(cases, patients) & self._seen[FIT])

    def as_record(self) -> dict[str, Any]:
        """JSON form: sorted hashes of each split as base64 of big-endian 64-bit numbers; same ids, same bytes."""
        packed = {split: np.array(sorted(self._seen[split]), dtype=">u8") for split in sorted(self._seen)}
        return {
            "version": _VERSION,
            "salt": self._salt.hex(),
            "counts": {split: len(hashes) for split, hashes in packed.items()},
            "hashes": {split: base64.b64encode(hashes.tobytes()).decode() for split, hashes in packed.items()},
        }

    def write(self, path: Path) -> None:
        """The record as a file of a run."""
        path.write_text(json.dumps(self.as_record()) + "\n", encoding="utf-8")

    def _hashes(self, cases: Iterable[str], patients: Iterable[str]) -> set[int]:
        return {self._hash("case", each) for each in cases} | {self._hash("patient", each) for each in patients}

    def _hash(self, kind: Kind, text: str) -> int:
        digest = hmac.digest(self._salt, f"{kind}:{text}".encode("utf-8", "surrogatepass"), hashlib.sha256)
        return int.from_bytes(digest[:_BYTES], "big")

    def _add(self, split: str, hashes: set[int]) -> None:
        self._seen.setdefault(split, set()).update(hashes)


def read_ledger(path: Path) -> IdLedger:
    """A ledger as `IdLedger.write` left it. InputError when the file is no such record or was cut short."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["version"] != _VERSION:
            raise ValueError(record["version"])
        ledger = IdLedger(bytes.fromhex(record["salt"]))
        for split, packed in record["hashes"].items():
            hashes = np.frombuffer(base64.b64decode(packed, validate=True), dtype=">u8").tolist()
            if len(hashes) != record["counts"][split]:
                raise ValueError(split)
            ledger._add(split, set(hashes))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path.name}: expected a ledger of version {_VERSION} as training writes it ({type(error).__name__}); "
            "take the file from the run's folder anew"
        ) from error
    return ledger


def merge_ledgers(ledgers: Sequence[IdLedger]) -> IdLedger:
    """One ledger of several processes' ledgers: what any of them saw and held out.

    Raises:
        InputError: salts differ, or one process saw what another held out.
    """
    salts = {ledger._salt for ledger in ledgers}
    if len(salts) != 1:
        raise InputError(
            f"ledgers: expected one salt for all processes, got {len(salts)}; give every process the run's"
        )
    merged = IdLedger(salts.pop())
    for ledger in ledgers:
        for split, hashes in ledger._seen.items():
            merged._add(split, hashes)
    verify_ledger(merged)
    return merged


def verify_ledger(ledger: IdLedger) -> dict[str, int]:
    """Ids of each held-out split, none of which a fit has seen. InputError names the split that one was seen of."""
    for split in ledger.held_out:
        _refuse(split, ledger._seen[split] & ledger._seen[FIT])
    return {split: len(ledger._seen[split]) for split in ledger.held_out}


def _refuse(split: str, leaked: set[int]) -> None:
    if leaked:
        raise InputError(
            f"{split}: expected that no fit sees a case or patient of it, got {len(leaked)} that one sees; "
            "split by patient and give training its own part alone"
        )
