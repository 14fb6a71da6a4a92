"""The command line keeps the contract: exit codes, one line of error, one JSON document, the answer's fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from casekin.cli import COMMANDS, app, run
from made_cases import write_png

Told = tuple[int, str, str]
REPORTS = (
    "Consolidation in the left lower lobe.",
    "Consolidation in the left lower lobe. No effusion.",
    "Clear lungs.",
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three cases of three patients, one broken picture."""
    folder = tmp_path_factory.mktemp("cli") / "archive"
    rows = []
    for number, report in enumerate(REPORTS):
        write_png(folder / f"{number}.png", number)
        rows.append({"case_id": f"c{number}", "patient_id": f"SECRET-{number}", "image": f"{number}.png"})
        rows[-1] |= {"report": f"FINDINGS: {report}"}
    (folder / "broken.png").write_bytes(b"broken")
    rows.append({"case_id": "broken", "patient_id": "SECRET-9", "image": "broken.png"})
    (folder / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    write_png(folder.parent / "query.png", 77)
    return folder


@pytest.fixture(scope="module")
def index(archive: Path) -> Path:
    folder = archive.parent / "index"
    assert run(["ingest", str(archive), "--index", str(folder), "--workers", "1", "--json"]) == 0
    return folder


@pytest.fixture
def casekin(capfd: pytest.CaptureFixture[str]) -> Any:
    """Run one command: its exit code, stdout and stderr."""

    def call(*words: object) -> Told:
        capfd.readouterr()
        code = run([str(word) for word in words])
        out, err = capfd.readouterr()
        return code, out, err

    return call


def only_json(told: Told) -> dict[str, Any]:
    """The one document on stdout of a command that is done."""
    code, out, _ = told
    assert code == 0
    assert out.count("\n") == 1
    record = json.loads(out)
    assert isinstance(record, dict)
    return record


NUMBER = (int, float)
TEXT = (str, type(None))
PLACE = {"anatomy": str, "side": TEXT}
EVIDENCE = {"finding": str, **PLACE, "polarity": str, "sentence": TEXT}
ANSWER: dict[str, Any] = {
    "query": {"resolved_regions": [{**PLACE, "box": (list, type(None)), "source": str}]},
    "verdict": str,
    "verdict_reason": str,
    "index_version": str,
    "model_version": str,
    "took_ms": NUMBER,
    "hits": [
        {
            "rank": int,
            "case_id": str,
            "score": float,
            "confidence": type(None),
            "parts": {"global": NUMBER, "region": NUMBER, "facts": NUMBER, "text": NUMBER},
            "region": {**PLACE, "box": list},
            "evidence": [EVIDENCE],
            "contradictions": [EVIDENCE],
            "differs": [EVIDENCE],
        }
    ],
}
"""The contract's search answer for a question with a place and an image; a list stands for any number of its items."""


def assert_has(record: Any, shape: Any, where: str = "answer") -> None:
    if isinstance(shape, dict):
        assert isinstance(record, dict), where
        for name, inner in shape.items():
            assert name in record, f"{where}.{name}"
            assert_has(record[name], inner, f"{where}.{name}")
    elif isinstance(shape, list):
        assert isinstance(record, list), where
        for number, item in enumerate(record):
            assert_has(item, shape[0], f"{where}[{number}]")
    else:
        assert isinstance(record, shape), where
        assert not isinstance(record, bool), where


def test_a_search_answers_with_every_field_of_the_contract(casekin: Any, index: Path, archive: Path) -> None:
    query = archive.parent / "query.png"
    place = ("--at", "left lower lobe")
    answer = only_json(
        casekin("search", query, "--index", index, *place, "--text", "consolidation", "--limit", 3, "--json")
    )
    assert_has(answer, ANSWER)
    assert len(answer["hits"]) == 3
    assert (answer["verdict"], answer["verdict_reason"]) == ("answered", "uncalibrated")
    assert {region["source"] for region in answer["query"]["resolved_regions"]} == {"name"}
    assert {region["relaxed_from"] for region in answer["query"]["resolved_regions"]} == {"left_lower_lobe"}
    for hit in answer["hits"]:
        assert hit["score"] == pytest.approx(sum(hit["parts"].values()))
        assert len(hit["region"]["box"]) == 4
    best = answer["hits"][0]
    assert "Consolidation in the left lower lobe." in best["evidence"][0]["sentence"]
    assert {item["in"] for hit in answer["hits"] for item in hit["differs"]} <= {"query", "case"}


@pytest.mark.parametrize(
    "options",
    [("--box", "10,10,40,50"), ("--phrase", "left basal consolidation"), ("--where", "not age > 3"), ()],
    ids=str,
)
def test_every_way_of_asking_gives_one_json_document(
    casekin: Any, index: Path, archive: Path, options: tuple[str, ...]
) -> None:
    answer = only_json(casekin("search", archive.parent / "query.png", "--index", index, *options, "--json"))
    assert [hit["rank"] for hit in answer["hits"]] == [1, 2, 3]


def test_no_hits_are_an_answer_too(casekin: Any, index: Path) -> None:
    question = ("search", "--index", index, "--text", "consolidation", "--where", "age > 3")
    assert only_json(casekin(*question, "--json"))["hits"] == []
    code, out, _ = casekin(*question)
    assert (code, out.strip()) == (0, "no case passes the filter")


def test_the_table_names_the_cases_and_their_evidence(casekin: Any, index: Path) -> None:
    code, out, _ = casekin("search", "--index", index, "--text", "consolidation in the left lower lobe")
    assert code == 0
    assert re.search(r"1\s+\d\.\d+\s+c\d\b.*consolidation", out)


def test_ingest_lists_what_was_left_out_and_info_counts_the_rest(casekin: Any, index: Path, archive: Path) -> None:
    summary = only_json(casekin("ingest", archive, "--index", index, "--workers", 1, "--json"))
    assert (summary["added"], summary["unchanged"]) == (0, 3)
    assert [problem["source"] for problem in summary["problems"]] == ["broken.png"]
    code, out, err = casekin("ingest", archive, "--index", index, "--workers", 1)
    assert code == 0
    assert "broken.png" in err
    assert "SECRET" not in out + err
    info = only_json(casekin("info", index, "--json"))
    names = ("engine", "model_version", "index_version", "cases", "images", "patients", "integrity", "licence_tiers")
    assert set(names) <= set(info)
    assert (info["cases"], info["images"], info["patients"], info["integrity"]) == (3, 3, 3, "ok")


def test_a_file_of_queries_becomes_a_trec_run(casekin: Any, index: Path, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('{"query_id": "q1", "text": "consolidation"}\nbroken\n')
    batch = ("--queries", tmp_path / "q.jsonl", "--run", tmp_path / "run.txt")
    summary = only_json(casekin("search", "--index", index, *batch, "--json"))
    assert (summary["queries"], len(summary["problems"])) == (1, 1)
    assert all(
        re.fullmatch(r"q1 Q0 c\d \d+ -?\d+\.\d+ \S+", line) for line in (tmp_path / "run.txt").read_text().splitlines()
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("search", "--index", "nowhere", "--text", "x"), "casekin ingest"),
        (("search", "--index", "{index}", "--text", "x", "--at", "left brian"), "nearest"),
        (("search", "--index", "{index}", "--text", "x", "--where", "nodle"), "nodule"),
        (("search", "missing.png", "--index", "{index}"), "missing.png"),
        (("search", "{query}", "--index", "{index}", "--box", "900,900,950,950"), "64 x 64"),
        (("search", "{query}", "--index", "{index}", "--same-patient", "only"), "--patient"),
        (("ingest", "nowhere", "--index", "{index}"), "doesn't exist"),
        (("info", "nowhere"), "casekin ingest"),
    ],
)
def test_what_fails_says_why_in_one_line_and_returns_1(
    casekin: Any, index: Path, archive: Path, words: tuple[str, ...], says: str
) -> None:
    filled = [word.format(index=index, query=archive.parent / "query.png") for word in words]
    for form in ([], ["--json"]):
        code, out, err = casekin(*filled, *form)
        assert (code, out) == (1, "")
        assert err.count("\n") == 1
        assert err.startswith("error: ")
        assert says in err
        assert "SECRET" not in err


@pytest.mark.parametrize(
    "words",
    [
        ("serch",),
        ("search",),
        ("search", "--index", "i"),
        ("search", "--index", "i", "--text", "x", "--limit", "many"),
        ("search", "--index", "i", "--text", "x", "--limit", "0"),
        ("search", "--index", "i", "--text", "x", "--box", "1,2,3,4"),
        ("search", "x.png", "--index", "i", "--box", "1,2,3"),
        ("search", "x.png", "--index", "i", "--box", "5,5,1,1"),
        ("search", "--index", "i", "--queries", "q.jsonl"),
        ("search", "--index", "i", "--text", "x", "--same-patient", "maybe"),
        ("ingest", "--index", "i"),
        ("ingest", "x", "--index", "i", "--workers", "0"),
        ("info", "--colour"),
    ],
    ids=" ".join,
)
def test_wrong_usage_returns_2_and_prints_nothing_on_stdout(casekin: Any, words: tuple[str, ...]) -> None:
    code, out, err = casekin(*words)
    assert (code, out) == (2, "")
    assert "Error: " in err


def whole_commands() -> Iterator[tuple[str, ...]]:
    """The words of every command, `judge prepare` being one of two words."""
    for name in COMMANDS:
        command = app.get_command(click.Context(app), name)
        yield from ((name, under) for under in command.commands) if isinstance(command, click.Group) else ((name,),)


@pytest.mark.parametrize("words", list(whole_commands()), ids=" ".join)
def test_the_help_of_every_command_has_an_example_and_the_json_option(words: tuple[str, ...]) -> None:
    told = CliRunner().invoke(app, [*words, "--help"])
    assert told.exit_code == 0
    assert f"Example: casekin {' '.join(words)}" in told.output
    assert words == ("serve",) or "--json" in told.output


def test_help_lists_every_command_and_an_unknown_one_is_wrong_usage(casekin: Any) -> None:
    code, out, _ = casekin("--help")
    assert code == 0
    assert all(re.search(rf"^\s+{name}\s", out, re.MULTILINE) for name in COMMANDS)
    assert casekin("--version")[0] == 0
