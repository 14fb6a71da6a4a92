"""Search: never the query's own patient or report, one state of the index, parts that sum, the same bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from casekin.errors import FilterError, IndexStoreError, InputError, PlaceError
from casekin.index import CaseIndex
from casekin.journeys.ingest import ingest_cases
from casekin.journeys.search import search_cases
from casekin.models import ImageEncoder
from casekin.retrieval.answer import SearchAnswer
from casekin.retrieval.query import Combine, SearchQuery
from casekin.types import Box
from made_cases import write_png

BOX = Box(x0=36.0, y0=20.0, x1=58.0, y1=46.0)


def ids(answer: SearchAnswer) -> list[str]:
    return [hit.case_id for hit in answer.hits]


@pytest.fixture
def new_image(tmp_path: Path) -> Path:
    """A picture that no archive of these tests holds."""
    return write_png(tmp_path / "new.png", 999)


QUESTIONS: list[dict[str, Any]] = [
    {"image": True},
    {"image": True, "at": ("left lower lobe",)},
    {"image": True, "at": ("left lung", "heart")},
    {"image": True, "box": BOX},
    {"image": True, "box": BOX, "text": "effusion"},
    {"image": True, "text": "consolidation in the left lower lobe"},
    {"text": "consolidation in the left lower lobe"},
    {"text": "consolidation", "at": ("left lung",)},
    {"phrase": "right pleural effusion"},
    {"image": True, "phrase": "right pleural effusion"},
    {"text": "lungs clear"},
]


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_the_same_question_gives_the_same_bytes_and_parts_that_sum_to_the_score(
    open_index: CaseIndex, encoder: ImageEncoder, new_image: Path, question: dict[str, Any]
) -> None:
    query = SearchQuery(**{**question, "image": new_image if question.get("image") else None})
    records = []
    for _ in range(2):
        record = search_cases(open_index, query, encoder=encoder).as_record()
        assert record.pop("took_ms") >= 0
        records.append(json.dumps(record, allow_nan=False))
    assert records[0] == records[1]
    hits = json.loads(records[0])["hits"]
    assert hits
    assert [hit["rank"] for hit in hits] == list(range(1, len(hits) + 1))
    assert [(-hit["score"], hit["case_id"]) for hit in hits] == sorted((-hit["score"], hit["case_id"]) for hit in hits)
    for hit in hits:
        assert set(hit["parts"]) == {"global", "region", "facts", "text"}
        assert hit["score"] == pytest.approx(sum(hit["parts"].values()), abs=1e-12)
    used = {name for hit in hits for name, part in hit["parts"].items() if part}
    assert used <= {"global", "region", "facts"} if "text" not in question and "phrase" not in question else used


@pytest.mark.parametrize("phrase", ["xyzzy", "left basl efusoin"])
def test_a_phrase_of_unknown_words_beside_an_image_is_refused_and_not_left_out(
    open_index: CaseIndex, encoder: ImageEncoder, new_image: Path, phrase: str
) -> None:
    with pytest.raises(InputError, match="phrase: expected a finding or a place"):
        search_cases(open_index, SearchQuery(image=new_image, phrase=phrase), encoder=encoder)


def test_an_image_finds_its_like_and_a_place_uses_that_place(
    open_index: CaseIndex, encoder: ImageEncoder, new_image: Path
) -> None:
    answer = search_cases(open_index, SearchQuery(image=new_image, at=("left lower lobe",)), encoder=encoder)
    assert {str(region.place): region.weight for region in answer.resolved_regions} == pytest.approx(
        {"left_lower_lung_zone": 0.65, "left_mid_lung_zone": 0.35}
    )
    for region in answer.resolved_regions:
        assert str(region.relaxed_from) == "left_lower_lobe"
        assert region.box is not None
        assert region.box.clipped(width=64, height=64) is not None
    assert {str(hit.region_place) for hit in answer.hits} == {"left_lower_lung_zone"}
    assert all(hit.region_box is not None and hit.parts["region"] != 0 for hit in answer.hits)


def test_a_patient_is_listed_once(open_index: CaseIndex) -> None:
    answer = search_cases(open_index, SearchQuery(text="consolidation in the left lower lobe"))
    assert [(hit.case_id, hit.also) for hit in answer.hits[:2]] == [("alfa", ("charlie",)), ("bravo", ())]


def test_a_stored_image_never_finds_itself_or_its_patient(
    open_index: CaseIndex, encoder: ImageEncoder, stored_archive: Path
) -> None:
    query = SearchQuery(image=stored_archive / "images" / "alfa.png", text="consolidation in the left lower lobe")
    answer = search_cases(open_index, query, encoder=encoder)
    assert answer.query["matched_cases"] == ["alfa"]
    assert {"alfa", "charlie"}.isdisjoint(ids(answer))
    assert ids(answer)[0] == "bravo"  # another patient with the same report


def test_a_copy_of_a_stored_image_under_other_metadata_is_matched_by_its_content(
    open_index: CaseIndex, encoder: ImageEncoder, stored_archive: Path, tmp_path: Path
) -> None:
    with Image.open(stored_archive / "images" / "alfa.png") as picture:
        picture.save(tmp_path / "copy.png", optimize=True, dpi=(72, 72))
    answer = search_cases(open_index, SearchQuery(image=tmp_path / "copy.png"), encoder=encoder)
    assert answer.query["matched_cases"] == ["alfa"]
    assert {"alfa", "charlie"}.isdisjoint(ids(answer))


def test_the_patient_group_of_a_stored_image_is_excluded(
    open_index: CaseIndex, encoder: ImageEncoder, stored_archive: Path
) -> None:
    answer = search_cases(open_index, SearchQuery(image=stored_archive / "images" / "delta.png"), encoder=encoder)
    assert "bravo" in ids(answer)
    assert {"delta", "echo"}.isdisjoint(ids(answer))


@pytest.mark.parametrize("patient", ["SECRET-PATIENT-1", " secret-patient-1 "])
def test_a_named_patient_is_excluded_or_searched_alone(
    open_index: CaseIndex, encoder: ImageEncoder, new_image: Path, patient: str
) -> None:
    def asked(same_patient: Any) -> set[str]:
        query = SearchQuery(image=new_image, patient=patient, same_patient=same_patient)
        answer = search_cases(open_index, query, encoder=encoder)
        assert "SECRET" not in json.dumps(answer.as_record()).upper()
        return {case_id for hit in answer.hits for case_id in (hit.case_id, *hit.also)}

    everything = {"alfa", "bravo", "charlie", "delta", "echo", "foxtrot"}
    assert asked("exclude") == everything - {"alfa", "charlie"}
    assert asked("only") == {"alfa", "charlie"}
    assert asked("allow") == everything


def test_a_member_of_a_group_excludes_the_group_and_a_group_its_members(
    open_index: CaseIndex, encoder: ImageEncoder, new_image: Path
) -> None:
    for patient in ("SECRET-PATIENT-4", "SECRET-PATIENT-5", "SECRET-FAMILY"):
        answer = search_cases(open_index, SearchQuery(image=new_image, patient=patient), encoder=encoder)
        assert {"delta", "echo"}.isdisjoint(ids(answer)), patient
        assert "bravo" in ids(answer)


def test_a_patient_whose_rows_name_a_group_only_sometimes_is_one_patient(
    make_archive: Any, encoder: ImageEncoder, tmp_path: Path
) -> None:
    rows = [
        {"case_id": "first", "patient_id": "P1", "patient_group": "G"},
        {"case_id": "second", "patient_id": "P1"},
        {"case_id": "third", "patient_id": "P2"},
    ]
    archive = make_archive(rows)
    ingest_cases([archive], index=tmp_path / "index")
    with CaseIndex(tmp_path / "index") as index:
        for name in ("first", "second"):
            query = SearchQuery(image=archive / "images" / f"{name}.png")
            assert ids(search_cases(index, query, encoder=encoder)) == ["third"]


def test_the_same_patient_only_needs_a_known_patient(
    open_index: CaseIndex, encoder: ImageEncoder, new_image: Path
) -> None:
    with pytest.raises(InputError, match="--patient"):
        search_cases(open_index, SearchQuery(image=new_image, same_patient="only"), encoder=encoder)


def test_a_matched_query_gives_pixels_only(make_archive: Any, encoder: ImageEncoder, tmp_path: Path) -> None:
    """Whether the query's own case has a report in the index changes nothing of the ranking."""
    rankings = []
    for report in ("FINDINGS: Consolidation in the left lower lobe.", "FINDINGS: Right pneumothorax.", None):
        rows = [
            {"case_id": "own", "patient_id": "P1", "report": report},
            {"case_id": "x", "patient_id": "P2", "report": "FINDINGS: Consolidation in the left lower lobe."},
            {"case_id": "y", "patient_id": "P3", "report": "FINDINGS: Right pneumothorax."},
        ]
        archive = make_archive(rows, name=f"archive {report}")
        folder = tmp_path / f"index {report}"
        ingest_cases([archive], index=folder)
        with CaseIndex(folder) as index:
            query = SearchQuery(image=archive / "images" / "own.png", at=("left lung",))
            rankings.append([(hit.case_id, hit.score) for hit in search_cases(index, query, encoder=encoder).hits])
    assert rankings[0] == rankings[1] == rankings[2]
    assert len(rankings[0]) == 2


def test_a_filter_leaves_only_what_passes_it(open_index: CaseIndex, encoder: ImageEncoder, new_image: Path) -> None:
    def passing(where: str) -> set[str]:
        answer = search_cases(open_index, SearchQuery(image=new_image, where=where), encoder=encoder)
        return {case_id for hit in answer.hits for case_id in (hit.case_id, *hit.also)}

    assert passing("consolidation at left lung and sex = F") == {"alfa"}
    assert passing("pneumothorax absent and not consolidation") == {"delta"}
    assert passing("age > 100") == set()


def test_text_at_a_place_asks_for_the_finding_there(open_index: CaseIndex) -> None:
    right = search_cases(open_index, SearchQuery(text="pleural effusion", at=("right pleural space",)))
    assert ids(right)[0] == "echo"
    assert {(fact["anatomy"], fact["side"]) for fact in right.query["facts"]} == {("pleural_space", "right")}
    left = search_cases(open_index, SearchQuery(text="pleural effusion", at=("left pleural space",)))
    scores = [next(hit.score for hit in answer.hits if hit.case_id == "echo") for answer in (right, left)]
    assert scores[0] > scores[1]


def test_what_a_report_denies_is_shown_as_a_contradiction(open_index: CaseIndex) -> None:
    answer = search_cases(open_index, SearchQuery(text="right pneumothorax"))
    hits = {hit.case_id: hit for hit in answer.hits}
    assert [fact.polarity for fact in hits["bravo"].contradictions] == ["absent"]
    assert hits["bravo"].contradictions[0].sentence == "No pneumothorax."
    assert hits["bravo"].parts["facts"] < 0
    assert hits["bravo"].contradictions[0] not in hits["bravo"].evidence


@pytest.mark.parametrize(
    ("question", "error", "says"),
    [
        ({"at": ("left brian",)}, PlaceError, "nearest"),
        ({"at": ("neck of the pancreas",)}, PlaceError, "frontal chest radiograph"),
        ({"where": "nodle"}, FilterError, "nodule"),
        ({"box": Box(x0=100.0, y0=0.0, x1=120.0, y1=10.0)}, InputError, "64 x 64"),
        ({"mask": np.ones((10, 10), dtype=bool)}, InputError, "10 x 10"),
        ({"mask": np.zeros((64, 64), dtype=bool)}, InputError, "mask"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_the_remedy(
    open_index: CaseIndex, encoder: ImageEncoder, new_image: Path, question: Any, error: Any, says: str
) -> None:
    with pytest.raises(error, match=says):
        search_cases(open_index, SearchQuery(image=new_image, **question), encoder=encoder)


@pytest.mark.parametrize(
    "question",
    [{}, {"text": ""}, {"text": "x", "box": BOX}, {"text": "x", "limit": 0}, {"text": "x", "limit": 10_000},
     {"text": "x" * 20_000}, {"text": "x", "mask": np.ones((2, 2), dtype=bool)}],
    ids=lambda question: ",".join(question) or "nothing",
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused(question: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="search: "):
        SearchQuery(**question)


def test_a_box_and_a_mask_of_the_same_pixels_point_at_the_same_places(
    open_index: CaseIndex, encoder: ImageEncoder, new_image: Path
) -> None:
    mask = np.zeros((64, 64), dtype=bool)
    mask[20:46, 36:58] = True
    by_box = search_cases(open_index, SearchQuery(image=new_image, box=BOX), encoder=encoder)
    by_mask = search_cases(open_index, SearchQuery(image=new_image, mask=mask), encoder=encoder)
    assert [(r.place, r.weight) for r in by_box.resolved_regions] == [
        (r.place, r.weight) for r in by_mask.resolved_regions
    ]
    assert {r.box for r in by_box.resolved_regions} == {BOX}
    assert [(h.case_id, h.region_box) for h in by_box.hits] == [(h.case_id, h.region_box) for h in by_mask.hits]
    assert [h.score for h in by_box.hits] == pytest.approx([h.score for h in by_mask.hits], abs=1e-5)


def test_another_model_is_refused(open_index: CaseIndex, new_image: Path) -> None:
    with pytest.raises(IndexStoreError, match="model"):
        search_cases(open_index, SearchQuery(image=new_image), encoder=None)


def test_an_empty_index_answers_with_no_hits(tmp_path: Path, encoder: ImageEncoder, new_image: Path) -> None:
    with CaseIndex(tmp_path / "index", create=True) as index:
        for query in (SearchQuery(image=new_image, at=("left lung",)), SearchQuery(text="nodule", where="age > 3")):
            answer = search_cases(index, query, encoder=encoder)
            assert answer.hits == ()
            assert answer.model_version is None


def test_a_search_sees_one_state_of_the_index_whatever_is_written_meanwhile(
    make_archive: Any, tmp_path: Path, encoder: ImageEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "index"
    ingest_cases([make_archive()], index=folder)
    more = make_archive([{"case_id": f"later-{n}", "patient_id": f"L{n}"} for n in range(3)], name="later")
    select = CaseIndex.select

    def write_first(self: CaseIndex, expression: Any) -> Any:
        mask = select(self, expression)
        ingest_cases([more], index=folder)
        return mask

    with CaseIndex(folder) as index:
        query = SearchQuery(text="consolidation", where="not age > 200")
        before = search_cases(index, query)
        with monkeypatch.context() as patch:
            patch.setattr(CaseIndex, "select", write_first)
            during = search_cases(index, query)
        after = search_cases(index, query)
    assert ids(during) == ids(before)
    assert during.index_version == before.index_version != after.index_version


def test_liked_cases_are_searched_for_and_are_not_listed_nor_are_their_patients(open_index: CaseIndex) -> None:
    answer = search_cases(open_index, SearchQuery(like=("alfa",)))
    assert ids(answer) and not {"alfa", "charlie"} & set(ids(answer))  # one patient
    by_place = search_cases(open_index, SearchQuery(like=("alfa",), at=("left lower lobe",)))
    assert all(hit.parts["region"] and not hit.parts["global"] for hit in by_place.hits)


def test_a_disliked_case_falls_back(open_index: CaseIndex, encoder: ImageEncoder, new_image: Path) -> None:
    plain = search_cases(open_index, SearchQuery(image=new_image, same_patient="allow"), encoder=encoder)
    moved = search_cases(open_index, SearchQuery(image=new_image, unlike=("bravo",)), encoder=encoder)
    assert "bravo" in ids(plain) and "bravo" not in ids(moved)
    assert [hit.score for hit in moved.hits] != [hit.score for hit in plain.hits if hit.case_id != "bravo"]


def test_all_of_counts_the_worst_place_and_any_of_the_best(
    open_index: CaseIndex, encoder: ImageEncoder, new_image: Path
) -> None:
    def scores(at: tuple[str, ...], combine: Combine) -> dict[str, float]:
        query = SearchQuery(image=new_image, at=at, combine=combine, facts_weight=0.0)
        hits = search_cases(open_index, query, encoder=encoder).hits
        # Of the other patients a list may show another case for each question.
        return {hit.case_id: hit.score for hit in hits if hit.case_id in ("bravo", "foxtrot")}

    left, right = (scores((place,), "mean") for place in ("left lung", "heart"))
    both, one = (scores(("left lung", "heart"), combine) for combine in ("all_of", "any_of"))  # type: ignore[arg-type]
    assert len(both) == len(one) == 2
    assert both == pytest.approx({case: min(left[case], right[case]) for case in both}, abs=2e-6)
    assert one == pytest.approx({case: max(left[case], right[case]) for case in one}, abs=2e-6)


@pytest.mark.parametrize(
    "question",
    [
        {"unlike": ("alfa",), "text": "effusion"},
        {"like": ("alfa",), "unlike": ("alfa",)},
        {"image": Path("a.png"), "box": BOX, "like": ("alfa",)},
        {"image": Path("a.png"), "combine": "all_of"},
        {"text": "effusion", "at": ("left lung",), "combine": "any_of"},
        {"image": Path("a.png"), "at": ("left lung",), "combine": "best"},
    ],
    ids=str,
)
def test_examples_and_combinations_that_cannot_be_answered_are_refused(question: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        SearchQuery(**question)
