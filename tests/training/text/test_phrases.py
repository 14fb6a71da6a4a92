"""Composed phrases and rewordings say what they are taken to say."""

from __future__ import annotations

import numpy as np

from casekin.findings import FINDINGS
from casekin.training.text import compose_statements, ontology_names, read_statement, reword_statement


def test_composed_phrases_differ_and_cover_many_findings_and_every_polarity() -> None:
    composed = compose_statements(300, generator=np.random.default_rng(1))
    facts = [fact for statement in composed for fact in statement.meaning]
    assert len({statement.sentence for statement in composed}) == len(composed) == 300
    assert {fact.polarity for fact in facts} == {"present", "absent", "uncertain"}
    assert len({fact.finding for fact in facts}) > len(FINDINGS) / 3
    assert {"left", "right"} <= {fact.side for fact in facts}


def test_a_composed_phrase_means_what_the_reader_finds_in_it() -> None:
    for statement in compose_statements(60, generator=np.random.default_rng(2)):
        assert statement == read_statement(statement.sentence)


def test_the_same_generator_composes_the_same_phrases() -> None:
    first, second = (compose_statements(40, generator=np.random.default_rng(3)) for _ in range(2))
    assert first == second


def test_a_reworded_sentence_keeps_its_meaning_and_its_template() -> None:
    statement = read_statement("There is a small left pleural effusion, unchanged.")
    assert statement is not None
    generator = np.random.default_rng(4)
    texts = set()
    for _ in range(12):
        reworded = reword_statement(statement, generator=generator)
        assert reworded.meaning == statement.meaning
        assert reworded.sentence.startswith("There is a small left") and reworded.sentence.endswith(", unchanged.")
        texts.add(reworded.sentence)
    assert len(texts) > 2


def test_every_name_of_every_finding_is_text_for_the_tokenizer() -> None:
    names = set(ontology_names())
    assert all({finding.name, *finding.synonyms} <= names for finding in FINDINGS.values())
