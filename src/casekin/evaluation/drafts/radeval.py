"""RadEval's metrics of reports (Xu et al., EMNLP 2025 demos), where that package is installed beside casekin."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from casekin.errors import DependencyError, InputError

RADEVAL_METRICS = ("radgraph", "f1chexbert", "ratescore", "bertscore")
"""Those asked for when none is named. Each loads its own model, from a hub or a cache: see RadEval's documentation."""


def score_with_radeval(
    drafts: Sequence[str], reports: Sequence[str], *, metrics: Sequence[str] = RADEVAL_METRICS
) -> dict[str, tuple[float, ...]]:
    """By RadEval's names the value of each draft against its report, in order; figures of all together are left out.

    Raises:
        DependencyError: RadEval 2 or newer isn't installed, or a metric's model can't be had.
        InputError: there is no draft, or not one report for each.
    """
    if not drafts or len(drafts) != len(reports):
        raise InputError(f"radeval: expected drafts and as many reports, got {len(drafts)} and {len(reports)}")
    try:
        evaluator = import_module("radeval").RadEval(metrics=list(metrics), per_sample=True, show_progress=False)
        found = evaluator(refs=list(reports), hyps=list(drafts))
    except ImportError as error:
        raise DependencyError(f"radeval: {error.name} isn't installed; pip install 'radeval>=2'") from None
    except Exception as error:
        # A foreign package and the models that it downloads: whatever it raises, its metrics can't be had.
        raise DependencyError(f"radeval: expected {', '.join(metrics)}, got {type(error).__name__} from it") from None
    return {
        str(name): tuple(map(float, values))
        for name, values in found.items()
        if isinstance(values, list | tuple) and len(values) == len(drafts)
    }
