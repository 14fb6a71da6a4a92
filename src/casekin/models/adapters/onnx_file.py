"""Any image network as an ONNX file with a `card.json` beside it that says how pictures are given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.errors import ModelError
from casekin.models.adapters.card import CARD_FILE, recorded_card
from casekin.models.adapters.network import Network, RunImages
from casekin.models.adapters.preprocessing import Preprocessing, preprocessing_of_record
from casekin.models.features import open_session
from casekin.models.geometry import Array


def load_onnx(path: Path) -> Network:
    """Inputs and outputs by their ranks, or by the names under `input`, `vectors` and `tokens` of the card.

    An output `(n, d)` gives vectors; `(n, d, rows, columns)` or `(n, count, d)` tokens, a class token in front being
    left out; without vectors the mean token stands for them. Batches and sizes may be dynamic. Raises ModelError when
    the card has no `preprocessing`, or names or shapes don't fit.
    """
    card = recorded_card(path.parent)
    if "preprocessing" not in card:
        raise ModelError(
            f"{path.name} doesn't say how pictures are given; write {CARD_FILE} beside it with "
            '{"name": …, "licence": …, "preprocessing": {"size": 224, "fit": "crop", "mean": […], "std": […]}}'
        )
    prepared = preprocessing_of_record(card["preprocessing"])
    session = open_session(path)
    given = _chosen(session.get_inputs(), card.get("input"), ranks=(4,), what=f"{path.name}: input")
    if given is None:
        raise ModelError(f"{path.name}: expected one input (n, channels, rows, columns); name it under `input`")
    _check_input(given.shape, prepared, path.name)
    vectors = _chosen(session.get_outputs(), card.get("vectors"), ranks=(2,), what=f"{path.name}: vectors")
    tokens = _chosen(session.get_outputs(), card.get("tokens"), ranks=(3, 4), what=f"{path.name}: tokens")
    if vectors is None and tokens is None:
        raise ModelError(f"{path.name}: no output (n, d), (n, count, d) or (n, d, rows, columns); export one of them")
    run = _runner(session, given.name, vectors and vectors.name, tokens and tokens.name)
    probe, cells = run(prepared.prepare([np.zeros((prepared.size, prepared.size), dtype=np.float32)]))
    return Network(
        family="onnx",
        images=run,
        texts=None,
        preprocessing=prepared,
        grid=None if cells is None else cells.shape[1],
        dim=probe.shape[1],
        text_dim=None,
        files=(path,),
    )


def _runner(session: Any, given: str, vectors: str | None, tokens: str | None) -> RunImages:
    names = [name for name in (vectors, tokens) if name]
    fixed = session.get_inputs()[0].shape[0]

    def one(pixels: Array) -> list[NDArray[np.float32]]:
        try:
            return [np.asarray(out, dtype=np.float32) for out in session.run(names, {given: pixels})]
        except Exception as error:  # ONNX Runtime raises classes of its own, which have no common public root
            raise ModelError(
                f"the network can't run on {pixels.shape}: {type(error).__name__}; export it anew"
            ) from error

    def run(pixels: Array) -> tuple[Array, Array | None]:
        # A file exported for one picture at a time gets one at a time.
        outs = [one(pixels[i : i + 1]) for i in range(len(pixels))] if isinstance(fixed, int) else [one(pixels)]
        joined = dict(zip(names, (np.concatenate(parts) for parts in zip(*outs, strict=True)), strict=True))
        cells = None if tokens is None else _cells(joined[tokens])
        if vectors is not None:
            return joined[vectors], cells
        assert cells is not None  # load_onnx refuses networks that give neither
        return np.asarray(cells.mean(axis=(1, 2)), dtype=np.float32), cells

    return run


def _cells(output: Array) -> Array:
    """Tokens `(n, grid, grid, d)` of a map `(n, d, grid, grid)` or of a row of patches, class token or not."""
    if output.ndim == 4 and output.shape[2] == output.shape[3]:
        return np.ascontiguousarray(output.transpose(0, 2, 3, 1))
    if output.ndim == 3:
        for skipped in (0, 1):
            grid = round(max(output.shape[1] - skipped, 0) ** 0.5)
            if grid and grid * grid == output.shape[1] - skipped:
                return output[:, skipped:].reshape(len(output), grid, grid, output.shape[2])
    raise ModelError(f"tokens {output.shape} are no square grid, expected (n, d, g, g), (n, g * g, d) or one more")


def _chosen(entries: list[Any], name: str | None, *, ranks: tuple[int, ...], what: str) -> Any:
    """The entry of that name, or the only one of those ranks; None when no rank fits."""
    if name is not None:
        named = [entry for entry in entries if entry.name == name]
        if not named:
            raise ModelError(f"{what} {name!r} is not in the file, expected one of {[e.name for e in entries]}")
        return named[0]
    fitting = [entry for entry in entries if len(entry.shape) in ranks]
    if len(fitting) > 1:
        raise ModelError(f"{what}: {[entry.name for entry in fitting]} would all do; name one in {CARD_FILE}")
    return fitting[0] if fitting else None


def _check_input(shape: list[Any], prepared: Preprocessing, name: str) -> None:
    expected: Mapping[int, int] = {1: len(prepared.mean), 2: prepared.size, 3: prepared.size}
    wrong = [axis for axis, size in expected.items() if isinstance(shape[axis], int) and shape[axis] != size]
    if wrong:
        raise ModelError(
            f"{name}: input is {shape}, the card's preprocessing gives {list(expected.values())}; correct it"
        )
