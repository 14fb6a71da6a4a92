"""Received objects become cases: quiet studies, late slices, rejections, reports of studies that haven't come."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from casekin.errors import InputError, SiteError
from casekin.index import CaseIndex
from casekin.journeys.receive import Site, open_site, receive_message, receive_object, store_received
from casekin.journeys.receiving.rejections import drop_superseded, series_of
from casekin.site.books import Books
from casekin.site.files import KeptFile, KeptFiles, KeptImage, store_file
from casekin.site.received import Received
from made_messages import merge, result
from made_objects import film_object, in_syntax, rejection_object, report_object, slice_object
from made_stores import stored_case


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return open_site(tmp_path / "index", burned_in="keep")


def cases(site: Site) -> dict[str, Any]:
    with CaseIndex(Path(site.index)) as index:
        return index.cases(index.content_hashes())


def images(site: Site, uid: str) -> int:
    with CaseIndex(Path(site.index)) as index:
        return len(index.image_ids_of(site.names.uid(uid)))


def take(site: Site, *objects: bytes, now: float = 0.0) -> None:
    for data in objects:
        receive_object(site, data, now=now)


def turn(site: Site, now: float = 100.0) -> Any:
    return store_received(site, now=now)


def test_a_study_becomes_a_case_once_nothing_has_come_for_a_while(site: Site) -> None:
    take(site, film_object(1), now=0.0)
    take(site, film_object(2), now=20.0)
    assert (turn(site, 40.0).added, cases(site)) == (0, {})
    assert turn(site, 51.0).added == 1
    (case,) = cases(site).values()
    assert (case.case_id, case.modality, images(site, "1.2.3")) == (site.names.uid("1.2.3"), "DX", 2)
    assert turn(site, 52.0).added == 0
    take(site, film_object(3), now=60.0)
    turn(site)
    assert images(site, "1.2.3") == 3
    turn(site, 10_000.0)
    assert not any((site.books.folder / "inbox").rglob("*.dcm"))


def test_slices_that_come_late_are_read_with_the_others_of_their_series(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    monkeypatch.setattr("casekin.journeys.receive.ingest_cases", lambda folders, **_: seen.append(folders) or summary)
    summary = SimpleNamespace(added=0, reports_joined=0, problems=())
    take(site, *(slice_object(number) for number in range(3)))
    turn(site)
    take(site, slice_object(3), now=200.0)
    turn(site, 300.0)
    assert len(seen) == 2 and seen[0] == seen[1]
    assert len(list(seen[1][0].iterdir())) == 4


def test_a_slice_that_came_alone_waits_for_its_series(site: Site) -> None:
    first, *others = (slice_object(number, Modality="MR") for number in range(6))
    take(site, first)
    assert turn(site).failed == 1
    (failed,) = Received(site.books).listed("failed")
    assert "one picture of MR" in (failed.reason or "")
    take(site, *others, now=7200.0)
    assert turn(site, 7300.0).failed == 0
    assert images(site, "1.2.5") == 1 and Received(site.books).counts() == {"stored": 6}


def test_slices_that_make_no_volume_are_kept_for_those_that_are_missing(site: Site) -> None:
    slices = [slice_object(number, Modality="MR") for number in (0, 1, 2, 8, 9)]
    take(site, film_object(1), *slices)
    assert turn(site).failed == 5
    turn(site, 7200.0)
    take(site, *(slice_object(number, Modality="MR") for number in range(3, 8)), now=7300.0)
    assert turn(site, 7400.0).failed == 0
    assert images(site, "1.2.5") == 1 == images(site, "1.2.3")


def test_a_volume_whose_slices_are_all_in_a_newer_one_leaves(tmp_path: Path) -> None:
    books = Books(tmp_path)
    kept, case = KeptFiles(books), stored_case(1)
    old, new = (image.content_sha256 for image in case.images)

    def image(content: str, count: int) -> KeptImage:
        names = [store_file(kept.folder, f"{content} {number}".encode()) for number in range(count)]
        return KeptImage(
            content_sha256=content,
            files=tuple(
                KeptFile(file_sha256=name, kind="dicom", study_instance_uid="s", series_instance_uid="t",
                         sop_instance_uid=f"i{number}", sop_class_uid="c")
                for number, name in enumerate(names)
            ),
        )  # fmt: skip

    with CaseIndex(tmp_path / "index", create=True) as index:
        index.put([case])
        kept.put("case-1", [image(old, 2)])
        before = series_of(kept, ["t"])
        drop_superseded(index, kept, before)
        assert index.content_hashes()["case-1"] == tuple(sorted((old, new)))
        kept.put("case-1", [image(new, 3)])
        drop_superseded(index, kept, before)
        assert index.content_hashes()["case-1"] == (new,)
    assert [one.content_sha256 for one in kept.images_of("case-1")] == [new]
    assert len([path for path in kept.folder.rglob("*") if path.is_file()]) == 3


def test_a_report_joins_before_or_after_its_study_and_by_sr_too(site: Site) -> None:
    receive_message(site, result("FINDINGS: Left pleural effusion.", patient="P1"))
    take(site, film_object(1))
    assert turn(site).reports == 1
    take(site, report_object("Right pleural effusion.", number=2), now=50.0)
    turn(site)
    (case,) = cases(site).values()
    assert "Left" in case.report and "FINDINGS: Right" in case.report  # two documents of one study
    receive_message(site, result("FINDINGS: No effusion.", status="C", stated="20270101", patient="P1"))
    (case,) = cases(site).values()
    assert "No effusion" in case.report and "Left" not in case.report


def test_a_rejected_film_leaves_and_never_comes_back(site: Site) -> None:
    take(site, film_object(1), film_object(2))
    turn(site)
    take(site, rejection_object("1.2.3.1.1"))
    assert turn(site).rejected == 1
    assert images(site, "1.2.3") == 1
    take(site, film_object(1, BodyPartExamined="HAND"))  # other bytes, the same instance
    turn(site)
    assert images(site, "1.2.3") == 1
    take(site, rejection_object("1.2.3.1.2", "1.2.3.1.3"))
    turn(site)
    assert cases(site) == {}
    receive_message(site, result("FINDINGS: Left pleural effusion.", patient="P1"))
    take(site, film_object(4), now=150.0)  # taken anew
    assert turn(site, 200.0).reports == 1


def test_a_volume_is_read_anew_without_its_rejected_slices_and_leaves_where_too_few_are_left(site: Site) -> None:
    slices = [slice_object(number, Modality="MR") for number in range(8)]  # no CT: its encoder takes seconds
    alone = open_site(site.books.folder.parent.parent / "alone", burned_in="keep")
    take(site, *slices)
    take(alone, *slices[:6])
    for one in (site, alone):
        turn(one)
    receive_message(site, result("FINDINGS: Nodule.", accession="ACC-CT", patient="P1"))
    with CaseIndex(Path(site.index)) as index, CaseIndex(Path(alone.index)) as other:
        ((case_id, whole),) = index.content_hashes().items()
        take(site, rejection_object("1.2.5.2.6", "1.2.5.2.7", study="1.2.5"))
        assert turn(site).rejected == 1
        ((now, less),) = index.content_hashes().items()
        assert now == case_id and less != whole and [less] == list(other.content_hashes().values())
        (kept,) = KeptFiles(site.books).images_of(case_id)
        assert (kept.content_sha256,) == less and len(kept.files) == 6
        assert len([path for path in KeptFiles(site.books).folder.rglob("*") if path.is_file()]) == 6
        assert "Nodule" in (index.cases([case_id])[case_id].report or "") and index.upkeep.check().is_sound
        take(site, rejection_object(*(f"1.2.5.2.{number}" for number in range(1, 6)), study="1.2.5"))
        turn(site)
        take(site, rejection_object("1.2.5.2.0", study="1.2.5"))
        turn(site)
        assert index.content_hashes() == {} and KeptFiles(site.books).images_of(case_id) == []


def test_what_is_rejected_before_it_is_stored_is_never_stored(site: Site) -> None:
    take(site, film_object(1), film_object(2), rejection_object("1.2.3.1.1", code="113037"))
    turn(site)
    assert images(site, "1.2.3") == 1
    (listed,) = Received(site.books).listed("rejected")
    assert listed.reason == "rejected for patient safety reasons"


def test_patients_that_were_merged_before_their_study_came_are_one(site: Site) -> None:
    receive_message(site, merge("NEW", "P1"))
    take(site, film_object(1, patient="P1"))
    turn(site)
    (case,) = cases(site).values()
    assert case.patient == site.names.patient("NEW")


def test_what_cannot_be_read_is_kept_with_a_reason_and_tried_again_when_asked(site: Site) -> None:
    broken = film_object(1)[:-2000]
    take(site, broken, film_object(2))
    summary = turn(site)
    assert (summary.added, summary.failed) == (1, 1)
    received = Received(site.books)
    (failed,) = received.listed("failed")
    assert failed.reason and "truncated" in failed.reason and received.path_of(failed).exists()
    assert received.retry() == 1
    assert turn(site, 300.0).failed == 1
    assert turn(site, 300.0).waiting == 0


def test_an_object_of_another_class_or_without_names_is_refused(site: Site) -> None:
    segmentation = film_object(1, SOPClassUID="1.2.840.10008.5.1.4.1.1.66.4")  # it has pixels, and shows no patient
    video = in_syntax(film_object(1), "1.2.840.10008.1.2.4.102")
    plan = film_object(1, SOPClassUID="1.2.840.10008.5.1.4.1.1.66", Rows=None, Columns=None)
    for data in (b"nonsense", segmentation, video, plan, film_object(1, StudyInstanceUID="../../etc")):
        with pytest.raises(InputError, match="expected"):
            receive_object(site, data, now=0.0)


def test_what_came_is_there_after_the_process_was_killed_at_any_point(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(site, film_object(1))
    with monkeypatch.context() as broken:

        def killed(*_: Any, **__: Any) -> None:
            raise SystemExit

        broken.setattr("casekin.journeys.receive.ingest_cases", killed)
        with pytest.raises(SystemExit):
            turn(site)
    with monkeypatch.context() as broken:
        broken.setattr("casekin.journeys.receive.Received.note", killed)
        with pytest.raises(SystemExit):
            turn(site)
    assert turn(site).failed == 0
    assert images(site, "1.2.3") == 1 and Received(site.books).counts() == {"stored": 1}


def test_forgetting_a_patient_empties_the_spool_too(site: Site) -> None:
    take(site, film_object(1, patient="P7"))
    assert Received(site.books).forget([], [site.names.patient("P7")]) == 1
    assert not any((site.books.folder / "inbox").rglob("*")) and turn(site).studies == 0


def test_a_disk_that_fails_is_said(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("casekin.site.received.write_whole", fail)
    with pytest.raises(SiteError, match="disk"):
        take(site, film_object(1))
    assert Received(site.books).counts() == {}
