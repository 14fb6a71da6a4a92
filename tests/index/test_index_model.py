"""Random operations on an index agree with a plain dictionary."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from casekin.index import CaseIndex, IndexedCase, IndexedImage, Term
from casekin.index.search.filters import parse_where
from made_cases import made_case, made_fact, made_image, unit_vector

CASE_IDS = st.sampled_from([f"case-{number}" for number in range(6)])
FINDINGS = ("nodule", "pneumothorax", "consolidation")


def with_report(case_id: str, images: Sequence[IndexedImage], finding: str) -> IndexedCase:
    return made_case(case_id, images=images, report=finding, facts=(made_fact(finding, "lung", "left"),))


class IndexAgainstDictionary(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.index = CaseIndex(self.folder, create=True)
        self.model: dict[str, IndexedCase] = {}
        self.joined: dict[str, str] = {}

    def teardown(self) -> None:
        self.index.close()
        shutil.rmtree(self.folder)

    @rule(
        case_ids=st.lists(CASE_IDS, min_size=1, max_size=4),
        seed=st.integers(0, 10_000),
        gone=st.lists(CASE_IDS, max_size=2),
    )
    def put(self, case_ids: list[str], seed: int, gone: list[str]) -> None:
        rng = np.random.default_rng(seed)
        cases = [self.random_case(case_id, rng) for case_id in case_ids]
        self.index.put(cases, remove=gone)
        for case_id in gone:
            self.model.pop(case_id, None)
            self.joined.pop(case_id, None)
        for case in cases:
            later = self.joined.get(case.case_id)
            self.model[case.case_id] = case if later is None else with_report(case.case_id, case.images, later)

    @rule()
    def open_again(self) -> None:
        self.index.close()
        self.index = CaseIndex(self.folder)

    @rule(case_id=CASE_IDS, finding=st.sampled_from(FINDINGS))
    def read_report_later(self, case_id: str, finding: str) -> None:
        if case_id in self.model:
            facts = (made_fact(finding, "lung", "left"),)
            self.index.put_report(case_id, report=finding, facts=facts, normal=(), sentences=(finding,))
            self.model[case_id] = with_report(case_id, self.model[case_id].images, finding)
            self.joined[case_id] = finding

    @staticmethod
    def random_case(case_id: str, rng: np.random.Generator) -> IndexedCase:
        finding = FINDINGS[rng.integers(3)]
        images = [
            made_image({region: unit_vector(rng) for region in ("global", "trachea")[: rng.integers(1, 3)]})
            for _ in range(rng.integers(0, 3))
        ]
        facts = (made_fact(finding, "lung", "left"),)
        return made_case(case_id, images=images, report=finding, facts=facts, sentences=(finding,))

    @invariant()
    def holds_the_same_cases(self) -> None:
        stored = self.index.cases([f"case-{number}" for number in range(6)])
        assert {case_id: (case.report, case.facts) for case_id, case in stored.items()} == {
            case_id: (case.report, case.facts) for case_id, case in self.model.items()
        }
        assert self.index.info()["images"] == sum(len(case.images) for case in self.model.values())

    @invariant()
    def finds_the_same_images(self) -> None:
        vector = np.eye(8, dtype=np.float32)[0]
        for region in ("global", "trachea"):
            (wave,) = self.index.nearest([Term(region=region, vector=vector, weight=1.0)], allowed_cases=None)
            found = sorted(image.case_id for image in self.index.images(wave.image_ids))
            images = [(case.case_id, image) for case in self.model.values() for image in case.images]
            assert found == sorted(case_id for case_id, image in images if region in image.vectors)

    @invariant()
    def finds_the_same_words_and_facts(self) -> None:
        catalog = self.index.catalog()
        for finding in FINDINGS:
            expected = {case.case_id for case in self.model.values() if case.facts[0].finding == finding}
            numbers = np.flatnonzero(self.index.match_sentences([((finding,), 1.0)]))
            assert {catalog.case_id_of_case[number] for number in numbers} == expected
            mask = self.index.select(parse_where(f"{finding} at left lung"))
            assert mask is not None
            assert {catalog.case_id_of_case[number] for number in np.flatnonzero(mask)} == expected


IndexAgainstDictionary.TestCase.settings = settings(max_examples=8, stateful_step_count=10, deadline=None)
TestIndexAgainstDictionary = IndexAgainstDictionary.TestCase
