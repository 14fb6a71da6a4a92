"""What pages do as strictly as programs' routes: entries of images that are there, and evaluations without power."""

from __future__ import annotations

import pytest

from casekin.journeys.evaluating.results import PAGE, RECORD
from made_service import CASES, MadeSite

SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.mark.parametrize("image", ["1", "99"])
def test_only_an_image_that_is_there_is_kept(site: MadeSite, image: str) -> None:
    anna = site.client("anna")
    kept = {"case": CASES[0], "title": "Mine"}
    assert anna.post("/collections/entries", data={**kept, "image": image}).status_code == 404
    assert site.tenant.collections.visible("anna") == []


def test_an_evaluations_page_has_no_script_no_form_and_no_origin(site: MadeSite) -> None:
    folder = site.tenant.evaluations / "spring"
    folder.mkdir(parents=True)
    (folder / RECORD).write_text("{}", encoding="utf-8")
    (folder / PAGE).write_text(f"<form action='https://elsewhere.example'>{SCRIPT}</form>", encoding="utf-8")
    policy = site.client("anna").get("/evaluation/spring").headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "form-action 'none'", "base-uri 'none'", "sandbox"} <= set(policy)
    assert not any(word.startswith("script-src") or "'unsafe-eval'" in word for word in policy)


def test_markup_that_was_typed_or_sent_stays_text_on_every_page(site: MadeSite) -> None:
    anna = site.client("anna", "curator")
    made = anna.post("/collections", data={"title": SCRIPT, "note": SCRIPT}, follow_redirects=False)
    collection = made.headers["location"]
    name = collection.rpartition("/")[2]
    entry = {"case": CASES[0], "collection": name, "box": "1,2,30,40", "note": SCRIPT, "answer": SCRIPT}
    assert anna.post("/collections/entries", data=entry).status_code == 200
    (kept,) = site.tenant.collections.entries(name)
    guess = {"question": "1", "entry": kept.entry_id, "given": SCRIPT}
    asked = anna.post("/answers", files={"text": (None, f"effusion {SCRIPT}")})
    replies = [
        asked,
        anna.post(f"{collection}/quiz", data=guess),
        anna.post("/studies", data={"kind": "accession_number", "value": SCRIPT}),
        *(
            anna.get(path)
            for path in (
                collection,
                f"{collection}/quiz",
                "/collections",
                "/history",
                f"/v1{collection}/export?form=html",
            )
        ),
        *(
            anna.get(path, params={"where": SCRIPT, "case": SCRIPT, "hit": SCRIPT})
            for path in ("/cases", "/", "/compare")
        ),
        site.client(SCRIPT, "admin").get("/admin"),
        site.client(SCRIPT, "admin").get("/admin/audit", params={"subject": SCRIPT}),
    ]
    escaped = 0
    for reply in replies:
        assert reply.status_code < 500 and reply.headers["content-type"].startswith("text/html"), reply.url
        assert "<script>alert" not in reply.text and "<img src=x" not in reply.text, reply.url
        escaped += "&lt;script&gt;alert" in reply.text
    assert escaped >= 8
