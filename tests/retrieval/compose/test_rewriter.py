"""A rewriter may rephrase; a server that does anything else in any way is refused, sentence by sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from casekin.errors import InputError
from casekin.reports.server_reader import ReaderServer
from casekin.retrieval.compose.draft import Cite, Claim, Draft, DraftSentence, Support
from casekin.retrieval.compose.rewriter import rewrite_sentences
from casekin.types import Place, Polarity, Side
from made_server import MadeServer, chat, serving

EFFUSION = "There is a left pleural effusion."
NO_AIR = "No pneumothorax."


def sentence(text: str, finding: str, side: Side | None, polarity: Polarity, *cases: str) -> DraftSentence:
    place = Place(anatomy="pleural_space", side=side)
    return DraftSentence(
        text=text,
        section="findings",
        claim=Claim(finding=finding, anatomy="pleural_space", side=side, polarity=polarity),
        support=Support(p=0.9, n=9, interval=(0.5, 1.0)),
        cites=tuple(Cite(case_id=case, place=place, similarity=1.0, sentence=text) for case in cases),
    )


DRAFT = Draft(
    sentences=(
        sentence(EFFUSION, "pleural_effusion", "left", "present", "secret-case-1", "secret-case-2"),
        sentence(NO_AIR, "pneumothorax", None, "absent", "secret-case-1"),
    ),
    struck=(),
    verdict="answered",
    verdict_reason="",
    query={},
    index_version="1.1",
    model_version="m",
)


@pytest.fixture
def server() -> Iterator[MadeServer]:
    with serving() as made:
        yield made


def rewritten(server: MadeServer, first: str | None, second: str | None = "No pneumothorax is seen. [1]") -> Draft:
    rows = [{"id": number, "text": text} for number, text in ((1, first), (2, second)) if text is not None]
    server.replies = [chat(json.dumps({"sentences": rows}))]
    return rewrite_sentences(DRAFT, ReaderServer(url=server.url, model="m", timeout_s=60))


def test_a_rephrased_sentence_replaces_ours_and_keeps_its_cases(server: MadeServer) -> None:
    draft = rewritten(server, "A left pleural effusion is present. [1][2]")
    assert [one.text for one in draft.sentences] == ["A left pleural effusion is present.", "No pneumothorax is seen."]
    assert [one.cites for one in draft.sentences] == [one.cites for one in DRAFT.sentences]
    assert (draft.struck, draft.recipe) == ((), {"rewriter": "m"})


def test_no_id_and_no_report_goes_to_the_server(server: MadeServer) -> None:
    rewritten(server, "A left pleural effusion is present. [1][2]")
    assert "secret" not in json.dumps(server.asked)


@pytest.mark.parametrize(
    "answer",
    [
        "A left pleural effusion and consolidation in the left lower lobe are present. [1][2]",
        "The film is of good quality. [1][2]",
        "There is no left pleural effusion. [1][2]",
        "There may be a left pleural effusion. [1][2]",
        "There is a right pleural effusion. [1][2]",
        "There is a pleural effusion. [1][2]",
        "There are bilateral pleural effusions. [1][2]",
        "There is a left pleural effusion. [1]",
        "There is a left pleural effusion. [1][2][3]",
        "There is a left pleural effusion.",
        "There is a left pleural effusion of 20 mm. [1][2]",
        "There are two left pleural effusions. [1][2]",
        "There is a left pleural effusion since 3 May. [1][2]",
        "There is a new left pleural effusion. [1][2]",
        "There is a left pleural effusion, unchanged from the prior. [1][2]",
        "There is a large left pleural effusion. [1][2]",
        "There is a left pleural effusion, operate at once. [1][2]",
        "There is a left pleural effusion, says Miller. [1][2]",
        "There is a left pleural effusion despite the drain. [1][2]",
        "There is a left pleural effusion. The heart is enlarged. [1][2]",
        "There is a left pleural effusion.\x00 [1][2]",
        "There is a left pleural effusion " + "indeed " * 40 + ". [1][2]",
        "",
        None,
    ],
)
def test_what_adds_drops_flips_moves_invents_or_loses_a_citation_is_refused_and_listed(
    server: MadeServer, answer: str | None
) -> None:
    draft = rewritten(server, answer)
    assert [one.text for one in draft.sentences] == [EFFUSION, "No pneumothorax is seen."]
    assert [one.text for one in draft.struck] == [f"rephrasing of: {EFFUSION}"]


@pytest.mark.parametrize(
    "reply",
    [
        chat("Sure! Here you are."),
        chat("[]"),
        chat('{"sentences": [1, 2]}'),
        chat('{"sentences": {"id": 1}}'),
        chat('{"sentences": [{"id": 1}]}'),
        chat(None),
        chat("{" * 100_000),
        (500, b"no"),
        (302, b""),
        (200, b"\xff\xfe garbage"),
        (200, b"x" * 2_000_000),
    ],
)
def test_garbage_refusals_and_huge_answers_leave_the_draft_as_it_was(
    server: MadeServer, reply: tuple[int, bytes]
) -> None:
    server.replies = [reply]
    draft = rewrite_sentences(DRAFT, ReaderServer(url=server.url, model="m", timeout_s=60))
    assert draft.sentences == DRAFT.sentences
    assert [one.text for one in draft.struck] == ["all rephrasing"]


@pytest.mark.parametrize("manner", ["stuck", "drips"])
def test_a_server_that_hangs_or_drips_costs_no_more_than_its_timeout(server: MadeServer, manner: str) -> None:
    setattr(server, manner, True)
    server.replies = [chat("x" * 1000)]
    draft = rewrite_sentences(DRAFT, ReaderServer(url=server.url, model="m", timeout_s=0.3))
    assert (draft.sentences, len(draft.struck)) == (DRAFT.sentences, 1)


def test_ids_that_are_no_numbers_or_come_twice_change_nothing_else(server: MadeServer) -> None:
    rows = [
        {"id": 1, "text": "A left pleural effusion is present. [1][2]"},
        {"id": 1, "text": "There is a right pleural effusion. [1][2]"},
        {"id": "2", "text": "There is a pneumothorax. [1]"},
        {"id": 99, "text": "Cardiomegaly. [1]"},
    ]
    server.replies = [chat(json.dumps({"sentences": rows}))]
    draft = rewrite_sentences(DRAFT, ReaderServer(url=server.url, model="m", timeout_s=60))
    assert [one.text for one in draft.sentences] == ["A left pleural effusion is present.", NO_AIR]


def test_a_rewriter_on_another_machine_has_to_be_allowed() -> None:
    with pytest.raises(InputError, match="this machine"):
        ReaderServer(url="http://example.org", model="m")
