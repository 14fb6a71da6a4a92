"""Per-cell features of a frontal view: EfficientNet-Lite0 at three strides.

EfficientNet-Lite: Tan and Le, 2019, https://arxiv.org/abs/1905.11946, lite variant without squeeze-excitation.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from PIL import Image

from casekin.errors import ImageError, ModelError
from casekin.models.geometry import Array, Geometry

INPUT_SIZE = 384  # largest multiple of 32 that keeps a whole encode under 60 ms of one 2020s core
GRID = 24  # stride 16
LEVELS = ("stride8", "stride16", "stride32")
LEVEL_CHANNELS = {"stride8": 40, "stride16": 112, "stride32": 320}
LEVEL_SPREAD = {"stride8": 8.0, "stride16": 4.0, "stride32": 3.0}
"""About one standard deviation of each level, by which whatever learns from the maps divides them."""
CELLS = "stride16"
"""The level whose cells are the token grid's."""
_FLAT = 1e-6  # spread below which an image counts as constant


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """`cells` `(GRID, GRID, channels)` float32; `maps` the network's outputs `(channels, rows, columns)`.

    `image` `(INPUT_SIZE, INPUT_SIZE)` in [0, 1] is what the network was shown.
    """

    image: Array
    cells: Array
    maps: dict[str, Array]
    geometry: Geometry


class FeatureNet:
    """EfficientNet-Lite0 under ONNX Runtime, one thread. Deterministic."""

    channels = LEVEL_CHANNELS[CELLS]

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        self._session = open_session(path, threads=threads)

    def __call__(self, view: NDArray[np.floating]) -> Features:
        """Features of `view` `(H, W)`, any float range, bright = dense. Raises ImageError for other shapes."""
        image, geometry = letterbox(view)
        outputs = self._session.run(list(LEVELS), network_input(image))
        maps = {name: np.asarray(out[0], dtype=np.float32) for name, out in zip(LEVELS, outputs, strict=True)}
        cells = np.ascontiguousarray(maps[CELLS].transpose(1, 2, 0))
        return Features(image=image, cells=cells, maps=maps, geometry=geometry)


def network_input(image: NDArray[np.floating]) -> dict[str, Array]:
    """What the network is shown of a letterboxed view in [0, 1]."""
    return {"image": np.broadcast_to(image * 2.0 - 1.0, (1, 3, INPUT_SIZE, INPUT_SIZE)).astype(np.float32)}


def open_session(path: Path, *, threads: int = 1) -> Any:
    """An ONNX Runtime CPU session; ModelError when the file is no valid network."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(str(path), sess_options=options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises classes of its own, which have no common public root
        raise ModelError(f"{path.name} can't be opened as an ONNX network: {type(error).__name__}") from error


def letterbox(view: NDArray[np.floating]) -> tuple[Array, Geometry]:
    """`view` in a square of INPUT_SIZE, stretched between its 1st and 99th percentile to [0, 1]; bars are 0."""
    if view.ndim != 2 or min(view.shape) < 1:
        raise ImageError(f"view has shape {view.shape}, expected (rows, columns); convert it with imaging.frontal_view")
    geometry = Geometry(height=view.shape[0], width=view.shape[1], input_size=INPUT_SIZE, grid=GRID)
    finite = np.nan_to_num(np.asarray(view, dtype=np.float32), nan=0.0, posinf=1.0, neginf=0.0)
    rows = max(1, round(geometry.height * geometry.scale))
    columns = max(1, round(geometry.width * geometry.scale))
    resized = np.asarray(Image.fromarray(finite).resize((columns, rows), Image.Resampling.BILINEAR), dtype=np.float32)
    low, high = (float(v) for v in np.percentile(resized, (1.0, 99.0)))
    stretched = np.clip((resized - low) / (high - low), 0.0, 1.0) if high - low > _FLAT else np.zeros_like(resized)
    canvas = np.zeros((INPUT_SIZE, INPUT_SIZE), dtype=np.float32)
    top, left = (INPUT_SIZE - rows) // 2, (INPUT_SIZE - columns) // 2
    canvas[top : top + rows, left : left + columns] = stretched
    return canvas, geometry
