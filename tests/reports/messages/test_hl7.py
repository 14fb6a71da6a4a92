"""HL7 v2 messages: every form that words and studies come in; the `hl7` library is the second reader."""

from __future__ import annotations

import base64
from contextlib import suppress

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casekin.errors import InputError
from casekin.reports.messages import ArrivedReport, PatientMerge, PatientUnlink, acknowledge, parse_hl7, read_message
from made_messages import merge, msh, result, segment


def only(data: bytes) -> ArrivedReport:
    (report,) = read_message(data)
    assert isinstance(report, ArrivedReport)
    return report


def message(*segments: str) -> bytes:
    return "\r".join(segments).encode() + b"\r"


def test_a_result_names_its_study_its_patient_its_state_and_its_words() -> None:
    data = result(
        "No effusion.", accession="ACC-7", uid="1.2.3", patient="P1^^^A~P2^^^B", name="Doe^Jane", birth="19500102"
    )
    report = only(data)
    assert report == ArrivedReport(
        text="No effusion.", status="final", report_id="ACC-7", accession_numbers=("ACC-7",),
        study_instance_uids=("1.2.3",), patient_ids=("P1", "P2"), person_names=("Doe^Jane",), birth_dates=("19500102",),
        stated_at="20260102030405.0",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "status"),
    [("P", "preliminary"), ("F", "final"), ("C", "corrected"), ("X", "cancelled"), ("R", "preliminary")],
)
def test_obr_25_says_what_kind_of_version_it_is(told: str, status: str) -> None:
    lines = result("Effusion.", status="F").decode().replace("|F\rOBX", f"|{told}\rOBX").encode()
    assert only(lines).status == status


def test_without_obr_25_the_observations_say_it() -> None:
    lines = [msh(), segment("OBR", f3="A"), segment("OBX", f2="TX", f3="x", f5="Words.", f11="P")]
    assert only(message(*lines)).status == "preliminary"


def test_sections_come_under_the_headings_that_their_codes_mean() -> None:
    lines = [
        msh(), segment("OBR", f3="A", f25="F"),
        segment("OBX", f2="TX", f3="71020&GDT^FINDINGS", f5="Effusion on the left."),
        segment("OBX", f2="TX", f3="71020&GDT^FINDINGS", f5="Heart enlarged."),
        segment("OBX", f2="TX", f3="19005-8^Impressions^LN", f5="IMPRESSION: Failure."),
        segment("OBX", f2="NM", f3="1234-5", f5="17"),
    ]  # fmt: skip
    assert only(message(*lines)).text == "FINDINGS: Effusion on the left.\nHeart enlarged.\nIMPRESSION: Failure."


def test_an_observation_that_is_an_addendum_adds_to_what_stands() -> None:
    report = only(result("Also a nodule.", suffix="&ADT"))
    assert (report.status, report.text) == ("addendum", "Also a nodule.")


def test_words_come_as_repetitions_formatted_text_and_embedded_data() -> None:
    assert only(result("One.~Two.")).text == "One.\nTwo."
    assert only(result(r"One\.br\two \T\ three \F\ \X41\\H\bold\N\.", kind="FT")).text == "One\ntwo & three | Abold."
    data = base64.b64encode(b"Embedded words.").decode()
    assert only(result(f"RIS^TEXT^Plain^Base64^{data}", kind="ED")).text == "Embedded words."


def test_a_report_that_is_only_a_scanned_page_is_refused() -> None:
    with pytest.raises(InputError, match="text"):
        read_message(result("RIS^Application^PDF^Base64^JVBERi0=", kind="ED"))


@pytest.mark.parametrize(
    ("told", "codec", "words"),
    [
        ("8859/1", "latin-1", "Größe ½ verändert."),
        ("8859/15", "iso8859-15", "Größe 5 €."),
        ("UNICODE UTF-8", "utf-8", "肺炎なし."),
        ("ISO IR87", "iso2022_jp", "肺炎なし."),
        ("", "cp1252", "Größe – verändert."),
        ("", "utf-8", "Größe – verändert."),
    ],
)
def test_words_are_read_in_the_character_set_that_is_told_or_guessed(told: str, codec: str, words: str) -> None:
    assert only(result(words, charset=told, codec=codec)).text == words


def test_a_message_of_two_orders_holds_two_reports() -> None:
    lines = [msh()]
    for name in ("A", "B"):
        lines += [segment("OBR", f3=name, f25="F"), segment("OBX", f2="TX", f3="x", f5=f"Words of {name}.")]
    found = read_message(message(*lines))
    assert [(r.report_id, r.text) for r in found if isinstance(r, ArrivedReport)] == [
        ("A", "Words of A."),
        ("B", "Words of B."),
    ]


def test_a_time_with_a_zone_is_compared_in_utc() -> None:
    assert only(result("Words.", stated="20260102030405+0200")).stated_at == "20260102010405.0"
    assert only(result("Words.", stated="20260102030405.25")).stated_at == "20260102030405.25"
    assert only(result("Words.", stated="not a time")).stated_at == "20260102030405.0"  # the message's own


def test_an_a40_says_who_is_who() -> None:
    assert read_message(merge("NEW", "OLD")) == [PatientMerge(survivor="NEW", merged="OLD")]


def test_a_new_number_is_a_merge_and_another_authority_is_none() -> None:
    def changed(old: str) -> bytes:
        return message(msh("ADT^A47"), segment("PID", f3="NEW^^^SITE"), segment("MRG", f1=old))

    assert read_message(changed("OLD^^^SITE")) == [PatientMerge(survivor="NEW", merged="OLD")]
    assert read_message(changed("NEW^^^CLINIC")) == []


def test_an_a37_names_two_patients() -> None:
    lines = [msh("ADT^A37"), segment("PID", f3="A^^^SITE~X"), segment("PV1"), segment("PID", f3="B")]
    assert read_message(message(*lines)) == [PatientUnlink(first=("A", "X"), second=("B",))]
    with pytest.raises(InputError, match="two PID"):
        read_message(message(*lines[:2]))


def test_other_events_of_adt_say_nothing() -> None:
    for event in ("A08", "A24"):
        assert read_message(message(msh(f"ADT^{event}"), segment("PID", f3="P"), segment("PID", f3="Q"))) == []


@pytest.mark.parametrize(
    "data",
    [
        b"", b"MSH", b"MSH|^~\\&", b"MSH|||||||||", b"MSHaaaaaaaaaaaa", b"PID|1", message(msh("ORM^O01")),
        message(msh()), message(msh(f11="T"), segment("OBR", f3="A"), segment("OBX", f2="TX", f5="x")),
        message(msh(), segment("OBR", f25="F"), segment("OBX", f2="TX", f5="Words.")),
        message(msh("ADT^A40"), segment("MRG", f1="OLD")), b"\xff" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused_without_quoting_it(data: bytes) -> None:
    with pytest.raises(InputError) as told:
        read_message(data)
    assert "expected" in str(told.value) and "Words" not in str(told.value)


def test_delimiters_are_those_that_the_message_declares() -> None:
    data = result("One & two.").decode().replace("^", "$").replace("~", "*").replace("MSH|$*\\&", "MSH|$*\\&")
    assert only(data.encode()).text == "One & two."


texts = st.text(st.characters(codec="utf-8", exclude_characters="|^~\\&", exclude_categories=("C", "Z")), max_size=30)
fields = st.lists(st.lists(texts, min_size=1, max_size=3).map("^".join), min_size=1, max_size=5)


@given(st.lists(fields, max_size=4))
def test_fields_are_those_that_the_hl7_library_finds(rows: list[list[str]]) -> None:
    data = message(msh(), *("|".join(["ZZ1", *row]) for row in rows))
    ours, theirs = parse_hl7(data), hl7.parse(data.decode().rstrip("\r"))
    assert len(ours.segments) == len(theirs)
    for mine, other in zip(ours.segments[1:], theirs[1:], strict=True):
        assert [ours.field(mine, number) for number in range(1, len(mine))] == [str(f) for f in other[1:]]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for given_data in (data, b"MSH|^~\\&|" + data, result("x") + data):
        with suppress(InputError):
            read_message(given_data)


def test_an_acknowledgement_names_the_message_and_swaps_who_speaks() -> None:
    parsed = parse_hl7(result("Words.", control="C-42"))
    told = hl7.parse(acknowledge(parsed, "AA", written="20260102030405").decode().rstrip("\r"))
    assert (str(told["MSA.1"]), str(told["MSA.2"]), str(told["MSH.5"]), str(told["MSH.6"])) == (
        "AA",
        "C-42",
        "RIS",
        "SITE",
    )
    assert str(told.segment("MSH")[9]) == "ACK^R01^ACK"


def test_a_refusal_says_why_in_one_line() -> None:
    told = acknowledge(None, "AR", reason="expected | this ^ and\r that", written="20260102030405").decode()
    assert told.count("\r") == 3 and "\rMSA|AR|" in told and "expected   this   and  that" in told
