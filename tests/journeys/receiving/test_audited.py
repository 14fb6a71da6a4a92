"""The audit log of what is received: a record for each study and minute, and no flood of strangers."""

from __future__ import annotations

from pathlib import Path

from casekin.journeys.receiving.audited import ReceivingLog
from casekin.site.audit import AuditLog
from casekin.site.books import Books
from made_clocks import Clock


def test_slices_of_a_study_are_one_record_a_minute_for_each_sender(tmp_path: Path) -> None:
    clock, books = Clock(), Books(tmp_path)
    log = ReceivingLog(books, "C-STORE", tenant="north", clock=clock)
    for sender, study, after in (("CT1", "a", 0), ("CT1", "a", 59), ("CT2", "a", 0), ("CT1", "b", 0), ("CT1", "a", 1)):
        clock.now += after
        log.received_study(sender, study)
    told = [(one.tenant, one.subject, one.objects) for one in AuditLog(books).records()]
    assert told == [
        ("north", "CT1", ("a",)),
        ("north", "CT2", ("a",)),
        ("north", "CT1", ("b",)),
        ("north", "CT1", ("a",)),
    ]


def test_strangers_get_twenty_records_a_minute(tmp_path: Path) -> None:
    clock, books = Clock(), Books(tmp_path)
    log = ReceivingLog(books, "HL7", tenant="default", clock=clock)
    for _ in range(30):
        log.refused()
    assert len(AuditLog(books).records()) == 20
    clock.now += 60
    log.refused()
    assert len(AuditLog(books).records()) == 21
