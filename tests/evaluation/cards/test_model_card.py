"""The model card: what hub tools read is valid, every figure has its interval and chance, gaps are said."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt

from casekin.evaluation.cards.model_card import render_model_card
from casekin.models import load_card

EVIL = 'a|b<script>[x](http://y)`c`\n---\nlicense: "mit"'


def parts(text: str) -> tuple[dict[str, Any], str]:
    """The block at the top, read as YAML, and the text below."""
    _, head, body = re.split(r"^---$", text, maxsplit=2, flags=re.MULTILINE)
    return yaml.safe_load(head), body


def test_the_block_at_the_top_holds_licence_and_every_mean_unrounded(made_record: Any) -> None:
    record = made_record()
    head, _ = parts(render_model_card(load_card(), evaluations=[record]))
    assert head["license"] == "apache-2.0" and head["library_name"] == "casekin"
    ((result,),) = [model["results"] for model in head["model-index"]]
    told = {metric["type"]: metric["value"] for metric in result["metrics"]}
    assert told == {name: s["mean"] for name, s in record["measures"].items() if s["mean"] is not None}


def test_the_hub_s_own_reader_takes_the_card(made_record: Any) -> None:
    hub = pytest.importorskip("huggingface_hub")
    record = made_record()
    data = hub.ModelCard(render_model_card(load_card(), evaluations=[record, record])).data
    assert data.license == "apache-2.0"
    assert len(data.eval_results) == 2 * len(record["measures"])


def test_every_measure_is_printed_with_interval_chance_and_baselines(made_record: Any) -> None:
    record = made_record()
    _, body = parts(render_model_card(load_card(), evaluations=[record]))
    (line,) = [line for line in body.splitlines() if line.startswith("| AP ")]
    _, value, interval_and_chance, *others = line.strip("| ").replace(" (", " | (").split(" | ")
    assert (value, interval_and_chance) == ("0.310", "(0.280 to 0.340)")
    assert others[0] == "0.100" and len(others) == 1 + len(record["baselines"]) + 1
    assert all(name in body for name in record["baselines"])


def test_training_data_limits_and_hashes_are_told(made_record: Any) -> None:
    card = load_card()
    text = render_model_card(card)
    assert all(entry["sha256"] in text for entry in card["files"].values())
    assert all(entry["data_set"] in text for entry in card["trained_on"])
    assert "No evaluation is part of this card" in text and "model-index" not in text
    undeclared = {name: value for name, value in card.items() if name != "trained_on"}
    assert "Not declared" in render_model_card(undeclared)


def test_the_leak_audit_is_told_in_a_sentence(made_record: Any) -> None:
    training = {"seen": 0, "not_seen": 12, "unknown": 3}
    clean = {"found": False, "count": 0, "splits": {"test": 15}, "training": training}
    leaky = {**clean, "found": True, "count": 4, "training": {**training, "seen": 4}}
    card, record = load_card(), made_record()
    assert "12 declared not seen, 3 unknown" in render_model_card(card, evaluations=[{**record, "leaks": clean}])
    undivided = render_model_card(card, evaluations=[{**record, "leaks": {**clean, "splits": {}}}])
    assert "there are no splits" in undivided and "between splits" not in undivided
    assert "Leaks found: 4" in render_model_card(card, evaluations=[{**record, "leaks": leaky}])


def test_hostile_names_are_shown_and_not_obeyed(made_record: Any) -> None:
    record = {**made_record(), "task": EVIL, "labels": {"source": EVIL}}
    card = {"name": EVIL, "purpose": EVIL, "licence": EVIL, "files": {"net": {"name": EVIL, "sha256": EVIL}}}
    head, body = parts(render_model_card(card, evaluations=[record]))
    assert head["license"] == EVIL.lower() and head["model-index"][0]["name"] == EVIL
    page = MarkdownIt("commonmark").enable("table").render(body)
    assert "<script>" not in page and "<a href" not in page


def test_the_card_of_somebody_else_s_model_has_its_hashes() -> None:
    text = render_model_card({"name": "rad-dino", "licence": "MSRLA", "files": {"model.safetensors": "ab" * 32}})
    assert "ab" * 32 in text


def test_the_same_card_gives_the_same_text(made_record: Any) -> None:
    texts = {render_model_card(load_card(), evaluations=[made_record()]) for _ in range(2)}
    assert len(texts) == 1
