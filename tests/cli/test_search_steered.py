"""Steering on the command line: tables that read well, recipes as files, wrong usage that is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casekin.cli import run
from casekin.types import Fact
from made_reported import reported, stored


def there(finding: str, anatomy: str, severity: str | None = None, polarity: str = "present") -> Fact:
    return Fact(
        finding=finding,
        anatomy=anatomy,
        side="left",
        polarity=polarity,  # type: ignore[arg-type]
        severity=severity,  # type: ignore[arg-type]
        sentence=f"Left {finding} {polarity}.",
    )


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Twelve patients with a nodule, six of them in the lower lobe; of these the nodule is gone a month later."""
    cases = []
    for number in range(12):
        anatomy = "lower_lobe" if number < 6 else "upper_lobe"
        values: dict[str, Any] = {"patient": f"p{number}"}
        cases.append(reported(f"n{number:02d}", [there("nodule", anatomy)], day_offset=0, **values))
        gone = [there("nodule", anatomy, polarity="absent"), there("mass", "upper_lobe")]
        cases.append(reported(f"n{number:02d}-later", gone, day_offset=30, **values))
    stored(tmp_path / "index", cases).close()
    return tmp_path / "index"


@pytest.fixture
def search(index: Path, capfd: pytest.CaptureFixture[str]) -> Any:
    """Run one search for reported nodules; its exit code, stdout and stderr."""

    def call(*options: object) -> tuple[int, str, str]:
        capfd.readouterr()
        code = run(["search", "--index", str(index), *map(str, options)])
        out, err = capfd.readouterr()
        return code, out, err

    return call


NODULES = ("--text", "nodule report", "--with", "nodule at left lower lobe")


def test_a_step_to_a_wider_place_is_a_line_of_its_own_in_the_table(search: Any) -> None:
    code, out, _ = search(*NODULES, "--limit", 8)
    assert code == 0
    lines = out.splitlines()
    assert [line.split()[0] for line in lines] == ["#", "1", "2", "3", "4", "5", "6", "--", "7", "8"]
    assert lines[7] == "-- not enough at nodule at left lower lobe; wider: nodule at left lung"
    assert "--" not in search(*NODULES, "--limit", 8, "--no-relax")[1]


def test_board_counter_evidence_and_follow_up_are_printed_as_tables(search: Any) -> None:
    _, out, _ = search("--text", "nodule report", "--at", "left lower lobe", "--board", "--follow-up", "--counter", 1)
    board = out[out.index("Findings at left lower lobe") :].splitlines()
    assert board[0].endswith("in the reports of the first 12 (archive: 24 reports)")
    head = "finding present uncertain absent not stated share 95 % archive lift"
    assert board[1].split() == head.split()
    assert board[2].split()[:5] == ["nodule", "6", "0", "0", "6"]
    course = out[out.index("What happened next") :].splitlines()
    assert course[0] == "What happened next at left lower lobe: 12 of 12 patients have a later report"
    assert course[2].split() == ["nodule", "6", "6", "0", "0", "0", "0", "0", "30"]
    assert "Counter-evidence (the question: nodule)" in out
    assert "nearest normals:" in out and '"Left nodule absent."' in out


def test_small_counts_stay_small_in_every_form(search: Any) -> None:
    code, out, _ = search(*NODULES, "--limit", 3, "--board", 3, "--no-relax", "--json")
    (row,) = json.loads(out)["board"]["rows"]
    assert (code, row["present"], row["share"], row["lift"]) == (0, "<5", None, None)
    assert "<5" in search(*NODULES, "--limit", 3, "--board", 3, "--no-relax")[1]


def test_a_saved_recipe_gives_the_same_document_again(search: Any, tmp_path: Path) -> None:
    file = tmp_path / "recipe.json"
    _, first, _ = search(*NODULES, "--board", "--save-recipe", file, "--json")
    code, again, _ = search("--recipe", file, "--json")
    told = [json.loads(text) for text in (first, again)]
    for answer in told:
        del answer["took_ms"]
    assert code == 0 and told[0] == told[1]
    assert json.loads(file.read_text()) == told[0]["recipe"]


@pytest.mark.parametrize(
    "damage", [b"", b'{"recipe":', b"\xff\xfe", b"[" * 100_000], ids=["none", "half", "binary", "deep"]
)
def test_a_damaged_recipe_is_told_in_one_line(search: Any, tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "recipe.json"
    file.write_bytes(damage)
    code, out, err = search("--recipe", file)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("error: recipe: expected a JSON file that --save-recipe wrote")


def test_a_recipe_for_another_state_of_the_index_is_refused_and_repeated_anyway(
    search: Any, index: Path, tmp_path: Path
) -> None:
    file = tmp_path / "recipe.json"
    search(*NODULES, "--save-recipe", file)
    with stored(index, [reported("more")]):
        pass
    code, out, err = search("--recipe", file)
    assert (code, out) == (1, "") and "index_version" in err and "--anyway" in err
    assert search("--recipe", file, "--anyway")[0] == 0


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--recipe", "RECIPE", "--limit", "3"), 2, "--limit beside it"),
        (("--recipe", "RECIPE", "--with", "nodule"), 2, "--with beside it"),
        (("--recipe", "no-such-file"), 1, "recipe: expected a JSON file"),
        (("--text", "x", "--with", "nodul"), 1, "--with: expected FINDING [at PLACE]"),
        (("--text", "x", "--text-weight", "1.5"), 2, "--text-weight from 0 to 1"),
        (("--text", "x", "--board", "2000"), 2, "--board from 0 to 1000"),
    ],
)
def test_what_can_t_be_asked_is_told(search: Any, tmp_path: Path, options: Any, code: int, told: str) -> None:
    file = tmp_path / "recipe.json"
    search(*NODULES, "--save-recipe", file)
    given = [file if option == "RECIPE" else option for option in options]
    returned, out, err = search(*given)
    assert (returned, out) == (code, "")
    assert told in err
