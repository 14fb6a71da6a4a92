"""The leak audit: what is planted is found, what is not there is counted as looked at, no patient is told."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from casekin.errors import InputError
from casekin.evaluation.leaks import AuditedCase, audit_index, audit_leaks, duplicates_of
from casekin.evaluation.training_sets import TrainingSet, judge_case, read_training_sets
from casekin.index import CaseIndex
from casekin.models import load_card

WORDS = "small left pleural effusion with basal atelectasis the heart is enlarged and a line ends in the right atrium"


def case(number: int, split: str, **known: object) -> AuditedCase:
    """A case of its own patient, study and wording."""
    own = {"patient": f"p{number}", "patient_id": f"p{number}", "study": f"s{number}", "accession": f"a{number}"}
    text = " ".join(f"{word}{number}" for word in WORDS.split())
    return AuditedCase(case_id=f"c{number:02}", split=split, **{**own, "report": text, "abnormal": True, **known})  # type: ignore[arg-type]


CLEAN = [case(n, split) for n, split in enumerate(["train"] * 6 + ["validation"] * 2 + ["test"] * 3)]


def found(cases: list[AuditedCase], **known: object) -> dict[str, int]:
    """What the audit counts, by check, where it counts anything."""
    audit = audit_leaks(cases, **known)  # type: ignore[arg-type]
    return {check.name: check.count for check in audit.checks if check.count}


def test_a_clean_archive_has_no_leak_and_says_what_was_looked_at() -> None:
    audit = audit_leaks(CLEAN, with_image={"c00", "c10"})
    assert not audit.found and audit.count == 0
    assert {check.name: check.examined for check in audit.checks} == {
        "patients": 11, "patient_ids": 11, "studies": 11, "accessions": 11, "images": 2, "reports": 11,
        "normal_reports": 0,
    }  # fmt: skip
    assert audit.splits == {"test": 3, "train": 6, "validation": 2}


def test_nothing_known_is_nothing_examined() -> None:
    bare = [replace(c, patient_id=None, study=None, accession=None, report=None) for c in CLEAN]
    examined = {check.name: check.examined for check in audit_leaks(bare).checks}
    assert examined == {**dict.fromkeys(examined, 0), "patients": 11}


@pytest.mark.parametrize(
    ("field", "check"),
    [("patient", "patients"), ("patient_id", "patient_ids"), ("study", "studies"), ("accession", "accessions")],
)
def test_what_two_splits_share_is_found_and_told_by_case_id(field: str, check: str) -> None:
    cases = [*CLEAN, case(11, "test", **{field: getattr(CLEAN[2], field)})]
    audit = audit_leaks(cases)
    (leak,) = [entry for entry in audit.checks if entry.count]
    assert (leak.name, leak.count, leak.examples) == (check, 1, ({"test": "c11", "train": "c02"},))
    assert audit.found


def test_what_one_split_shares_inside_is_no_leak() -> None:
    assert found([*CLEAN, case(11, "train", patient="p2", patient_id="p2", study="s2", report=CLEAN[2].report)]) == {}


def test_one_exposure_in_two_splits_is_a_leak() -> None:
    assert found(CLEAN, duplicates=[("c00", "c01"), ("c05", "c06"), ("c09", "elsewhere")]) == {"images": 1}


def test_reports_that_differ_in_a_word_leak_and_those_that_state_nothing_are_only_told() -> None:
    almost = f"{CLEAN[0].report} again"
    assert found([*CLEAN, case(11, "test", report=almost)]) == {"reports": 1}
    normal = [
        case(n, split, report="The lungs are clear.", abnormal=False) for n, split in ((20, "train"), (21, "test"))
    ]
    audit = audit_leaks([*CLEAN, *normal])
    assert {check.name: (check.examined, check.count) for check in audit.checks}["normal_reports"] == (2, 1)
    assert not audit.found


def test_a_report_with_a_finding_and_one_without_of_the_same_wording_are_no_pair() -> None:
    assert found([*CLEAN, case(11, "test", report=CLEAN[0].report, abnormal=False)]) == {}


def test_examples_are_twenty_at_most_and_the_order_of_cases_changes_nothing() -> None:
    cases = [case(n, split, study=f"s{n % 30}") for n, split in enumerate(["train"] * 30 + ["test"] * 30)]
    forth, back = audit_leaks(cases), audit_leaks(cases[::-1])
    assert forth == back
    studies = next(check for check in forth.checks if check.name == "studies")
    assert (studies.count, len(studies.examples)) == (30, 20)


def test_the_record_holds_no_patient_and_no_text() -> None:
    cases = [case(0, "train", patient="Doe^Jane", report=WORDS), case(1, "test", patient="Doe^Jane", report=WORDS)]
    text = json.dumps(audit_leaks(cases).as_record())
    assert "Doe" not in text and "effusion" not in text
    assert json.loads(text)["count"] == 2


def training_set(**known: object) -> TrainingSet:
    return TrainingSet(part="head", use="fit", data_set="A", **known)  # type: ignore[arg-type]


def test_a_test_case_is_seen_by_its_id_its_source_or_a_hash() -> None:
    hashed = frozenset({hashlib.sha256(b"c08").hexdigest()})
    pixels = replace(CLEAN[9], content=("ab" * 32,))
    assert judge_case(CLEAN[8], [training_set(case_ids=("x*", "c0?"))]).status == "seen"
    assert judge_case(replace(CLEAN[8], source="NIH"), [training_set(sources=("nih",))]).status == "seen"
    assert judge_case(CLEAN[8], [training_set(hashes=hashed)]).data_set == "A"
    assert judge_case(pixels, [training_set(hashes=frozenset({"ab" * 32}))]).status == "seen"
    assert judge_case(CLEAN[9], [training_set(hashes=hashed)]).status == "not_seen"


def test_what_is_not_declared_is_unknown() -> None:
    assert judge_case(CLEAN[8], None).status == "unknown"
    assert judge_case(CLEAN[8], [training_set(sources=("nih",))]).status == "unknown"
    assert judge_case(replace(CLEAN[8], source="own"), [training_set(sources=("nih",))]).status == "not_seen"
    assert judge_case(replace(CLEAN[8], source="own"), [training_set()]).status == "unknown"
    assert judge_case(CLEAN[8], []).status == "not_seen"


def test_test_cases_that_were_trained_on_are_leaks_and_training_cases_are_not() -> None:
    sets = [training_set(case_ids=("c00", "c09", "c10"))]
    audit = audit_leaks(CLEAN, training=sets)
    assert audit.training == {"seen": 2, "not_seen": 1, "unknown": 0}
    assert audit.count == 2 and [example["case_id"] for example in audit.seen] == ["c09", "c10"]


def test_where_all_splits_are_measured_every_case_is_tested() -> None:
    audit = audit_leaks(CLEAN, training=[training_set(case_ids=("c00", "c09"))], tested="all")
    assert audit.training == {"seen": 2, "not_seen": 9, "unknown": 0}


def test_without_splits_nothing_is_compared_and_every_case_is_held_against_the_models_training() -> None:
    undivided = [replace(case, split="") for case in CLEAN]
    audit = audit_leaks(undivided, training=[training_set(case_ids=("c00", "c09"))])
    assert (audit.splits, audit.checks) == ({}, ())
    assert audit.training == {"seen": 2, "not_seen": 9, "unknown": 0} and audit.count == 2


def test_an_index_without_splits_is_audited_by_training_alone(small_index: Path) -> None:
    with CaseIndex(small_index) as index:
        audit = audit_index(index, {}, training=[training_set(case_ids=("*",))])
        assert audit.checks == () and audit.training["seen"] == len(index.content_hashes())


def test_a_card_is_read_with_its_file_of_hashes(tmp_path: Path) -> None:
    (tmp_path / "seen.txt").write_text(f"{'ab' * 32}\n{'cd' * 32}\n")
    entry = {"part": "net", "use": "fit", "data_set": "A", "hashes": "seen.txt", "case_ids": ["a*"]}
    (read,) = read_training_sets({"trained_on": [entry]}, tmp_path) or ()
    assert (read.hashes, read.case_ids, read.part) == (frozenset({"ab" * 32, "cd" * 32}), ("a*",), "net")
    assert read_training_sets({}) is None


@pytest.mark.parametrize(
    "declared",
    [{}, [{}], ["A"], [{"data_set": "A"}], [{"data_set": "A", "use": "fit", "hashes": "none.txt"}],
     [{"data_set": "A", "use": "fit", "hashes": "bad.txt"}], [{"data_set": "A", "use": "fit", "case_ids": "a*"}]],
)  # fmt: skip
def test_a_malformed_declaration_is_one_clear_error(declared: object, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text("patient 7\n")
    with pytest.raises(InputError, match=r"model card|bad\.txt") as error:
        read_training_sets({"trained_on": declared}, tmp_path)
    assert "patient 7" not in str(error.value)


def test_the_shipped_model_declares_everything_and_has_not_seen_other_archives() -> None:
    sets = read_training_sets(load_card())
    assert sets is not None and {entry.part for entry in sets} == set(load_card()["files"])
    assert judge_case(replace(CLEAN[0], case_id="sim4242-000007-1"), sets).status == "seen"
    assert judge_case(replace(CLEAN[0], case_id="sim20-000007-1"), sets).status == "not_seen"


def test_a_simulated_archive_keeps_patients_studies_and_exposures_in_one_split(small_index: Path) -> None:
    with CaseIndex(small_index) as index:
        audit = audit_index(index, training=read_training_sets(load_card()))
        assert audit.splits.keys() >= {"train", "test"}
        assert audit.count == 0 and audit.training["unknown"] == 0
        images = next(check for check in audit.checks if check.name == "images")
        assert images.examined == sum(audit.splits.values())
        leaky = dict.fromkeys(index.content_hashes(), "train")
        (first, *_) = sorted(leaky)
        assert audit_index(index, {**leaky, first: "test"}, duplicates=[sorted(leaky)[:2]]).found


def test_an_index_that_holds_one_film_under_two_patients_is_found_out(small_index: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    shutil.copytree(small_index, folder)
    with CaseIndex(folder) as index:
        before = duplicates_of(index)
        names = sorted(index.content_hashes())
        index._db.execute(
            "UPDATE images SET preview = (SELECT preview FROM images JOIN cases USING (case_no) WHERE case_id = ?) "
            "WHERE case_no = (SELECT case_no FROM cases WHERE case_id = ?)",
            (names[0], names[-1]),
        )
        assert [group for group in duplicates_of(index) if group not in before] == [(names[0], names[-1])]
        audit = audit_index(index, {names[0]: "train", names[-1]: "test"})
        assert {check.name: check.count for check in audit.checks}["images"] == 1
