"""Honest measurement: judged runs, measures, protocols, statistics, cards."""

from casekin.evaluation.judgements import Judgements, check_same_labels, read_judgements
from casekin.evaluation.overlay import judge_normal, judge_run
from casekin.evaluation.relations import relate_cases
from casekin.evaluation.runs import JudgedRun, Run, read_run, write_run

__all__ = [
    "JudgedRun",
    "Judgements",
    "Run",
    "check_same_labels",
    "judge_normal",
    "judge_run",
    "read_judgements",
    "read_run",
    "relate_cases",
    "write_run",
]
