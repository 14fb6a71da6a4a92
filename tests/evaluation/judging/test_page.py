"""A reader's page holds pictures and opaque numbers; nothing tells what put a pair together, and text is inert."""

from __future__ import annotations

import base64
import html
import json
import re
from typing import Any

from casekin.evaluation.judging import Film, reader_page
from casekin.types import Box
from made_judging import PLACE, made_session, plain_session

SESSION = made_session()


def film_of(case_id: str, place: str, *, report: str | None = None) -> Film:
    """A picture that a test can tell the case by."""
    return Film(jpeg=f"jpeg {case_id}".encode(), width=40, height=50, box=Box(x0=1, y0=2, x1=3.04, y1=4), report=report)


def data_of(page: str) -> Any:
    """The JSON that the page's script reads."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, flags=re.DOTALL)
    assert found is not None
    return json.loads(found.group(1))


def case_of(film: dict[str, Any]) -> str:
    """The case that `film_of` drew."""
    return base64.b64decode(film["uri"].partition(",")[2]).decode().removeprefix("jpeg ")


def test_items_show_the_two_cases_in_the_readers_order_with_sides_changed_where_the_key_says_so() -> None:
    for reader in (1, 2):
        data = data_of(reader_page(SESSION, reader, film_of))
        assert (data["session"], data["reader"]) == (SESSION.id, reader)
        for item, shown in zip(data["items"], SESSION.orders[reader - 1], strict=True):
            cases = SESSION.pairs[shown.pair].cases
            shown_cases = tuple(case_of(data["films"][side["film"]]) for side in item["sides"])
            assert shown_cases == (cases[::-1] if shown.swapped else cases)
            assert item["place"] == "left lung"
            assert [side["box"] for side in item["sides"]] == [[1, 2, 3.0, 4]] * 2


def test_a_page_tells_neither_cases_queries_ranks_runs_nor_what_is_random_or_shown_again() -> None:
    page = reader_page(SESSION, 1, film_of)
    data = data_of(page)
    names = {name for pair in SESSION.pairs for name in (*pair.cases, pair.asked[0][0], pair.patient)}
    assert not [name for name in names if name in page]
    assert set(data) == {"session", "reader", "items", "films"}
    assert {key for item in data["items"] for key in item} == {"place", "sides"}
    assert {key for item in data["items"] for side in item["sides"] for key in side} == {"film", "box"}
    assert {key for film in data["films"] for key in film} == {"uri", "width", "height", "report"}
    first_seen = [side["film"] for item in data["items"] for side in item["sides"]]
    assert list(dict.fromkeys(first_seen)) == list(range(len(data["films"])))  # numbered as they come, nothing else
    assert "<!--" not in page


def test_reports_are_text_and_never_markup() -> None:
    hostile = "</script><script>alert(1)</script> <img src=x onerror=alert(1)> & 'quotes' \u2028"
    session = plain_session([("a", "b")])
    page = reader_page(session, 1, lambda case, place: film_of(case, place, report=hostile))
    assert page.count("<script") == page.count("</script>") == 2
    assert "onerror" not in re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.DOTALL)
    assert [film["report"] for film in data_of(page)["films"]] == [hostile, hostile]


def test_nothing_is_loaded_from_elsewhere_or_can_be_sent_there() -> None:
    page = reader_page(SESSION, 1, film_of)
    assert not re.findall(r"""(?:src|href)=["'](?!data:)""", page.partition("<script>")[0])
    assert "default-src 'none'" in html.unescape(page)
    assert "http" not in page.replace("http-equiv", "")


def test_a_whole_image_is_asked_about_without_a_box_and_the_same_bytes_come_twice() -> None:
    session = plain_session([("a", "b")], place="*")
    page = reader_page(session, 1, lambda case, place: Film(jpeg=case.encode(), width=4, height=4))
    item = data_of(page)["items"][0]
    assert (item["place"], [side["box"] for side in item["sides"]]) == ("whole image", [None, None])
    assert reader_page(SESSION, 2, film_of) == reader_page(SESSION, 2, film_of)
    assert PLACE not in page
