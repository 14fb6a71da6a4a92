"""A made case of training: ids and facts, with no image behind them."""

from __future__ import annotations

from pathlib import Path

from casekin.training.cases import TrainingCase
from casekin.types import Fact


def training_case(case_id: str, *, patient: str, facts: tuple[Fact, ...] = ()) -> TrainingCase:
    return TrainingCase(
        case_id=case_id,
        patient=patient,
        split="train",
        image=Path(f"{case_id}.png"),
        regions=(),
        report="",
        facts=facts,
        normal_anatomies=(),
    )
