"""The command of the text encoder's page writes a folder that encodes, and a ledger without held-out patients."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from casekin.models.text import load_text_encoder
from casekin.training import read_ledger, verify_ledger
from casekin.world.patients import sample_patient

TOOL = Path(__file__).parents[2] / "tools" / "train_text_encoder.py"


def test_a_tiny_encoder_is_trained_on_training_patients_alone(tmp_path: Path) -> None:
    options = ["--preset", "tiny", "--patients", "12", "--composed", "30", "--steps", "2", "--seed", "4"]
    command = [sys.executable, str(TOOL), "--out", str(tmp_path / "text"), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    encoder = load_text_encoder(tmp_path / "text")
    assert encoder.card.name == "casekin-text-tiny"
    assert encoder.encode(["No pneumothorax."]).vectors.shape == (1, 16)
    ledger = read_ledger(tmp_path / "text" / "ledger.json")
    patients = [sample_patient(number, seed=11) for number in range(12)]
    trained = [patient.patient_id for patient in patients if patient.split == "train"]
    held_out = [patient.patient_id for patient in patients if patient.split != "train"]
    assert ledger.count_seen(patients=trained) == len(trained) > 0
    assert ledger.count_seen(patients=held_out) == 0 < len(held_out)
    assert sum(verify_ledger(ledger).values()) == len(held_out)
