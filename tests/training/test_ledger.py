"""A held-out case or patient can't be trained on unnoticed, and what is written proves it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casekin.errors import InputError
from casekin.training import IdLedger, merge_ledgers, read_ledger, verify_ledger

SALT = b"run 1"


def made_ledger(*used: str, salt: bytes = SALT) -> IdLedger:
    """Two held-out splits, and the cases that a fit saw; the patient of case `c3` is `p3`."""
    ledger = IdLedger(salt)
    ledger.hold_out("validation", cases=["c8"], patients=["p8"])
    ledger.hold_out("test", cases=["c9"], patients=["p9"])
    for case in used:
        ledger.use(cases=[case], patients=[case.replace("c", "p")])
    return ledger


@pytest.mark.parametrize(
    ("case", "patient", "split"), [("c9", "p1", "test"), ("c1", "p9", "test"), ("c1", "p8", "validation")]
)
def test_a_fit_can_see_neither_case_nor_patient_of_a_held_out_split(case: str, patient: str, split: str) -> None:
    ledger = made_ledger("c1")
    with pytest.raises(InputError, match=f"^{split}: .* got 1"):
        ledger.use(cases=["c2", case], patients=["p2", patient])
    assert ledger.count_seen(cases=["c1", "c2", case], patients=["p1", "p2", patient]) == 2  # c1 and p1, from before


def test_a_split_can_not_be_held_out_once_it_was_seen_and_none_may_be_called_fit() -> None:
    ledger = made_ledger("c1")
    with pytest.raises(InputError, match=r"outside: .* got 2"):
        ledger.hold_out("outside", cases=["c1", "c5"], patients=["p1"])
    with pytest.raises(InputError, match="held-out split"):
        ledger.hold_out("fit", cases=[], patients=[])


def test_a_case_and_a_patient_of_one_name_are_two() -> None:
    ledger = IdLedger(SALT)
    ledger.hold_out("test", cases=["7"], patients=[])
    ledger.use(cases=[], patients=["7"])
    assert verify_ledger(ledger) == {"test": 1}


def test_messages_and_files_hold_no_id(tmp_path: Path) -> None:
    ledger = IdLedger(SALT)
    ledger.hold_out("test", cases=["case-of-anna"], patients=["anna"])
    with pytest.raises(InputError) as refused:
        ledger.use(cases=["other"], patients=["anna"])
    ledger.use(cases=["case-of-bert"], patients=["bert"])
    ledger.write(tmp_path / "ledger.json")
    assert not any(name in str(refused.value) + (tmp_path / "ledger.json").read_text() for name in ("anna", "bert"))


def test_what_is_written_is_read_and_is_small_and_the_same_for_the_same_ids(tmp_path: Path) -> None:
    ledger, again = IdLedger(SALT), IdLedger(SALT)
    ids = [f"c{number}" for number in range(3000)]
    ledger.use(cases=ids, patients=["p"])
    for each in reversed(ids):
        again.use(cases=[each], patients=["p"])
    ledger.hold_out("test", cases=["t"], patients=["q"])
    again.hold_out("test", cases=["t"], patients=["q"])
    for name, each in (("a", ledger), ("b", again)):
        each.write(tmp_path / name)
    written = (tmp_path / "a").read_bytes()
    assert written == (tmp_path / "b").read_bytes()
    assert len(written) < 12 * 3000
    back = read_ledger(tmp_path / "a")
    assert back.count_seen(cases=[*ids, "other"], patients=["p", "q"]) == 3001
    assert verify_ledger(back) == {"test": 2}


def test_the_ledgers_of_all_processes_merge_and_a_leak_between_them_is_found() -> None:
    merged = merge_ledgers([made_ledger("c1", "c2"), made_ledger("c3")])
    assert merged.count_seen(cases=["c1", "c2", "c3", "c4"]) == 3
    assert merged.held_out == ("test", "validation")
    careless = IdLedger(SALT)
    careless.use(cases=["c9"], patients=["p1"])
    with pytest.raises(InputError, match=r"^test: "):
        merge_ledgers([made_ledger("c1"), careless])
    with pytest.raises(InputError, match="one salt"):
        merge_ledgers([made_ledger(), made_ledger(salt=b"run 2")])


def test_another_salt_gives_other_hashes() -> None:
    one, other = (made_ledger("c1", salt=salt).as_record()["hashes"] for salt in (b"a", b"b"))
    assert all(one[split] != other[split] for split in one)


@pytest.mark.parametrize("damage", ["text", "version", "short", "list", "field"])
def test_a_damaged_file_is_refused(damage: str, tmp_path: Path) -> None:
    record = made_ledger("c1").as_record()
    if damage == "version":
        record["version"] = "0"
    elif damage == "short":
        record["hashes"]["fit"] = ""
    elif damage == "field":
        del record["salt"]
    text = {"text": "{", "list": "[]"}.get(damage, json.dumps(record))
    (tmp_path / "ledger.json").write_text(text)
    with pytest.raises(InputError, match=r"ledger\.json: expected a ledger"):
        read_ledger(tmp_path / "ledger.json")
