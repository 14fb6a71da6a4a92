"""How a model that others trained wants its picture: size, fit, resampling, grey handling, as its own files say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from casekin.errors import ImageError, ModelError
from casekin.models.geometry import Array, Fit, Geometry

Resample = Literal["bilinear", "bicubic"]
Grey = Literal["as_given", "min_max"]

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
OPENAI_MEAN, OPENAI_STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
_PIL_CODES: Mapping[int, Resample] = {2: "bilinear", 3: "bicubic"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preprocessing:
    """From a view to a network's input: 8-bit grey, resized, cropped or padded to `size`, then `(v - mean) / std`.

    `shortest` is the shorter side before a crop (None: `size`); `grey` "min_max" stretches each view to the full range
    first. As many channels as `mean` has; bars of a letterbox are black. Eight bits, since that is what was trained on.
    """

    size: int
    fit: Fit
    shortest: int | None = None
    resample: Resample = "bilinear"
    mean: tuple[float, ...] = IMAGENET_MEAN
    std: tuple[float, ...] = IMAGENET_STD
    grey: Grey = "as_given"

    def __post_init__(self) -> None:
        sane = self.size > 0 and len(self.mean) == len(self.std) and len(self.mean) in (1, 3) and min(self.std) > 0
        known = self.fit in get_args(Fit) and self.resample in get_args(Resample) and self.grey in get_args(Grey)
        if not (sane and known and (self.shortest is None or self.shortest >= self.size)):
            raise ModelError(f"preprocessing {asdict(self)} can't be; expected a size, 1 or 3 means and deviations > 0")

    def prepare(self, views: Sequence[NDArray[np.floating]]) -> Array:
        """`(n, channels, size, size)` of views `(H, W)` in [0, 1]; ImageError for other shapes."""
        planes = np.stack([self._plane(view) for view in views])[:, None]
        mean = np.asarray(self.mean, dtype=np.float32)[None, :, None, None]
        std = np.asarray(self.std, dtype=np.float32)[None, :, None, None]
        return np.asarray((planes - mean) / std, dtype=np.float32)

    def geometry(self, shape: tuple[int, int], grid: int) -> Geometry:
        """Where a view of this `(height, width)` lies on the model's `(grid, grid)` tokens."""
        height, width = shape
        return Geometry(
            height=height, width=width, input_size=self.size, grid=grid, fit=self.fit, shortest=self.shortest
        )

    def whole_square(self, view: NDArray[np.floating]) -> NDArray[np.floating]:
        """The view in the middle of a black square so large that neither crop nor stretch takes any of it."""
        _check(view)
        margin = (self.shortest or self.size) / self.size if self.fit == "crop" else 1.0
        side = round(max(view.shape) * margin)
        square = np.full((side, side), float(view.min()) if self.grey == "min_max" else 0.0, dtype=np.float32)
        top, left = (side - view.shape[0]) // 2, (side - view.shape[1]) // 2
        square[top : top + view.shape[0], left : left + view.shape[1]] = view
        return square

    def as_record(self) -> dict[str, Any]:
        """JSON form; `preprocessing_of_record` reads it back."""
        return {**asdict(self), "mean": list(self.mean), "std": list(self.std)}

    def _plane(self, view: NDArray[np.floating]) -> Array:
        _check(view)
        finite = np.nan_to_num(np.asarray(view, dtype=np.float64), nan=0.0, posinf=1.0, neginf=0.0)
        if self.grey == "min_max":
            low, high = float(finite.min()), float(finite.max())
            finite = (finite - low) / (high - low) if high > low else np.zeros_like(finite)
        image = Image.fromarray(np.round(np.clip(finite, 0.0, 1.0) * 255.0).astype(np.uint8))
        rows, columns = self._resized(view.shape[0], view.shape[1])
        method = Image.Resampling.BICUBIC if self.resample == "bicubic" else Image.Resampling.BILINEAR
        pixels = np.asarray(image.resize((columns, rows), method), dtype=np.float32) / 255.0
        canvas = np.zeros((self.size, self.size), dtype=np.float32)
        top, left = (self.size - rows) // 2, (self.size - columns) // 2
        if self.fit == "crop":
            top, left = -((rows - self.size) // 2), -((columns - self.size) // 2)
            return np.ascontiguousarray(pixels[-top : self.size - top, -left : self.size - left])
        canvas[top : top + rows, left : left + columns] = pixels
        return canvas

    def _resized(self, height: int, width: int) -> tuple[int, int]:
        if self.fit == "stretch":
            return self.size, self.size
        if self.fit == "letterbox":
            scale = self.size / max(height, width)
            return max(1, round(height * scale)), max(1, round(width * scale))
        shortest = self.shortest or self.size
        # The longer side is cut off, not rounded, as torchvision and transformers do.
        longest = int(shortest * max(height, width) / min(height, width))
        return (shortest, longest) if height <= width else (longest, shortest)


def preprocessing_of_record(record: Mapping[str, Any]) -> Preprocessing:
    """Read what `as_record` wrote or a person put into a card; ModelError for unknown fields and wrong values."""
    try:
        values = dict(record)
        values |= {name: tuple(float(v) for v in values[name]) for name in ("mean", "std") if name in values}
        return Preprocessing(**values)
    except (TypeError, ValueError) as error:
        expected = ", ".join(Preprocessing.__dataclass_fields__)
        raise ModelError(f"preprocessing of the card can't be read ({error}); expected {expected}") from error


def preprocessing_of_processor(config: Mapping[str, Any]) -> Preprocessing:
    """Read a `preprocessor_config.json` of transformers: SiglipImageProcessor, BitImageProcessor and their kin.

    A square size stretches; a shortest edge, or a bare number that a crop follows, keeps proportions and crops.
    """
    given = config.get("size")
    size = _side(given)
    crop = _side(config.get("crop_size")) if config.get("do_center_crop") else None
    cropped = "shortest_edge" in given if isinstance(given, Mapping) else crop is not None
    resample = _PIL_CODES.get(int(config.get("resample", 2)))
    scaled = config.get("do_rescale", True) and abs(float(config.get("rescale_factor", 1 / 255)) * 255 - 1) < 1e-3
    odd_crop = not cropped and crop not in (None, size)
    if size is None or resample is None or not scaled or odd_crop or not config.get("do_resize", True):
        raise ModelError(
            "preprocessor_config.json asks for a resize, crop, resampling or scale that isn't known; expected size, "
            "crop_size, resample 2 or 3 and rescale_factor 1/255"
        )
    normalized = bool(config.get("do_normalize", True))
    return Preprocessing(
        size=crop if cropped and crop is not None else size,
        fit="crop" if cropped else "stretch",
        shortest=size if cropped else None,
        resample=resample,
        mean=tuple(config.get("image_mean", IMAGENET_MEAN)) if normalized else (0.0, 0.0, 0.0),
        std=tuple(config.get("image_std", IMAGENET_STD)) if normalized else (1.0, 1.0, 1.0),
    )


def _side(size: Any) -> int | None:
    """The side of a square size as transformers writes it; None for none and for what is not square."""
    if isinstance(size, int):
        return size
    if not isinstance(size, Mapping):
        return None
    if "shortest_edge" in size:
        return int(size["shortest_edge"])
    return int(size["height"]) if size.get("height") == size.get("width") and "height" in size else None


def _check(view: NDArray[np.floating]) -> None:
    if view.ndim != 2 or min(view.shape) < 1:
        raise ImageError(f"view has shape {view.shape}, expected (rows, columns); convert it with imaging.frontal_view")
