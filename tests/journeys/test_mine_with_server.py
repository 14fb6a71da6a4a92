"""Mining with a server's model: who read what is told, labels of two readers never mix, and it is never the default."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casekin.cli import run
from casekin.errors import InputError
from casekin.journeys.mine import mine_reports
from casekin.reports.server_reader import ReaderServer
from made_server import MadeServer, chat, serving, told

REPORTS = ("Small left pleural effusion.", "Right pneumothorax.", "No nodule.")
EFFUSION = {
    "finding": "effusion", "anatomy": "pleural space", "side": "left", "polarity": "uncertain",
    "sentence": "Small left pleural effusion.",
}  # fmt: skip
GOOD, BAD = told(EFFUSION), chat("no")


@pytest.fixture
def made() -> Iterator[MadeServer]:
    """A server that reads the first report, fails at the second, and says nothing of the third."""
    with serving() as server:
        server.replies = [told(), GOOD, BAD, BAD, told()]
        yield server


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "reports.jsonl"
    rows = ({"report_id": f"r{number}", "report": text} for number, text in enumerate(REPORTS))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def lines(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "facts.jsonl").read_text(encoding="utf-8").splitlines()]


def server_of(made: MadeServer) -> ReaderServer:
    return ReaderServer(url=made.url, model="m1", api_key="s3cret", timeout_s=60.0)


@pytest.mark.parametrize("processes", [1, 2])
def test_each_line_tells_its_reader_and_the_card_counts_them(
    made: MadeServer, source: Path, tmp_path: Path, processes: int
) -> None:
    out = tmp_path / "out"
    record = mine_reports(source, out=out, server=server_of(made), processes=processes).record
    read = lines(out)
    assert [(line["reader"], line["fallback"]) for line in read] == [
        ("server", None), ("rules", "no JSON"), ("server", None),
    ]  # fmt: skip
    assert [[(fact["finding"], fact["polarity"]) for fact in line["facts"]] for line in read] == [
        [("pleural_effusion", "uncertain")], [("pneumothorax", "present")], [],
    ]  # fmt: skip
    assert [line["version"].partition(" server=")[2] for line in read] == ["m1", "m1; read by the rules", "m1"]
    assert (record["readers"], record["fallbacks"]) == ({"rules": 1, "server": 2}, {"no JSON": 1})
    for card in ("card.md", "card.html"):
        page = (out / card).read_text(encoding="utf-8")
        assert "read by a server&#39;s model" in page or "read by a server's model" in page
        assert "the server's answer failing: no JSON" in page
    asked = len(made.asked)
    assert mine_reports(source, out=out, server=server_of(made)).record == record
    assert len(made.asked) == asked == 5


def test_neither_key_nor_address_is_written(made: MadeServer, source: Path, tmp_path: Path) -> None:
    mine_reports(source, out=tmp_path / "out", server=server_of(made))
    assert set(made.keys) == {"Bearer s3cret"}
    for path in (tmp_path / "out").rglob("*"):
        if path.is_file():
            written = path.read_bytes()
            assert b"s3cret" not in written and made.url.encode() not in written


def test_nothing_that_another_reader_read_is_taken_up(made: MadeServer, source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    mine_reports(source, out=out)
    assert {line["reader"] for line in lines(out)} == {"rules"}
    mine_reports(source, out=out, server=server_of(made))
    assert {line["version"].partition(" server=")[2][:2] for line in lines(out)} == {"m1"}
    mine_reports(source, out=out)
    assert not [line for line in lines(out) if "server" in line["version"]]


def test_a_server_that_does_not_answer_is_found_out_before_anything_is_written(
    made: MadeServer, source: Path, tmp_path: Path
) -> None:
    made.replies = [(401, b"")]
    with pytest.raises(InputError, match="got status 401"):
        mine_reports(source, out=tmp_path / "out", server=server_of(made))
    assert not (tmp_path / "out").exists()
    assert "effusion." not in json.dumps(made.asked).replace("No pleural effusion.", "")


def test_a_source_cannot_say_who_read_it(tmp_path: Path) -> None:
    source = tmp_path / "one.jsonl"
    row = {"report_id": "r", "report": REPORTS[0], "reader": "server", "fallback": ["timeout"]}
    source.write_text(json.dumps(row) + "\n", encoding="utf-8")
    record = mine_reports(source, out=tmp_path / "out").record
    assert (record["readers"], record["fallbacks"]) == ({"rules": 1}, {})


def test_little_of_a_server_s_work_is_lost_when_a_run_is_stopped(made: MadeServer, tmp_path: Path) -> None:
    def stop(done: int, _: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    source = tmp_path / "ten.jsonl"
    source.write_text("".join(f'{{"report_id": "r{n}", "report": "No nodule. {n}."}}\n' for n in range(10)))
    made.replies = [told()]
    with pytest.raises(KeyboardInterrupt):
        mine_reports(source, out=tmp_path / "out", server=server_of(made), progress=stop)
    assert len(made.asked) == 1 + 4
    made.asked.clear()
    assert mine_reports(source, out=tmp_path / "out", server=server_of(made)).record["readers"] == {"server": 10}
    assert len(made.asked) == 1 + 6


def test_the_command_says_where_reports_go_and_what_the_rules_read(
    made: MadeServer, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEKIN_READER_KEY", "s3cret")
    options = ["--reader", "server", "--reader-url", f"{made.url}/v1", "--reader-model", "m1", "--processes", "1"]
    assert run(["mine", str(source), "--out", str(tmp_path / "out"), *options]) == 0
    out, err = capsys.readouterr()
    assert err.splitlines()[0] == f"note: report text is sent to {made.url.removeprefix('http://')}, to be read by m1"
    assert "read by the rules, the server's answer failing: 1 (no JSON: 1)" in out
    assert set(made.keys) == {"Bearer s3cret"}


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--reader-url", "http://localhost:1"], 2, "go with --reader server"),
        (["--reader-remote"], 2, "go with --reader server"),
        (["--reader", "server", "--reader-model", "m1"], 2, "needs --reader-url and --reader-model"),
        (["--reader", "server", "--reader-model", "m1", "--reader-url", "http://example.org"], 1, "--reader-remote"),
        (["--reader", "server", "--reader-model", "m1", "--reader-url", "example.org"], 1, "reader url: expected"),
    ],
)
def test_half_a_server_or_one_that_is_not_allowed_is_refused(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: int, message: str
) -> None:
    assert run(["mine", str(source), "--out", str(tmp_path / "out"), *options]) == code
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_default_asks_no_server(
    made: MadeServer, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEKIN_READER_KEY", "s3cret")
    assert run(["mine", str(source), "--out", str(tmp_path / "out"), "--processes", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["readers"] == {"rules": 3}
    assert made.asked == []
