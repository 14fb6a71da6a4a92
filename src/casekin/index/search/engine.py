"""FAISS as the index uses it: one thread a query, and names that type checkers leave alone."""

from __future__ import annotations

from typing import Any

import faiss as _faiss

# One query on several OpenMP threads is slower than on one (a scan is memory bound); doors run requests in parallel.
_faiss.omp_set_num_threads(1)

faiss: Any = _faiss  # the stubs describe the C++ signatures, not the Python ones
