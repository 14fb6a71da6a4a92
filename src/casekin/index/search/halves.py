"""Stored float16 vectors as float32: the same numbers, several times as fast as numpy converts them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FRACTION_BITS = 13
"""By how many more bits a float32's fraction is longer."""
_NO_COPIES_OF_SIGN = np.int32(~0x70000000)
"""Shifting a sign-extended float16 leaves the sign in bits 28 to 30 too."""
_EXPONENTS_APART = np.float32(2.0**112)
"""The exponents' biases are 127 and 15; as a factor it puts subnormal numbers right as well."""
_ROWS_AT_ONCE = 512
"""Rows whose numbers stay in the processor's second cache between the steps below."""


def widen(halves: NDArray[np.float16]) -> NDArray[np.float32]:
    """Finite float16 numbers as float32, exactly."""
    bits = halves.view(np.int16).astype(np.int32)
    bits <<= _FRACTION_BITS
    bits &= _NO_COPIES_OF_SIGN
    return bits.view(np.float32) * _EXPONENTS_APART


def inner_products(
    vectors: NDArray[np.float16], rows: NDArray[np.int64], query: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Inner products `(n,)` of some rows of `vectors` with a query; each has the same bits whatever rows are beside."""
    products = np.empty(len(rows), dtype=np.float32)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        # einsum, not matmul: each row's sum must not depend on which other rows are asked with it.
        products[part] = np.einsum("nd,d->n", widen(vectors[rows[part]]), query)
    return products
