"""Judging end to end: an index and two runs become pages; answers become labels that evaluation reads."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casekin.errors import InputError
from casekin.evaluation import judge_run, read_judgements, read_run
from casekin.index import CaseIndex
from casekin.journeys.judge import JudgingOptions, PreparedJudging, collect_judgements, prepare_judging
from made_judging import BOX, case_names, made_run, picture, write_answers, write_index, write_run
from made_runs import ranked

CASES = case_names(12)
OPTIONS = JudgingOptions(pairs=30, depth=3, seed=4)


@pytest.fixture(scope="module")
def index_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of twelve cases of six patients; read only."""
    return write_index(tmp_path_factory.mktemp("judge") / "index")


@pytest.fixture
def index(index_folder: Path) -> Iterator[CaseIndex]:
    with CaseIndex(index_folder) as handle:
        yield handle


@pytest.fixture
def runs(tmp_path: Path) -> list[Path]:
    """Two runs that seven cases ask in."""
    return [
        write_run(tmp_path / f"{name}.run", made_run(name, CASES, queries=7, seed=seed))
        for seed, name in enumerate(("one", "two"))
    ]


@pytest.fixture
def prepared(index: CaseIndex, runs: list[Path], tmp_path: Path) -> PreparedJudging:
    return prepare_judging(index, runs, out=tmp_path / "judging", options=OPTIONS)


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 by name of every file."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def data_of(page: Path) -> Any:
    """The JSON that a page's script reads."""
    text = page.read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, flags=re.DOTALL)
    assert found is not None
    return json.loads(found.group(1))


def test_pages_show_the_stored_pictures_with_the_place_in_their_pixels(prepared: PreparedJudging) -> None:
    session = prepared.session
    assert [page.name for page in prepared.pages] == ["reader-1.html", "reader-2.html"]
    for reader, page in enumerate(prepared.pages, start=1):
        data = data_of(page)
        assert len(data["items"]) == len(session.orders[reader - 1])
        for item, shown in zip(data["items"], session.orders[reader - 1], strict=True):
            cases = session.pairs[shown.pair].cases
            for case, side in zip(cases[::-1] if shown.swapped else cases, item["sides"], strict=True):
                film = data["films"][side["film"]]
                stored = picture(CASES.index(case))
                assert film["uri"] == "data:image/jpeg;base64," + base64.b64encode(stored).decode()
                assert side["box"] == [value / 2 for value in BOX.as_list()]  # previews are half as large
                assert film["report"] is None


def test_nothing_outside_the_key_names_a_case_and_the_same_call_writes_the_same_bytes(
    prepared: PreparedJudging, index: CaseIndex, runs: list[Path], tmp_path: Path
) -> None:
    before = digests(prepared.out)
    assert sorted(before) == ["cases.jsonl", "key.json", "pages/reader-1.html", "pages/reader-2.html"]
    for page in prepared.pages:
        assert "case-" not in page.read_text(encoding="utf-8")
    prepare_judging(index, runs, out=prepared.out, options=OPTIONS)
    prepare_judging(index, runs, out=tmp_path / "again", options=OPTIONS)
    assert digests(prepared.out) == digests(tmp_path / "again") == before


def test_reports_are_shown_when_asked_for(index: CaseIndex, runs: list[Path], tmp_path: Path) -> None:
    told = prepare_judging(index, runs, out=tmp_path / "j", options=replace(OPTIONS, with_reports=True))
    films = data_of(told.pages[0])["films"]
    assert all(re.fullmatch(r"Report of case-\d\d\. </script><b>bold</b>", film["report"]) for film in films)


def test_another_session_never_replaces_one_whose_readers_may_be_at_work(
    prepared: PreparedJudging, index: CaseIndex, runs: list[Path]
) -> None:
    before = digests(prepared.out)
    with pytest.raises(InputError, match="holds another session"):
        prepare_judging(index, runs, out=prepared.out, options=replace(OPTIONS, seed=5))
    assert digests(prepared.out) == before


def test_places_are_outlined_around_all_their_locations_or_not_at_all(index: CaseIndex, tmp_path: Path) -> None:
    run = ranked({f"case-00@{place}": ["case-02"] for place in ("*", "lungs", "brain", "trachea")})
    told = prepare_judging(index, [write_run(tmp_path / "a.run", run)], out=tmp_path / "j", options=OPTIONS)
    boxes = {item["place"]: item["sides"][0]["box"] for item in data_of(told.pages[0])["items"]}
    assert boxes.pop("bilateral lung") == [value / 2 for value in BOX.as_list()]
    assert set(boxes) == {"whole image", "brain", "trachea"} and set(boxes.values()) == {None}


def test_a_run_of_another_index_is_refused_and_nothing_is_written(index: CaseIndex, tmp_path: Path) -> None:
    run = write_run(tmp_path / "a.run", ranked({"case-00@left_lung": ["nobody"]}))
    with pytest.raises(InputError, match="run a: the case 'nobody' is unknown to the index"):
        prepare_judging(index, [run], out=tmp_path / "j")
    assert not (tmp_path / "j").exists()


def rule(pair: int) -> int | None:
    """What the first reader answers; one pair they can't tell."""
    return None if pair == 3 else pair % 4


def other_rule(pair: int) -> int | None:
    """The second reader sees one step more now and then, and once three."""
    return 3 if pair == 4 else min(3, pair % 4 + int(pair % 5 == 0))


def test_answers_become_labels_that_a_run_is_scored_by(
    prepared: PreparedJudging, runs: list[Path], tmp_path: Path
) -> None:
    session = prepared.session
    answers = [
        write_answers(tmp_path / f"{reader}.jsonl", session, reader, asked)
        for reader, asked in ((2, other_rule), (1, rule))
    ]
    told = collect_judgements(prepared.out, answers, out=tmp_path / "labels")
    assert told.record["readers"] == [1, 2]
    assert told.record["consensus"]["open"] == 2
    labels = read_judgements(told.qrels)
    run = judge_run(read_run(runs[0]), labels)
    for row, query in enumerate(run.query_ids):
        for number, grade in zip(run.documents[row].tolist(), run.grades[row].tolist(), strict=True):
            if number >= 0:
                asked = (query, run.document_ids[number])
                pair = next(i for i, one in enumerate(session.pairs) if asked in one.asked)
                assert grade == min(rule(pair) or 0, other_rule(pair) or 0)
    judged = sum(len(one.asked) for i, one in enumerate(session.pairs) if i not in (3, 4))
    assert run.gallery_sizes.sum() == judged
    assert json.loads((told.out / "agreement.json").read_text(encoding="utf-8")) == json.loads(json.dumps(told.record))
    assert (told.out / "agreement.md").read_text(encoding="utf-8").startswith("# Blind judging")
    before = digests(told.out)
    collect_judgements(prepared.out, answers[::-1], out=tmp_path / "again")
    assert digests(tmp_path / "again") == before


def test_open_pairs_are_filled_in_and_given_back(prepared: PreparedJudging, tmp_path: Path) -> None:
    answers = [
        write_answers(tmp_path / f"{reader}.jsonl", prepared.session, reader, asked)
        for reader, asked in ((1, rule), (2, other_rule))
    ]
    out = tmp_path / "labels"
    collect_judgements(prepared.out, answers, out=out)
    rows = [json.loads(line) for line in (out / "adjudicate.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["pair"] for row in rows] == [3, 4]
    filled = out / "adjudicate.jsonl"
    filled.write_text("".join(json.dumps(row | {"grade": 1}) + "\n" for row in rows), encoding="utf-8")
    told = collect_judgements(prepared.out, answers, out=out, adjudicated=filled)
    assert (told.record["consensus"]["open"], told.record["consensus"]["adjudicated"]) == (0, 2)
    query, case = prepared.session.pairs[4].asked[0]
    assert f"{query} 0 {case} 1\n" in told.qrels.read_text(encoding="utf-8")
    before = digests(out)
    collect_judgements(prepared.out, answers, out=out, adjudicated=filled)
    assert digests(out) == before
    with pytest.raises(InputError, match="give it as --adjudicated"):
        collect_judgements(prepared.out, answers, out=out)
    assert digests(out) == before


def test_a_reader_alone_or_twice_and_nothing_agreed_on_are_errors(prepared: PreparedJudging, tmp_path: Path) -> None:
    one = write_answers(tmp_path / "1.jsonl", prepared.session, 1, rule)
    for answers in ([one], [one, one]):
        with pytest.raises(InputError, match="expected two readers or more, each once"):
            collect_judgements(prepared.out, answers, out=tmp_path / "labels")
    lost = write_answers(tmp_path / "2.jsonl", prepared.session, 2, lambda _: None)
    with pytest.raises(InputError, match="expected a pair that readers agree on, got none"):
        collect_judgements(prepared.out, [one, lost], out=tmp_path / "labels")
    with pytest.raises(InputError, match="expected the key"):
        collect_judgements(tmp_path, [one, lost], out=tmp_path / "labels")
    assert not (tmp_path / "labels").exists()


def test_labels_with_other_grades_than_ours_are_refused(prepared: PreparedJudging, tmp_path: Path) -> None:
    answers = [write_answers(tmp_path / f"{n}.jsonl", prepared.session, n, rule) for n in (1, 2)]
    (tmp_path / "x.qrels").write_text("case-00@left_lung 0 case-02 7\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.qrels: expected grades 0, 1, 2 and 3, got 7"):
        collect_judgements(prepared.out, answers, out=tmp_path / "labels", mined=tmp_path / "x.qrels")


def test_labels_to_compare_with_may_be_the_folder_of_a_mining(prepared: PreparedJudging, tmp_path: Path) -> None:
    answers = [write_answers(tmp_path / f"{n}.jsonl", prepared.session, n, rule) for n in (1, 2)]
    qrels = tmp_path / "mined" / "qrels" / "test.qrels"
    qrels.parent.mkdir(parents=True)
    qrels.write_text("case-00@left_lung 0 case-02 2\n", encoding="utf-8")
    by_file, by_folder = (
        collect_judgements(prepared.out, answers, out=tmp_path / name, mined=given).record["mined"]
        for name, given in (("one", qrels), ("two", tmp_path / "mined"))
    )
    assert by_file is not None and by_folder == by_file
