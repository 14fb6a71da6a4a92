"""`casekin train`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
from tqdm import tqdm

from casekin.cli.render import echo_json, json_option

if TYPE_CHECKING:
    from casekin.journeys.train import Told


@click.command(epilog="Example: casekin train --archive archive --out model --minutes 30")
@click.option("--archive", required=True, type=click.Path(path_type=Path), help="Folder with manifest.jsonl.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the model; made if absent.")
@click.option("--cache", type=click.Path(path_type=Path), help="Folder of views and maps. [default: OUT/../cache]")
@click.option(
    "--preset",
    default="evidence",
    show_default=True,
    help="What is trained, and how; evidence measured best, the others are recipes it was compared with.",
)
@click.option(
    "--encoder",
    default="default",
    show_default=True,
    help="Trained over its maps: default or an encoder's card. lite0_tuned, lite0_whole, convnet and vit learn along.",
)
@click.option("--size", help="tiny, small or base. [default: the preset's]")
@click.option("--epochs", type=click.IntRange(1), help="How often the images are shown. [default: the preset's]")
@click.option("--minutes", type=click.FloatRange(0.0), help="Most time that training may take. [default: the preset's]")
@click.option("--patients", type=click.IntRange(1), help="At most so many patients of train and of validation.")
@click.option(
    "--precision",
    default="no",
    show_default=True,
    type=click.Choice(["no", "bf16", "fp16"]),
    help="Mixed precision; fp16 needs a GPU.",
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Same seed, same model.")
@json_option
def train(
    archive: Path,
    out: Path,
    cache: Path | None,
    preset: str,
    encoder: str,
    size: str | None,
    epochs: int | None,
    minutes: float | None,
    patients: int | None,
    precision: Literal["no", "bf16", "fp16"],
    seed: int,
    as_json: bool,
) -> None:
    """Fit a model on an archive's images and the facts of its reports.

    The archive's mined/ is made where it is absent; truth.jsonl is never opened, and no image of the test split.
    Interrupted, the same command goes on where it stopped. Needs the extra: pip install 'casekin[train]'.
    """
    from casekin.journeys.train import TrainOptions, train_model

    options = TrainOptions(
        preset=preset,
        encoder=encoder,
        size=size,
        epochs=epochs,
        minutes=minutes,
        patients=patients,
        precision=precision,
        seed=seed,
    )
    with _progress() as told:
        result = train_model(archive, out=out, cache=cache, options=options, told=told)
    if as_json:
        echo_json(result.as_record())
        return
    click.echo(_summary(result.record, out))


@contextmanager
def _progress() -> Iterator[Told]:
    """A bar on stderr that says what is being done."""
    with tqdm(desc="train", leave=False, disable=None) as bar:

        def update(done: int, total: int, what: str) -> None:
            bar.total = total
            bar.set_description_str(what, refresh=False)
            bar.update(done - bar.n)

        yield update


def _summary(record: Any, out: Path) -> str:
    best = record["epochs"][record["best_epoch"] - 1]
    (encoder, baseline), *_ = record["baseline"].items()
    return (
        f"{record['images']['train']} images of train, {record['images']['validation']} of validation, "
        f"{len(record['findings'])} findings\n"
        f"validation nDCG@10 {best['nDCG@10']:.3f} (epoch {record['best_epoch']} of {len(record['epochs'])}, stopped "
        f"by {record['stopped_by']}); {encoder} itself {baseline['nDCG@10']:.3f}\n"
        f"model: {out / 'model.json'}, record: {out / 'run.json'}"
    )
