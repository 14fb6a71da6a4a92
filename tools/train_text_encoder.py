"""Train the text encoder on the reports of a simulated archive's training patients; no image is drawn.

    python tools/train_text_encoder.py --out out/text [--preset small] [--patients 400] [--composed 8000] [--seed 0]

Writes the encoder's folder (`model.onnx`, `tokenizer.json`, `card.json`) and `ledger.json`, the proof that no report of
a validation or test patient was among the text. The same arguments give the same tokenizer everywhere and, on one
machine, the same weights. Needs the `train` and `text` extras.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from casekin.training import IdLedger
from casekin.training.text import (
    TEXT_PRESETS,
    compose_statements,
    ontology_names,
    read_statements,
    train_tokenizer,
)
from casekin.training.text.export import export_text_encoder
from casekin.training.text.fit import build_corpus, fit_text_encoder
from casekin.world.case_files import report_of
from casekin.world.patients import sample_patient

WORLD_SEED = 11
SALT = b"text encoder on simulated reports"


def training_reports(patients: int, ledger: IdLedger) -> list[str]:
    """Reports of the training split's patients, radiographs and CTs; the other splits are held out in the ledger."""
    drawn = [sample_patient(number, seed=WORLD_SEED) for number in range(patients)]
    by_split = defaultdict(list)
    for patient in drawn:
        by_split[patient.split].append(patient)
    for split in ("validation", "test"):
        ledger.hold_out(split, cases=(), patients=[patient.patient_id for patient in by_split[split]])
    ledger.use(cases=(), patients=[patient.patient_id for patient in by_split["train"]])
    return [
        report_of(patient, exam, seed=WORLD_SEED, modality=modality).text
        for patient in by_split["train"]
        for exam in patient.exams
        for modality in ("CR", "CT")
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--preset", choices=sorted(TEXT_PRESETS), default="small")
    parser.add_argument("--patients", type=int, default=400, help="of all splits")
    parser.add_argument("--composed", type=int, default=8000, help="phrases composed from the ontologies")
    parser.add_argument("--steps", type=int, help="other than the preset's")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(1)
    preset = TEXT_PRESETS[args.preset]
    preset = replace(preset, steps=args.steps or preset.steps)
    generator, ledger, started = np.random.default_rng(args.seed), IdLedger(SALT), time.monotonic()
    reports = read_statements(training_reports(args.patients, ledger))
    composed = compose_statements(args.composed, generator=generator)
    tokenizer = train_tokenizer(
        [*(statement.sentence for statement in (*reports, *composed)), *ontology_names()], vocabulary=preset.vocabulary
    )
    corpus = build_corpus(reports, composed, generator=generator)
    near = sum(len(each) for each in corpus.negatives)
    counted = f"{len(reports)} sentences, {near} hard negatives, {len(composed)} phrases"
    print(f"{counted} after {time.monotonic() - started:.0f} s", flush=True)
    network = fit_text_encoder(corpus, tokenizer, preset=preset, seed=args.seed)
    notes = "trained on simulated radiology reports and phrases of casekin's ontologies; English; no patient's text"
    export_text_encoder(
        network, tokenizer, out=args.out, name=f"casekin-text-{preset.name}", licence="Apache-2.0", notes=notes
    )
    ledger.write(args.out / "ledger.json")
    print(f"written after {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
