"""draft: what is supported is said and cited, what isn't is struck, and where nothing can be said nothing is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path

import pytest

import casekin
from casekin.errors import InputError
from casekin.index import CaseIndex
from casekin.journeys.draft import draft_report, draft_stored
from casekin.journeys.draft_files import write_draft_page
from casekin.journeys.search import search_cases
from casekin.reports import read_report
from casekin.retrieval.compose.draft import Draft
from casekin.retrieval.query import SearchQuery
from casekin.types import Box
from made_drafts import made_film, made_report, write_made_archive
from made_indexes import noise


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseIndex]:
    with write_made_archive(tmp_path_factory.mktemp("drafts") / "index") as index:
        yield index


def text_of(draft: Draft) -> str:
    return "\n".join(sentence.text for sentence in draft.sentences if sentence.section == "findings")


def test_a_draft_says_what_look_alikes_say_without_their_priors_sizes_and_names(index: CaseIndex) -> None:
    assert text_of(draft_stored(index, "l00")) == (
        "There is a left pleural effusion.\nThere is no pneumothorax.\nHeart size is normal."
    )
    assert text_of(draft_stored(index, "r00")).startswith("There is a right pleural effusion.")
    assert "no pleural effusion" in text_of(draft_stored(index, "n00"))


HOSTILE = "Left pleural effusion per Smith in May. Left pneumothorax, XII, drain it. Heart size is normal, thanks Anna."


def test_names_dates_and_advice_that_every_similar_case_repeats_are_never_drafted(tmp_path: Path) -> None:
    read = read_report(HOSTILE)
    with write_made_archive(tmp_path / "index") as index:
        films = [made_film(f"h{number:02d}", "left", 500 + number) for number in range(30)]
        facts = {"report": HOSTILE, "facts": read.facts, "normal_anatomies": read.normal_anatomies}
        index.put([replace(film, **facts, sentences=tuple(one.text for one in read.sentences)) for film in films])
        said = " ".join(one.text for one in draft_stored(index, "h00").sentences)
    assert "effusion" in said
    assert not [word for word in ("Smith", "May", "XII", "drain", "Anna") if word.lower() in said.lower().split()]


def test_the_impression_repeats_what_is_there(index: CaseIndex) -> None:
    draft = draft_stored(index, "l00")
    assert [one.text for one in draft.sentences if one.section == "impression"] == ["There is a left pleural effusion."]
    assert not [one for one in draft_stored(index, "n00").sentences if one.section == "impression"]


def test_every_sentence_cites_other_patients_cases_that_state_just_that(index: CaseIndex) -> None:
    for case_id in ("l00", "r05", "n03"):
        own = index.cases([case_id])[case_id].patient
        for sentence in draft_stored(index, case_id).sentences:
            assert sentence.cites
            cited = index.cases(cite.case_id for cite in sentence.cites)
            assert own not in {case.patient for case in cited.values()}
            for cite in sentence.cites:
                assert cite.sentence in str(cited[cite.case_id].report)
                assert any(
                    (fact.finding, fact.polarity) == (sentence.claim.finding, sentence.claim.polarity)
                    for fact in read_report(str(cited[cite.case_id].report)).facts
                )
                assert cite.box == Box(x0=10, y0=10, x1=60, y1=70)


def test_a_drafts_own_report_has_no_say(tmp_path: Path) -> None:
    def drafted(report: str, folder: str) -> str:
        with write_made_archive(tmp_path / folder, each=6) as index:
            film = made_film("asked", "left", 999)
            index.put([replace(film, report=report, facts=read_report(report).facts)])
            draft = draft_stored(index, "asked")
            return json.dumps([one.as_record() for one in draft.sentences])

    assert drafted(made_report("left", 0), "a") == drafted("There is a right pneumothorax.", "b")


def test_a_severity_that_most_cases_give_isnt_said(tmp_path: Path) -> None:
    with write_made_archive(tmp_path / "index", each=6) as index:
        films = [made_film(f"s{number}", "left", 50 + number) for number in range(9)]
        report = "There is a large left pleural effusion."
        index.put([replace(film, report=report, facts=read_report(report).facts) for film in films])
        assert text_of(draft_stored(index, "s0")).startswith("There is a left pleural effusion.")


def test_the_same_case_gives_the_same_bytes(index: CaseIndex) -> None:
    first, second = (json.dumps(draft_stored(index, "l03").as_record()) for _ in range(2))
    assert first == second


def test_a_record_has_the_contracts_fields(index: CaseIndex) -> None:
    record = draft_stored(index, "l00").as_record()
    assert {"sentences", "struck", "verdict", "notice"} <= set(record)
    assert record["notice"].startswith("DRAFT")
    (sentence,) = (one for one in record["sentences"][:1])
    assert {"text", "finding", "anatomy", "side", "polarity", "support", "cites"} <= set(sentence)
    assert set(sentence["support"]) == {"p", "n", "interval"}
    assert [region["case_id"] for region in sentence["regions"]] == sentence["cites"]


def test_an_archive_without_reports_gives_no_draft_and_says_reports(tmp_path: Path) -> None:
    with CaseIndex(tmp_path / "index", create=True) as index:
        films = [made_film(f"c{number}", "left", number) for number in range(4)]
        index.put([replace(film, report=None, facts=(), normal_anatomies=()) for film in films])
        draft = draft_stored(index, "c0")
        write_draft_page(index, draft, tmp_path / "page.html")
    assert "reports: no case" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert (draft.sentences, draft.verdict) == ((), "no_comparable_case")
    assert draft.verdict_reason.startswith("reports")


def test_a_text_alone_speaks_of_findings_and_denies_nothing(index: CaseIndex) -> None:
    draft = draft_report(index, SearchQuery(text="left pleural effusion"))
    assert text_of(draft) == "There is a left pleural effusion."


@pytest.mark.parametrize("verdict", ["low_confidence", "no_comparable_case"])
def test_a_doubt_about_the_list_is_a_caution_on_the_draft(
    index: CaseIndex, monkeypatch: pytest.MonkeyPatch, verdict: str
) -> None:
    searched = partial(replace, verdict=verdict, verdict_reason="why")
    monkeypatch.setattr("casekin.journeys.draft.search_cases", lambda *a, **k: searched(search_cases(*a, **k)))
    draft = draft_report(index, SearchQuery(text="left pleural effusion"))
    assert (bool(draft.sentences), draft.caution) == (True, f"{verdict.replace('_', ' ')}: why")


def test_an_image_like_none_of_the_archives_gets_no_draft(index: CaseIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    searched = partial(replace, verdict="out_of_distribution", verdict_reason="why")
    monkeypatch.setattr("casekin.journeys.draft.search_cases", lambda *a, **k: searched(search_cases(*a, **k)))
    draft = draft_report(index, SearchQuery(text="left pleural effusion"))
    assert (draft.sentences, draft.verdict, draft.verdict_reason) == ((), "out_of_distribution", "why")


def test_a_place_narrows_what_is_spoken_of(index: CaseIndex) -> None:
    draft = draft_report(index, SearchQuery(like=("l00", "l01"), at=("left pleural space",)))
    anatomies = set(chain.from_iterable((one.claim.anatomy,) for one in draft.sentences))
    assert anatomies == {"pleural_space"}


def test_a_draft_of_the_patients_own_cases_is_refused(index: CaseIndex) -> None:
    with pytest.raises(InputError, match="other patients"):
        draft_report(index, SearchQuery(text="effusion", same_patient="allow"))


def test_a_case_without_a_film_is_an_error_that_says_so(index: CaseIndex) -> None:
    with pytest.raises(InputError, match="radiograph"):
        draft_stored(index, "nobody")


def test_a_calibrated_archive_uses_its_own_curve(tmp_path: Path) -> None:
    with write_made_archive(tmp_path / "index", each=6) as index:
        assert draft_stored(index, "l00").recipe["calibrated"] is False
        index.put_calibration("radiograph", "draft", {"seen": [0, 0, 0, -9], "unseen": [0, 0, -9], "questions": 9})
        draft = draft_stored(index, "l00")
    assert draft.recipe["calibrated"] is True
    assert not [one for one in draft.sentences if one.claim.is_finding]


def test_the_page_is_whole_escaped_and_each_citation_has_its_place(tmp_path: Path) -> None:
    with write_made_archive(tmp_path / "index", each=6) as index:
        films = [made_film(f"x<b>{number}", "left", 50 + number) for number in range(3)]
        index.put([replace(f, images=tuple(replace(i, preview=noise(1)) for i in f.images)) for f in films])
        everyone = index.mask_of(case_ids=[f.case_id for f in films])
        assert everyone.sum() == 3
        draft = draft_stored(index, "x<b>0")
        kept = tuple(
            replace(one, cites=tuple(cite for cite in one.cites if cite.case_id.startswith("x")))
            for one in draft.sentences
        )
        write_draft_page(index, replace(draft, sentences=kept), tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "x<b>" not in page
    assert "<script" not in page
    anchors = [part.split('"')[0] for part in page.split('href="#')[1:]]
    assert anchors
    assert all(page.count(f'id="{anchor}"') == 1 for anchor in anchors)
    assert page.count("data:image/jpeg") == len(set(anchors))


def test_the_python_name_is_the_journey() -> None:
    assert casekin.draft_report is draft_report
