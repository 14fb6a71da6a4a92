"""Another model answers: switched over REST or beside the service, and a restart, jobs and receivers go with it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from casekin.api import create_app
from casekin.cli import run
from casekin.index import CaseIndex
from casekin.journeys.answering import answering_model
from casekin.journeys.ingest import ingest_cases
from casekin.journeys.jobs import queue_files, queue_upkeep, work_off
from casekin.journeys.receive import open_site, receive_object, store_received
from casekin.journeys.reembed import reembed_cases
from casekin.models.weights import FOLDER, load_card
from casekin.site.audit import AuditLog
from casekin.site.books import Books
from casekin.site.jobs import Jobs
from made_cases import write_png
from made_objects import film_object


@pytest.fixture
def films(tmp_path: Path) -> list[Path]:
    return [write_png(tmp_path / "films" / f"{number}.png", number) for number in range(4)]


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """The shipped encoder under another name, which makes another version of it."""
    shipped = load_card("default")
    for file in shipped["files"].values():
        (tmp_path / "other").mkdir(exist_ok=True)
        shutil.copyfile(FOLDER / file["name"], tmp_path / "other" / file["name"])
    path = tmp_path / "other" / "model.json"
    path.write_text(json.dumps({**shipped, "short_name": "other"}), encoding="utf-8")
    return path


def version_answering(index: Path, film: Path) -> str:
    """What a service that is started without a word about models answers with."""
    with TestClient(create_app(index), base_url="http://localhost") as client:
        return asked(client, film)


def asked(client: TestClient, film: Path) -> str:
    with film.open("rb") as file:
        reply = client.post("/v1/searches", files={"image": file}, data={"limit": "2"})
    assert reply.status_code == 200, reply.text
    assert reply.json()["hits"]
    return str(reply.json()["model_version"])


def test_a_switch_holds_for_the_service_its_jobs_and_the_next_start(
    films: list[Path], card: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    first = ingest_cases(films[:3], index=index).model_version
    other = reembed_cases(films[:3], index=index, model=str(card)).model_version
    assert other.startswith("other-") and version_answering(index, films[3]) == first
    with TestClient(create_app(index), base_url="http://localhost") as client:
        refused = client.post("/v1/admin/models/activate", json={"model": "no-such"})
        assert refused.status_code == 422
        assert client.post("/v1/admin/models/activate", json={"model": other}).status_code == 200
        assert asked(client, films[3]) == other
    assert version_answering(index, films[3]) == other

    jobs = Jobs(Books(index / "site"))
    made: list[Any] = [
        queue_files(jobs, {"film.png": films[3]}, subject="ada"),
        queue_upkeep(jobs, "check", subject="ada"),
    ]
    assert work_off(index, jobs) == 2
    done = [jobs.get(job.job_id) for job in made]
    assert [job.state for job in done if job is not None] == ["done", "done"], done
    receives = open_site(index, burned_in="keep")
    receive_object(receives, film_object(), now=0.0)
    assert store_received(receives, now=100.0).added == 1
    with CaseIndex(index) as handle:
        assert handle.model_version() == other and handle.info()["cases"] == 5
        assert [(model.version, model.missing) for model in handle.models() if model.state == "active"] == [(other, 0)]


def test_a_running_service_follows_a_switch_that_another_process_made(
    films: list[Path], card: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    first = ingest_cases(films[:3], index=index).model_version
    other = reembed_cases(films[:3], index=index, model=str(card)).model_version
    with TestClient(create_app(index), base_url="http://localhost") as client:
        for version in (other, first):
            with CaseIndex(index) as handle:
                handle.activate_model(version)
                handle.write_derived()
            assert asked(client, films[3]) == version
    with CaseIndex(index) as handle:
        handle.activate_model(other)
        assert answering_model(handle, "default") == str(card)
        card.unlink()
        assert answering_model(handle, "default") == "default"  # and whoever opens it says which it lacks


def test_a_model_of_which_nobody_knows_the_card_is_refused_without_loading_one(
    films: list[Path], card: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    ingest_cases(films[:3], index=index)
    other = reembed_cases(films[:3], index=index, model=str(card)).model_version
    with TestClient(create_app(index), base_url="http://localhost") as client:
        with CaseIndex(index) as handle:
            handle.activate_model(other)
            handle.write_derived()
        card.unlink()
        loaded: list[str] = []
        monkeypatch.setattr("casekin.api.archive.load_encoder", loaded.append)
        with films[3].open("rb") as file:
            reply = client.post("/v1/searches", files={"image": file})
    assert reply.status_code == 503 and "model" in reply.json()["type"] + reply.json()["detail"]
    assert loaded == []


def test_the_command_line_switches_as_the_service_does_and_the_audit_log_says_so(
    films: list[Path], card: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = tmp_path / "index"
    first = ingest_cases(films[:3], index=index).model_version
    other = reembed_cases(films[:3], index=index, model=str(card)).model_version
    log = AuditLog(Books(index / "site"))
    for told, version in ((str(card), other), (first, first), (other, other)):
        assert run(["models", str(index), "--activate", told]) == 0
        record = log.records()[-1]
        assert (record.event, record.subject, record.route) == ("administer", "local", "models activate")
        assert f"radiograph {version}" in record.detail and str(card) not in record.detail
    incomplete = ingest_cases(films[3:], index=index, model=str(card)).model_version  # by the one that answers
    assert incomplete == other
    assert run(["models", str(index), "--activate", first]) == 1
    assert "run reembed" in capsys.readouterr().err
    assert run(["models", str(index), "--activate", first, "--incomplete"]) == 0
    with CaseIndex(index) as handle:
        assert handle.model_version() == first


def test_calibration_and_many_questions_go_with_a_switch_without_a_word(
    films: list[Path], card: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index, queries = tmp_path / "index", tmp_path / "queries.jsonl"
    ingest_cases(films[:3], index=index)
    other = reembed_cases(films[:3], index=index, model=str(card)).model_version
    assert run(["models", str(index), "--activate", other]) == 0
    assert run(["calibrate", "--index", str(index)]) == 0
    queries.write_text(json.dumps({"query_id": "q", "image": str(films[3])}) + "\n", encoding="utf-8")
    assert run(["search", "--index", str(index), "--queries", str(queries), "--run", str(tmp_path / "run")]) == 0
    assert "1 queries answered" in capsys.readouterr().out


def test_a_recipe_that_asks_with_a_stored_image_is_repeated_at_the_command_line_by_the_model_that_answers(
    films: list[Path], card: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index, recipe = tmp_path / "index", tmp_path / "recipe.json"
    ingest_cases(films, index=index)
    other = reembed_cases(films, index=index, model=str(card)).model_version
    with TestClient(create_app(index), base_url="http://localhost") as client:
        client.post("/v1/admin/models/activate", json={"model": other})
        asked_with = client.get("/v1/cases").json()["cases"][0]["case_id"]
        answer = client.post("/v1/searches", json={"case": asked_with, "limit": 3}).json()
    recipe.write_text(json.dumps(answer["recipe"]), encoding="utf-8")
    capsys.readouterr()
    assert run(["search", "--index", str(index), "--recipe", str(recipe), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["model_version"] == other and len(again["hits"]) == 3
    assert {**again, "took_ms": 0} == {**answer, "took_ms": 0}
