"""Promise: location-conditioned training finds the same finding at the same place better than peers' recipes do.

Measures vectors of any number of models on one simulated archive that trained none of them, beside chance, metadata,
words of reports and each model's own global vector. Every question of every model is the same; seeds of a preset are
averaged query by query; intervals are by patient, differences paired, p by Holm over the others and over anatomies.

    python benchmarks/preset_measures.py --archive archive runs/*/vectors shipped=archive.index
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from preset_questions import Questions, Vectors, read_index, read_questions, read_vectors
from preset_report import headline, page, picture
from preset_scores import (
    Table,
    by_finding,
    compare,
    compare_places,
    mean_of_seeds,
    measure_baselines,
    measure_global,
    measure_model,
    summarise,
)

_PLACES = "at places"
GLOBAL_ONLY = ", global only"


def read_models(names: Sequence[str]) -> dict[str, list[Vectors]]:
    """Models by preset, seeds ascending; each a folder of vectors or, as `NAME=FOLDER`, one of either kind renamed."""
    models: dict[str, list[Vectors]] = {}
    for name in names:
        preset, _, folder = name.rpartition("=")
        path = Path(folder)
        found = read_vectors(path) if (path / "cases.json").is_file() else read_index(path, preset=preset or path.name)
        models.setdefault(preset or found.preset, []).append(found)
    return {preset: sorted(seeds, key=lambda one: one.seed) for preset, seeds in models.items()}


def measure_models(questions: Questions, models: Mapping[str, Sequence[Vectors]]) -> dict[str, dict[str, list[Table]]]:
    """By ranking and task, a table of each seed; a preset's global vector alone is a ranking of its own."""
    tables: dict[str, dict[str, list[Table]]] = {}
    for measure, suffix in ((measure_model, ""), (measure_global, GLOBAL_ONLY)):
        for preset, seeds in models.items():
            measured = [measure(questions, one) for one in seeds]
            tables[f"{preset}{suffix}"] = {task: [one[task] for one in measured] for task in measured[0]}
    return tables


def record_of(
    questions: Questions,
    models: Mapping[str, Sequence[Vectors]],
    *,
    subject: str,
    baselines: Sequence[str],
    variants: Sequence[str] = (),
) -> dict[str, Any]:
    """Everything measured, as it is stored; the subject is compared with every other preset and baseline.

    `variants`: presets that are made of the subject's own terms, and so no peers of it.
    """
    tables = measure_models(questions, models)
    floors = measure_baselines(questions, baselines) if baselines else {}
    tables |= {name: {task: [table] for task, table in found.items()} for name, found in floors.items()}
    means = {preset: {task: mean_of_seeds(seeds) for task, seeds in found.items()} for preset, found in tables.items()}
    others = [preset for preset in means if preset != subject]
    return {
        "benchmark": "presets",
        "gallery": len(questions.case_ids),
        "queries": len(questions.task.judgements.listed),
        "normal_queries": len(questions.normal),
        "subject": subject,
        "variants": [*variants],
        "models": {
            preset: {
                "seeds": [one.seed for one in models.get(preset, ())],
                "card": dict(models[preset][0].card) if preset in models else {},
                "tasks": {task: summarise(seeds) for task, seeds in found.items()},
                "findings": by_finding(questions, means[preset][_PLACES]),
            }
            for preset, found in tables.items()
        },
        "differences": {
            task: compare(means[subject][task], {name: means[name][task] for name in others if task in means[name]})
            for task in means[subject]
            if any(task in means[name] for name in others)
        },
        "anatomies": {
            name: compare_places(means[subject][_PLACES], means[name][_PLACES]) for name in models if name != subject
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", metavar="[NAME=]FOLDER", help="Folders of vectors, or an index.")
    parser.add_argument("--archive", type=Path, required=True, help="Simulated archive that trained none of them.")
    parser.add_argument("--subject", help="The preset that is compared with all others [default: the first].")
    parser.add_argument("--variant", action="append", default=[], help="A preset of the subject's terms, no peer.")
    parser.add_argument("--baseline", action="append", default=[], help="'metadata', 'report BM25', 'random'.")
    parser.add_argument("--queries", type=int, default=1000, help="Questions at findings; 0: all.")
    parser.add_argument("--seed", type=int, default=0, help="Of what is drawn.")
    parser.add_argument("--out", type=Path, help="Stores JSON here.")
    parser.add_argument("--page", type=Path, help="Writes the page here, in Markdown, its picture beside it.")
    parser.add_argument("--note", action="append", default=[], help="What a reader of the page has to keep in mind.")
    args = parser.parse_args()
    models = read_models(args.models)
    questions = read_questions(args.archive, queries=args.queries, seed=args.seed)
    subject = args.subject or next(iter(models))
    record = record_of(questions, models, subject=subject, baselines=args.baseline, variants=args.variant)
    print(headline(record))
    if args.out is not None:
        args.out.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if args.page is not None:
        drawn = args.page.with_suffix(".svg")
        drawn.write_text(picture(record), encoding="utf-8")
        args.page.write_text(page(record, picture=drawn.name, notes=args.note), encoding="utf-8")


if __name__ == "__main__":
    main()
