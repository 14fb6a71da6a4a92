"""The client of the service: made from its description, and used against the real thing."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from casekin.client import Client, ServiceError
from made_cases import write_png
from made_service import CASES, MadeSite

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def curator(site: MadeSite) -> Iterator[Client]:
    """A curator's client, over the application itself in place of a network."""
    with Client("http://localhost", token=site.token("cleo", "curator"), http=site.client("nobody")) as client:
        yield client


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture of nobody."""
    return write_png(tmp_path_factory.mktemp("film") / "film.png", 99)


def test_the_kept_client_is_what_the_service_describes(site: MadeSite) -> None:
    spec = importlib.util.spec_from_file_location("build_client", ROOT / "tools" / "build_client.py")
    assert spec is not None
    assert spec.loader is not None
    builder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    built = builder.build_files(site.app.openapi())
    kept = [path for folder in ("calls", "shapes") for path in (builder.CLIENT / folder).glob("*.py")]
    assert {str(path.relative_to(builder.CLIENT)) for path in kept} | {"client.py"} == set(built)
    for name, text in built.items():
        assert (builder.CLIENT / name).read_text(encoding="utf-8") == text, f"{name}: run python tools/build_client.py"


def test_every_route_has_a_method_of_its_own(site: MadeSite) -> None:
    described = site.app.openapi()["paths"]
    routes = [route for methods in described.values() for route in methods.values()]
    names = [route["operationId"] for route in routes if route["tags"] != ["dicomweb"]]
    assert len(set(names)) == len(names)
    assert all(hasattr(Client, name) for name in names)


def test_a_question_with_an_image_goes_as_a_form_and_one_without_as_json(curator: Client, film: Path) -> None:
    with_image = curator.search(image=film, at=["left lung", "right lung"], box=[5, 6, 40, 50], relax=False, limit=3)
    assert with_image["query"]["box"] == [5.0, 6.0, 40.0, 50.0]
    assert (with_image["query"]["relax"], with_image["query"]["limit"], len(with_image["hits"])) == (False, 3, 3)
    in_words = curator.search(text="pleural effusion", at=["right lung"], without=["nodule"])
    assert in_words["query"]["without"] == ["nodule"]
    again = curator.search(recipe=in_words["recipe"])
    assert [hit["case_id"] for hit in again["hits"]] == [hit["case_id"] for hit in in_words["hits"]]
    repeated = curator.search(image=film, recipe=with_image["recipe"])
    assert [hit["score"] for hit in repeated["hits"]] == [hit["score"] for hit in with_image["hits"]]


def test_an_image_is_sent_once_looked_at_and_asked_with(curator: Client, film: Path) -> None:
    upload = curator.create_upload(image=film)
    assert (upload["width"], upload["height"]) == (64, 64)
    assert curator.upload_frame(upload["upload_id"], "0").startswith(b"\x89PNG")
    assert curator.upload_thumbnail(upload["upload_id"])[:2] == b"\xff\xd8"
    by_upload, by_file = (curator.search(**asked) for asked in ({"upload": upload["upload_id"]}, {"image": film}))
    assert [hit["score"] for hit in by_upload["hits"]] == [hit["score"] for hit in by_file["hits"]]
    curator.delete_upload(upload["upload_id"])
    with pytest.raises(ServiceError, match="404"):
        curator.upload(upload["upload_id"])


def test_what_people_keep_goes_there_and_back(curator: Client) -> None:
    home = curator.create_collection(title="Mine")["collection_id"]
    entry = curator.add_entry(home, case_id=CASES[0], note="look", answer="consolidation")
    assert curator.collection(home)["entries"] == [entry]
    assert curator.answer_question(home, entry["entry_id"], answer="consolidation")["right"]
    assert b"<html" in curator.export_collection_as(home, form="html")
    curator.remove_collection(home)
    assert home not in [one["collection_id"] for one in curator.list_collections()["collections"]]
    answer = curator.search(text="nodule")
    assert curator.history(limit=1)["steps"][0]["recipe"] == answer["recipe"]
    voted = curator.vote(recipe=answer["recipe"], case_id=CASES[0], helpful=True)
    assert voted["votes"] == {CASES[0]: True}
    assert curator.vote(recipe=answer["recipe"], case_id=CASES[0], helpful=None)["votes"] == {}
    assert curator.case(CASES[0])["report"]


def test_a_job_is_followed_by_its_events(curator: Client) -> None:
    job = curator.ingest(reports=[{"case_id": CASES[3], "report": "Left pleural effusion."}])
    events = list(curator.job_events(job["job_id"]))
    assert events[-1] == curator.job(job["job_id"])
    assert events[-1]["state"] == "done"


def test_a_refusal_is_an_error_with_the_status_and_the_services_own_words(curator: Client, site: MadeSite) -> None:
    with pytest.raises(ServiceError, match="knee") as refused:
        curator.search(text="nodule", at=["left knee of hope"])
    assert (refused.value.status, refused.value.type) == (422, "urn:casekin:problem:place")
    with pytest.raises(ServiceError) as denied:
        curator.upkeep(kind="check")
    assert denied.value.status == 403
    stranger = Client("http://localhost", token="ckn_wrong", http=site.client("nobody"))
    with pytest.raises(ServiceError) as unknown:
        stranger.info()
    assert unknown.value.status == 401


def test_a_service_that_does_not_answer_is_an_error_of_ours() -> None:
    def gone(_: httpx2.Request) -> Any:
        raise httpx2.ConnectError("SECRET")

    with Client(http=httpx2.Client(transport=httpx2.MockTransport(gone))) as client:
        for call in (client.info, lambda: list(client.job_events("x"))):
            with pytest.raises(ServiceError, match="no reply") as failed:
                call()
            assert failed.value.status == 0
            assert "SECRET" not in str(failed.value)


def test_ids_stay_one_part_of_the_address() -> None:
    asked: list[str] = []

    def note(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.raw_path.decode())
        return httpx2.Response(200, json={})

    with Client("http://x/", http=httpx2.Client(transport=httpx2.MockTransport(note))) as client:
        client.case("a/b?c#d e")
        client.cases(limit=2, where="age > 4")
    assert asked == ["/v1/cases/a%2Fb%3Fc%23d%20e", "/v1/cases?where=age+%3E+4&limit=2"]
