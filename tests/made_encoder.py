"""The default encoder, but quick: a picture that it has seen before costs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.models import EncodedImage, ImageEncoder
from casekin.models.image_encoder import NO_REGIONS
from casekin.types import Place


class RememberingEncoder:
    """An encoder that encodes each picture once."""

    def __init__(self, encoder: ImageEncoder) -> None:
        self.version, self.form, self.pair_maps = encoder.version, encoder.form, encoder.pair_maps
        self._encoder = encoder
        self._known: dict[tuple[bytes, str], EncodedImage] = {}

    def encode(self, view: NDArray[np.floating], *, regions: Mapping[Place, Any] = NO_REGIONS) -> EncodedImage:
        key = (view.tobytes(), repr(regions))
        if key not in self._known:
            self._known[key] = self._encoder.encode(view, regions=regions)
        return self._known[key]
