"""Each verb, end to end, gives the same answer through every door: Python, the command line, HTTP by its client."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import casekin
from casekin.api import create_app
from casekin.cli import run
from casekin.client import Client
from casekin.types import Box

Record = dict[str, Any]

# Options of the command line and the same question in Python; `image` stands for the first film of the archive.
QUESTIONS: dict[str, tuple[list[str], Record]] = {
    "image": (["IMAGE"], {"image": True}),
    "place": (["IMAGE", "--at", "left lower lobe"], {"image": True, "at": ("left lower lobe",)}),
    "places": (
        ["IMAGE", "--at", "right lung", "--at", "cardiac silhouette", "--limit", "3"],
        {"image": True, "at": ("right lung", "cardiac silhouette"), "limit": 3},
    ),
    "box": (["IMAGE", "--box", "60,150,200,330"], {"image": True, "box": Box(x0=60, y0=150, x1=200, y1=330)}),
    "text": (["--text", "left pleural effusion"], {"text": "left pleural effusion"}),
    "phrase": (["IMAGE", "--phrase", "right basal effusion"], {"image": True, "phrase": "right basal effusion"}),
    "both": (["IMAGE", "--text", "cardiomegaly"], {"image": True, "text": "cardiomegaly"}),
    "filter": (["IMAGE", "--where", "age > 40"], {"image": True, "where": "age > 40"}),
    "nothing": (["IMAGE", "--where", "age > 149"], {"image": True, "where": "age > 149"}),
    "own": (["IMAGE", "--same-patient", "only"], {"image": True, "same_patient": "only"}),
    "weights": (
        ["IMAGE", "--text", "cardiomegaly", "--text-weight", "0.8"],
        {"image": True, "text": "cardiomegaly", "text_weight": 0.8},
    ),
    "steered": (
        ["IMAGE", "--at", "left lung", "--without", "chest tube", "--counter", "2", "--board", "9", "--follow-up", "9"],
        {"image": True, "at": ("left lung",), "without": ("chest tube",), "counter": 2, "board": 9, "follow_up": 9},
    ),
    "wider": (
        ["--text", "nodule", "--at", "left lower lobe", "--with", "nodule at left lower lobe"],
        {"text": "nodule", "at": ("left lower lobe",), "with_": ("nodule at left lower lobe",)},
    ),
}


def film(archive: Path) -> Path:
    """The image of the manifest's first row."""
    return archive / str(manifest(archive)[0]["image"])


def manifest(archive: Path) -> list[Record]:
    """The rows of the archive's manifest."""
    return [json.loads(line) for line in (archive / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


def without_clock(record: Record) -> Record:
    """The answer without the one field that may differ between two runs."""
    return {name: value for name, value in record.items() if name != "took_ms"}


def asked_in_python(question: Record, archive: Path, index: Path) -> Record:
    """The answer of `casekin.search_cases` as it looks after a trip through JSON."""
    given = {**question, "image": film(archive) if question.get("image") else None}
    with casekin.CaseIndex(index) as handle:
        answer = casekin.search_cases(
            handle, casekin.SearchQuery(**given), encoder=casekin.load_encoder("default") if given["image"] else None
        )
    return without_clock(json.loads(json.dumps(answer.as_record())))


def asked_on_the_command_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> Record:
    """The one JSON document that a command prints with `--json`."""
    capsys.readouterr()
    assert run([*arguments, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert isinstance(document, dict)
    return document


def asked_over_http(question: Record, archive: Path, index: Path, *, verb: str = "search") -> Record:
    """The service's answer to the same question, through its client: a form with an image, else JSON."""
    given = {**question}
    if question.get("image"):
        given["image"] = film(archive)
    if "box" in question:
        given["box"] = question["box"].as_list()
    with Client("http://127.0.0.1:8000", http=TestClient(create_app(index))) as client:
        answer = getattr(client, verb)(**given)
    assert isinstance(answer, dict)
    return answer


def search_arguments(options: list[str], archive: Path, index: Path) -> list[str]:
    """A search command with the film in place of IMAGE."""
    return ["search", *(str(film(archive)) if word == "IMAGE" else word for word in options), "--index", str(index)]


@pytest.mark.parametrize("name", list(QUESTIONS))
def test_a_search_answers_alike_in_python_on_the_command_line_twice_and_over_http(
    name: str, small_archive: Path, small_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options, question = QUESTIONS[name]
    arguments = search_arguments(options, small_archive, small_index)
    in_python = asked_in_python(question, small_archive, small_index)
    assert without_clock(asked_on_the_command_line(arguments, capsys)) == in_python
    assert without_clock(asked_on_the_command_line(arguments, capsys)) == in_python
    assert without_clock(asked_over_http(question, small_archive, small_index)) == in_python


@pytest.mark.parametrize("name", ["image", "place", "text"])
def test_a_draft_is_the_same_in_python_on_the_command_line_and_over_http(
    name: str, small_archive: Path, small_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options, question = QUESTIONS[name]
    given = {**question, "image": film(small_archive) if question.get("image") else None}
    with casekin.CaseIndex(small_index) as handle:
        drafted = casekin.draft_report(handle, casekin.SearchQuery(**given), encoder=casekin.load_encoder("default"))
    in_python = json.loads(json.dumps(drafted.as_record()))
    arguments = ["draft", *search_arguments(options, small_archive, small_index)[1:]]
    assert asked_on_the_command_line(arguments, capsys) == in_python
    assert asked_over_http(question, small_archive, small_index, verb="draft") == in_python
    assert in_python["notice"].startswith("DRAFT")
    assert all(sentence["cites"] for sentence in in_python["sentences"])


@pytest.mark.parametrize("name", list(QUESTIONS))
def test_hits_are_ranked_by_a_score_whose_parts_add_up_and_leave_the_own_patient_out(
    name: str, small_archive: Path, small_index: Path
) -> None:
    question = QUESTIONS[name][1]
    hits = asked_in_python(question, small_archive, small_index)["hits"]
    patient_of = {row["case_id"]: row["patient_id"] for row in manifest(small_archive)}
    assert [hit["rank"] for hit in hits] == list(range(1, len(hits) + 1))
    order = [(hit["step"], -hit["score"], hit["case_id"]) for hit in hits]
    assert order == sorted(order)
    assert all(math.isclose(sum(hit["parts"].values()), hit["score"], abs_tol=1e-5) for hit in hits)
    assert bool(hits) == (name != "nothing") or name == "own"
    own = manifest(small_archive)[0]["patient_id"]
    if question.get("image"):
        assert all((patient_of[hit["case_id"]] == own) == (name == "own") for hit in hits)
    assert all(hit["case_id"] != manifest(small_archive)[0]["case_id"] or not question.get("image") for hit in hits)


def test_an_archive_is_ingested_alike_through_both_doors_and_only_once(
    small_archive: Path, small_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = tmp_path / "again.index"
    command = ["ingest", str(small_archive), "--index", str(index), "--workers", "1"]
    first = asked_on_the_command_line(command, capsys)
    assert first["added"] == len({row["case_id"] for row in manifest(small_archive)})
    assert first["problems"] == []
    second = asked_on_the_command_line(command, capsys)
    assert (second["added"], second["unchanged"]) == (0, first["added"])
    question = {"image": True, "at": ("right lung",)}
    here, there = (asked_in_python(question, small_archive, folder) for folder in (index, small_index))
    assert [(hit["case_id"], hit["score"]) for hit in here["hits"]] == [
        (hit["case_id"], hit["score"]) for hit in there["hits"]
    ]


def test_info_says_the_same_through_both_doors_and_finds_the_index_sound(
    small_archive: Path, small_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = asked_on_the_command_line(["info", str(small_index)], capsys)
    with casekin.CaseIndex(small_index) as handle:
        told = handle.info()
    assert {name: printed[name] for name in told} == json.loads(json.dumps(told))
    rows = manifest(small_archive)
    assert printed["integrity"] == "ok"
    assert printed["cases"] == len({row["case_id"] for row in rows})
    assert printed["patients"] == len({row["patient_id"] for row in rows})


def test_a_simulated_archive_has_the_same_bytes_through_both_doors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from casekin.world import write_archive
    from casekin.world.ood import OOD_KINDS

    for module in ("ood", "archive"):  # one of each kind: pictures take time
        monkeypatch.setattr(f"casekin.world.{module}.ood_count", lambda patients: 1)
    write_archive(tmp_path / "python", patients=1, seed=3, size=64, workers=1)
    small = ["--patients", "1", "--seed", "3", "--size", "64", "--workers", "1"]
    asked_on_the_command_line(["world", "--out", str(tmp_path / "cli"), *small], capsys)
    written = folder_digests(tmp_path / "python")
    assert folder_digests(tmp_path / "cli") == written
    assert all(any(f"-{kind}-0000" in name for name in written) for kind in OOD_KINDS)


def folder_digests(folder: Path) -> dict[str, str]:
    """Relative path → SHA-256 of every file."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_reports_that_come_later_are_joined_and_found_by_their_words(
    small_archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare, index = tmp_path / "bare.jsonl", tmp_path / "late.index"
    row = manifest(small_archive)[0]
    folder = tmp_path / "one"
    (folder / Path(row["image"]).parent).mkdir(parents=True)
    (folder / row["image"]).write_bytes(film(small_archive).read_bytes())
    stripped = {name: value for name, value in row.items() if name != "report"}
    (folder / "manifest.jsonl").write_text(json.dumps(stripped) + "\n", encoding="utf-8")
    report = {"case_id": row["case_id"], "report": "Large right pleural effusion. No pneumothorax."}
    unknown = {"case_id": "nobody", "report": "Normal."}
    bare.write_text(json.dumps(report) + "\n" + json.dumps(unknown) + "\n", encoding="utf-8")
    casekin.ingest_cases([folder], index=index)
    joined = asked_on_the_command_line(["ingest", str(folder), "--index", str(index), "--reports", str(bare)], capsys)
    assert (joined["reports_joined"], joined["unchanged"], len(joined["unmatched_reports"])) == (1, 1, 1)
    answer = asked_on_the_command_line(["search", "--text", "pleural effusion", "--index", str(index)], capsys)
    evidence = answer["hits"][0]["evidence"]
    assert [(fact["finding"], fact["side"], fact["polarity"]) for fact in evidence] == [
        ("pleural_effusion", "right", "present")
    ]
    assert evidence[0]["sentence"] == "Large right pleural effusion."


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["search", "--text", "nodule", "--index", "no-such-index"], 1),
        (["ingest", "no-such-folder", "--index", "INDEX"], 1),
        (["search", "no-such-file.dcm", "--index", "INDEX"], 1),
        (["search", "--text", "nodule", "--at", "left knee", "--index", "INDEX"], 1),
        (["search", "--text", "nodule", "--where", "age >", "--index", "INDEX"], 1),
        (["search", "--index", "INDEX"], 2),
        (["search", "--text", "nodule"], 2),
        (["search", "--box", "1,2,3", "--text", "nodule", "--index", "INDEX"], 2),
        (["nonsense"], 2),
    ],
)
def test_a_failure_is_one_line_on_stderr_and_a_wrong_call_shows_the_usage(
    arguments: list[str], code: int, small_index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [str(small_index) if word == "INDEX" else word for word in arguments]
    capsys.readouterr()
    assert run(given) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.strip().splitlines()) == 1 if code == 1 else "Usage:" in err


def test_the_demo_walks_the_whole_road_and_goes_on_where_it_was(demo: Any, capsys: pytest.CaptureFixture[str]) -> None:
    searches = demo.printed["searches"]
    assert len(searches) == 3
    for search in searches:
        assert search["answer"]["hits"]
        assert all(Path(name).stat().st_size > 1000 for name in search["evidence"])
    assert [len(search["evidence"]) for search in searches] == [0, 2, 2]
    # Of so few patients none need have what the first, in words, asks for.
    assert [search["answer"]["verdict"] for search in searches[1:]] == ["answered", "answered"]
    again = asked_on_the_command_line(["demo", "--out", str(demo.folder), "--patients", "10"], capsys)
    assert [without_clock(search["answer"]) for search in again["searches"]] == [
        without_clock(search["answer"]) for search in searches
    ]
