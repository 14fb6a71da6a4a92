"""Array type names shared by the simulator's modules."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
"""A float array unless a docstring says otherwise."""
Mask = npt.NDArray[np.bool_]
