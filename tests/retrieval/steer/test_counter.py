"""Counter-evidence states something else at the place, or is called normal there, and says so in its own sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casekin.index import CaseIndex
from casekin.journeys.search import search_cases
from casekin.retrieval.query import SearchQuery
from casekin.retrieval.steer.counter import Counter
from casekin.types import Fact, Polarity, Side
from made_cases import place
from made_reported import reported, stored


def there(finding: str, polarity: Polarity = "present", side: Side = "left") -> Fact:
    sentence = f"{finding} {polarity} {side}."
    return Fact(finding=finding, anatomy="lower_lobe", side=side, polarity=polarity, sentence=sentence)


@pytest.fixture
def index(tmp_path: Path) -> CaseIndex:
    """Ten cases that any question for the word "report" finds; what is asked about is a consolidation."""
    clear = {"report": "The left lung is clear.", "normal": [place("lung", "left")]}
    cases: list[Any] = [
        reported("consolidation", [there("consolidation")], age=50.0),
        reported("both", [there("consolidation"), there("nodule")], age=50.0),
        reported("doubt", [there("consolidation", "uncertain"), there("nodule")], age=50.0),
        reported("nodule", [there("nodule"), there("consolidation", "absent")], age=50.0),
        reported("elsewhere", [there("nodule", side="right")], age=50.0),
        reported("denied", [there("consolidation", "absent")], age=50.0),
        reported("normal", [there("mass", side="right")], age=50.0, **clear),
        reported("silent", age=50.0),
        reported("young", [there("nodule")], age=8.0),
        reported("unread", report=None, sentences=(), age=50.0),
    ]
    return stored(tmp_path, cases)


def counter(index: CaseIndex, **options: Any) -> Counter:
    given = {"text": "report", "at": ("left lower lobe",), "counter": 5, **options}
    found = search_cases(index, SearchQuery(**given)).counter
    assert found is not None
    return found


def test_lookalikes_state_another_finding_there_and_the_question_s_neither_surely_nor_in_doubt(
    index: CaseIndex,
) -> None:
    found = counter(index, with_=("consolidation",))
    assert found.findings == ("consolidation",)
    assert {hit.case_id for hit in found.lookalikes} == {"nodule", "young"}
    sentences = [fact.sentence for hit in found.lookalikes for fact in hit.evidence]
    assert "nodule present left." in sentences


def test_normals_are_denied_or_called_normal_there_in_their_own_words(index: CaseIndex) -> None:
    found = counter(index, with_=("consolidation",))
    assert {hit.case_id: [fact.sentence for fact in hit.evidence] for hit in found.normals} == {
        "normal": ["The left lung is clear."],
        "denied": ["consolidation absent left."],
    }
    assert all(fact.polarity == "absent" for hit in found.normals for fact in hit.evidence)


def test_the_filter_holds_for_counter_evidence_and_its_length_is_as_asked(index: CaseIndex) -> None:
    found = counter(index, with_=("consolidation",), where="age > 18")
    assert [hit.case_id for hit in found.lookalikes] == ["nodule"]
    found = counter(index, with_=("consolidation",), counter=1)
    assert (len(found.lookalikes), len(found.normals)) == (1, 1)


def test_the_question_s_findings_are_those_of_its_words(index: CaseIndex) -> None:
    found = counter(index, text="nodule in the report")
    assert found.findings == ("nodule",)
    assert {hit.case_id for hit in found.lookalikes} <= {"consolidation"}


def test_without_a_finding_of_its_own_anything_stated_there_speaks_against_it(index: CaseIndex) -> None:
    found = counter(index)
    assert found.findings == ()
    assert {hit.case_id for hit in found.lookalikes} == {"consolidation", "both", "doubt", "nodule", "young"}
