"""Mining: a line for every report, the same bytes however it was run, patients whole, nothing done twice."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from casekin.errors import InputError
from casekin.journeys.mine import MineOptions, mine_reports
from casekin.journeys.mining import intake, reading
from casekin.relevance import read_qrels
from casekin.reports import read_report
from made_reports import lines, report_rows, write_rows


def digests(out: Path) -> dict[str, str]:
    """SHA-256 of every result, by path; the working files aside."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file() and ".mine" not in path.parts
    }


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_CHUNK_REPORTS", 5)


@pytest.fixture
def chunks_read(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Ids of the reports of each chunk that is read from now on."""
    read: list[list[str]] = []
    original = reading.read_chunk

    def counted(job: Any) -> Any:
        read.append([report.report_id for report in job[0]])
        return original(job)

    monkeypatch.setattr(reading, "read_chunk", counted)
    return read


def test_every_report_has_a_line_in_order_with_what_the_reader_says_of_it(tmp_path: Path) -> None:
    rows = report_rows(12)
    rows[4]["report"] = ""
    result = mine_reports(write_rows(tmp_path / "r.jsonl", rows), out=tmp_path / "out")
    mined = lines(tmp_path / "out" / "facts.jsonl")
    assert [line["report_id"] for line in mined] == [row["report_id"] for row in rows]
    for row, line in zip(rows, mined, strict=True):
        read = read_report(row["report"])
        assert line["facts"] == [fact.as_record() for fact in read.facts]
        assert line["normal_anatomies"] == [{"anatomy": p.anatomy, "side": p.side} for p in read.normal_anatomies]
        assert line["patient_id"] == row["patient_id"]
        for fact in line["facts"]:
            assert row["report"][slice(*fact["span"])] in fact["sentence"]
    assert mined[4]["facts"] == []
    assert [(row["file"], row["row"]) for row in lines(tmp_path / "out" / "bad_rows.jsonl")] == [("r.jsonl", 5)]
    assert result.record["reports"] == 12


def test_spans_of_a_composed_report_index_the_text_in_its_line(tmp_path: Path) -> None:
    row = {"report_id": "r", "findings": "Small left effusion.", "impression": "Left effusion.", "history": "Cough."}
    mine_reports(write_rows(tmp_path / "r.jsonl", [row]), out=tmp_path / "out")
    (line,) = lines(tmp_path / "out" / "facts.jsonl")
    assert [line["report"][slice(*fact["span"])] for fact in line["facts"]] == ["effusion"]


def test_the_number_of_processes_and_the_name_of_the_folder_do_not_change_a_byte(
    tmp_path: Path, small_chunks: None
) -> None:
    source = write_rows(tmp_path / "r.jsonl", report_rows(23))
    mine_reports(source, out=tmp_path / "one", processes=1)
    mine_reports(source, out=tmp_path / "other", processes=2)
    assert digests(tmp_path / "one") == digests(tmp_path / "other")
    assert {"facts.jsonl", "card.html", "card.md", "mine.json", "qrels/test.qrels", "qrels/judged.jsonl"} <= set(
        digests(tmp_path / "one")
    )


def test_a_run_that_was_stopped_goes_on_and_ends_with_the_same_bytes(
    tmp_path: Path, small_chunks: None, chunks_read: list[list[str]]
) -> None:
    source = write_rows(tmp_path / "r.jsonl", report_rows(23))
    mine_reports(source, out=tmp_path / "whole")
    chunks_read.clear()

    def stop(done: int, total: int) -> None:
        if done >= 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mine_reports(source, out=tmp_path / "stopped", progress=stop)
    assert not (tmp_path / "stopped" / "mine.json").exists()
    mine_reports(source, out=tmp_path / "stopped")
    assert [chunk[0] for chunk in chunks_read] == ["r0", "r5", "r10", "r15", "r20"]
    assert digests(tmp_path / "whole") == digests(tmp_path / "stopped")


@pytest.mark.parametrize("name", ["journal.jsonl", "facts.jsonl", "sketches.bin"])
@pytest.mark.parametrize("share", [0.0, 0.37, 0.5, 0.99])
def test_working_files_cut_anywhere_still_lead_to_the_same_bytes(
    name: str, share: float, tmp_path: Path, small_chunks: None
) -> None:
    source, out = write_rows(tmp_path / "r.jsonl", report_rows(23)), tmp_path / "out"
    mine_reports(source, out=out)
    expected = digests(out)
    (out / "facts.jsonl").rename(out / ".mine" / "facts.jsonl")
    (out / "mine.json").unlink()
    cut = out / ".mine" / name
    cut.write_bytes(cut.read_bytes()[: int(cut.stat().st_size * share)])
    mine_reports(source, out=out)
    assert digests(out) == expected


def test_facts_that_were_changed_by_hand_are_read_anew(tmp_path: Path, small_chunks: None) -> None:
    source, out = write_rows(tmp_path / "r.jsonl", report_rows(12)), tmp_path / "out"
    mine_reports(source, out=out)
    expected = digests(out)
    changed = (out / "facts.jsonl").read_bytes().replace(b'"left"', b'"LEFT"', 1)
    (out / "facts.jsonl").write_bytes(changed)
    mine_reports(source, out=out)
    assert digests(out) == expected


def test_what_is_done_is_not_done_again_and_an_archive_that_grew_costs_its_growth(
    tmp_path: Path, small_chunks: None, chunks_read: list[list[str]]
) -> None:
    rows, out = report_rows(23), tmp_path / "out"
    source = write_rows(tmp_path / "r.jsonl", rows[:15])
    first = mine_reports(source, out=out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    assert mine_reports(source, out=out).record == first.record
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before
    chunks_read.clear()
    write_rows(source, rows)
    mine_reports(source, out=out)
    assert [chunk[0] for chunk in chunks_read] == ["r15", "r20"]
    mine_reports(source, out=tmp_path / "fresh")
    assert digests(out) == digests(tmp_path / "fresh")


def test_a_source_that_changes_while_it_is_read_is_an_error_and_what_was_read_is_kept(
    tmp_path: Path, small_chunks: None
) -> None:
    source, out = tmp_path / "reports", tmp_path / "out"
    source.mkdir()
    for number, row in enumerate(report_rows(23)):
        (source / f"{number:02}.txt").write_text(row["report"], encoding="utf-8")

    def change(done: int, total: int) -> None:
        if done == 5:
            (source / "20.txt").write_text("Another text.", encoding="utf-8")

    with pytest.raises(InputError, match="changed while it was read"):
        mine_reports(source, out=out, progress=change)
    mine_reports(source, out=out)
    mine_reports(source, out=tmp_path / "fresh")
    assert digests(out) == digests(tmp_path / "fresh")


def test_options_change_what_they_name_and_are_kept_apart(tmp_path: Path) -> None:
    row = {"report_id": "r", "report": "Findings likely represent pneumonia in the left lower lobe."}
    source = write_rows(tmp_path / "r.jsonl", [row])
    polarities = []
    for likely_as in ("present", "uncertain"):
        mine_reports(source, out=tmp_path / "out", options=MineOptions(likely_as=likely_as))  # type: ignore[arg-type]
        (line,) = lines(tmp_path / "out" / "facts.jsonl")
        polarities.append({(fact["finding"], fact["polarity"]) for fact in line["facts"]})
        assert f"likely={likely_as}" in line["version"]
    assert ("pneumonia", "present") in polarities[0]
    assert ("pneumonia", "uncertain") in polarities[1]


def test_patients_stay_whole_and_some_are_in_every_split(tmp_path: Path) -> None:
    rows = report_rows(200)
    for row in rows[:20]:
        row["patient_group"] = "twins"
    mine_reports(write_rows(tmp_path / "r.jsonl", rows), out=tmp_path / "out")
    mined = lines(tmp_path / "out" / "facts.jsonl")
    told = {(line.get("patient_group", line["patient_id"]), line["split"]) for line in mined}
    assert len(told) == len({patient for patient, _ in told}) == 91
    assert {split for _, split in told} == {"train", "validation", "test"}


def test_reports_of_one_case_without_a_patient_are_in_one_split(tmp_path: Path) -> None:
    rows = [{"report_id": f"r{n}", "case_id": f"c{n // 2}", "report": f"Left effusion {n}."} for n in range(40)]
    mine_reports(write_rows(tmp_path / "r.jsonl", rows), out=tmp_path / "out")
    told = {(line["case_id"], line["split"]) for line in lines(tmp_path / "out" / "facts.jsonl")}
    assert len(told) == 20


def test_hashed_splits_have_their_shares() -> None:
    counts = dict.fromkeys(("train", "validation", "test"), 0)
    for number in range(20_000):
        counts[intake.hashed_split(f"patient {number}")] += 1
    shares = [count / 20_000 for count in counts.values()]
    assert np.allclose(shares, [0.70, 0.15, 0.15], atol=0.012)  # 3.5 standard deviations


def test_a_split_that_the_source_gives_wins_for_all_reports_of_its_patient(tmp_path: Path) -> None:
    rows = report_rows(8)
    for row, split in zip(rows[::2], ("train", "test", "validation", "test"), strict=True):
        row["split"] = split
    mine_reports(write_rows(tmp_path / "r.jsonl", rows), out=tmp_path / "out")
    assert [line["split"] for line in lines(tmp_path / "out" / "facts.jsonl")] == [
        "train", "train", "test", "test", "validation", "validation", "test", "test",
    ]  # fmt: skip
    rows[1]["split"] = "test"
    with pytest.raises(InputError, match=r"r\.jsonl: row 2: split"):
        mine_reports(write_rows(tmp_path / "r.jsonl", rows), out=tmp_path / "out")


def test_rows_of_a_manifest_with_one_report_are_one_and_another_text_under_an_id_is_bad(tmp_path: Path) -> None:
    text = "Left effusion."
    rows = [
        {"case_id": "c1", "patient_id": "p", "image": "a.dcm", "report": text},
        {"case_id": "c1", "patient_id": "p", "image": "b.dcm", "report": text},
        {"case_id": "c1", "patient_id": "p", "image": "c.dcm", "report": "Right effusion."},
    ]
    result = mine_reports(write_rows(tmp_path / "manifest.jsonl", rows), out=tmp_path / "out")
    assert [line["case_id"] for line in lines(tmp_path / "out" / "facts.jsonl")] == ["c1"]
    assert [row["row"] for row in result.bad_rows] == [3]
    assert result.record["notes"]["repeated rows"] == 1


def test_reports_of_one_case_are_judged_together(tmp_path: Path) -> None:
    rows = [
        {"report_id": "a", "case_id": "c1", "patient_id": "p", "report": "Left effusion."},
        {"report_id": "b", "case_id": "c2", "patient_id": "q", "report": "Right pneumothorax."},
        {"report_id": "a2", "case_id": "c1", "patient_id": "p", "report": "Addendum: right pneumothorax."},
    ]
    mine_reports(write_rows(tmp_path / "r.jsonl", [row | {"split": "test"} for row in rows]), out=tmp_path / "out")
    qrels = {(q.query_id, q.case_id): q.grade for q in read_qrels(tmp_path / "out" / "qrels" / "test.qrels")}
    assert qrels["c2@*", "c1"] == qrels["c1@*", "c2"] == 3


def test_ids_that_qrels_cannot_hold_are_percent_encoded_there(tmp_path: Path) -> None:
    rows = [
        {"report_id": f"ward {n} @north 5%", "split": "test", "report": f"Left effusion. Item {n}."} for n in range(2)
    ]
    mine_reports(write_rows(tmp_path / "r.jsonl", rows), out=tmp_path / "out")
    names = {q.case_id for q in read_qrels(tmp_path / "out" / "qrels" / "test.qrels")}
    assert names == {"ward%200%20%40north%205%25", "ward%201%20%40north%205%25"}
    assert lines(tmp_path / "out" / "facts.jsonl")[0]["report_id"] == "ward 0 @north 5%"


def test_characters_that_no_file_can_hold_are_replaced_and_every_result_is_written(tmp_path: Path) -> None:
    source = tmp_path / "r.jsonl"
    source.write_text(
        '{"report_id": "r\\ud800", "report": "Left \\udfff effusion.", "weight": NaN}\n', encoding="utf-8"
    )
    mine_reports(source, out=tmp_path / "out")
    (line,) = lines(tmp_path / "out" / "facts.jsonl")
    assert line["report_id"] == "r?"
    assert "weight" not in line
    assert [fact["side"] for fact in line["facts"]] == ["left"]


def test_results_inside_the_source_are_not_taken_for_reports(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    source = write_rows(tmp_path / "reports" / "r.jsonl", report_rows(6)).parent
    first = mine_reports(source, out=source / "mined")
    write_rows(source / "s.jsonl", [{"report_id": "new", "report": "Left effusion."}])
    again = mine_reports(source, out=source / "mined")
    assert (first.record["reports"], again.record["reports"], again.record["bad_rows"]) == (6, 7, 0)


def test_results_never_replace_the_source_or_lie_among_its_reports(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "facts.jsonl", report_rows(3))
    before = source.read_bytes()
    with pytest.raises(InputError, match="would replace the source"):
        mine_reports(source, out=tmp_path)
    with pytest.raises(InputError, match="another folder than the source"):
        mine_reports(tmp_path, out=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["facts.jsonl"]
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("r.jsonl", '{"report_id": "a", "report": ""}\n', "no report can be used"),
        ("r.jsonl", "{broken\n", "no report can be used.*row 1"),
        ("r.csv", "report_id,report\n", "found none"),
        ("r.bin", "\x00\x01", "no known report format"),
    ],
)
def test_a_source_with_nothing_usable_is_one_clear_error_and_writes_nothing(
    name: str, content: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        mine_reports(tmp_path / name, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_source_or_format_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="doesn't exist"):
        mine_reports(tmp_path / "nothing", out=tmp_path / "out")
    with pytest.raises(InputError, match="format: expected auto"):
        mine_reports(write_rows(tmp_path / "r.jsonl", report_rows(2)), out=tmp_path / "out", format="hl7")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="expected a folder"):
        mine_reports(tmp_path / "r.jsonl", out=tmp_path / "file")
