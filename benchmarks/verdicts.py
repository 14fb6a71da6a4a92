"""Promise: what a verdict promises is kept at sites it wasn't calibrated on, and pictures that don't belong are named.

    python benchmarks/verdicts.py INDEX ARCHIVE [--data FOLDER] [--real INDEX]   # writes results/verdicts.json

Of a simulated archive that the encoder wasn't trained on. **Promises**: the archive's sites in four groups; for each,
questions of the other sites' cases calibrate, the group's cases ask those others' cases, labels by reports. **Strange
pictures**: half the patients make the distance, a quarter its threshold, films of the last quarter are shown as they
are and wrongly, beside the archive's own strange pictures, and photographs and other organs of the real data; baselines
are mean grey, entropy of the grey values and the nearest stored look. **Other scanners**: the films of each site by the
distance from the others. With `--real`, an index of real films: how many are called strange by the distance, halves of
the patients against each other, and by the film's own checks.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casekin.anatomy import LOCATIONS
from casekin.evaluation.measures.calibration import AreaUnderROC, ExpectedCalibrationError, RiskCoverageArea
from casekin.evaluation.truth import read_truth
from casekin.imaging import Pseudonymizer, read_image
from casekin.index import CaseIndex
from casekin.index.records import GLOBAL, StoredCase
from casekin.journeys.calibrate import FEWEST_QUESTIONS, half_of, mean_looks
from casekin.models import ImageEncoder, load_encoder
from casekin.retrieval.verdict.calibration import LEVEL, OOD_ERROR, Calibration
from casekin.retrieval.verdict.checks import check_image
from casekin.retrieval.verdict.conformal import Promises, fit_promises, least_strange
from casekin.retrieval.verdict.distance import fit_distance, mean_look
from casekin.retrieval.verdict.questions import Asker, Outcome, draw_questions
from casekin.retrieval.verdict.verdict import strangeness_of
from casekin.settings import read_settings
from floors import patient_interval, read_rows
from strange_pictures import FAR, SOUND, Picture, encode, real_pictures, simulated_pictures

KIND = "radiograph"
_GROUPS = 4
Record = dict[str, Any]


def outcomes_of(
    index: CaseIndex, findings: tuple[str, ...], cases: Mapping[str, StoredCase], among: NDArray[np.bool_], count: int
) -> list[Outcome]:
    """What questions of these cases at the locations found among others."""
    asker = Asker(index, KIND, findings, among=among)
    drawn = draw_questions(cases, LOCATIONS, count=count)
    asked = (asker.ask(cases[case_id], place) for case_id, place in drawn)
    return [one for one in asked if one is not None]


def columns(outcomes: Sequence[Outcome]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Of each list its best agreement and whether a hit is relevant; of each hit its agreement and relevance."""
    return (
        np.array([one.agreements.max() for one in outcomes]),
        np.array([one.relevant.any() for one in outcomes]),
        np.concatenate([one.agreements for one in outcomes]),
        np.concatenate([one.relevant for one in outcomes]),
    )


def promises_over_sites(
    index: CaseIndex, cases: Mapping[str, StoredCase], sites: Mapping[str, str], encoder: ImageEncoder, count: int
) -> Record:
    """Promised and realised success at sites that were calibrated on nothing of."""
    names = sorted(set(sites.values()))
    rows: list[Record] = []
    hits: list[tuple[float, bool]] = []
    for group in range(_GROUPS):
        held_out = {name for number, name in enumerate(names) if number % _GROUPS == group}
        known = {name: case for name, case in cases.items() if sites[name] not in held_out}
        new = {name: case for name, case in cases.items() if sites[name] in held_out}
        among = index.mask_of(case_ids=known)
        earlier, later = (outcomes_of(index, encoder.form.findings, some, among, count) for some in (known, new))
        best, succeeded, every, relevant = columns(earlier)
        lists = fit_promises(best, succeeded, smallest=FEWEST_QUESTIONS)
        each = fit_promises(every, relevant, smallest=FEWEST_QUESTIONS)
        rows += [_row(one, lists, " and ".join(sorted(held_out))) for one in later]
        _, _, every, relevant = columns(later)
        hits += zip(map(each.read, every.tolist()), relevant.tolist(), strict=True)
    answered = [row for row in rows if row["promised"] >= LEVEL]
    told, came = (np.array(column, dtype=float) for column in zip(*hits, strict=True))
    return {
        "all questions": _kept(rows),
        "answered": _kept(answered) | {"share": len(answered) / len(rows)},
        "not answered": _kept([row for row in rows if row["promised"] < LEVEL]),
        "answered at held-out sites": {
            name: _kept([row for row in answered if row["sites"] == name])
            for name in sorted({r["sites"] for r in rows})
        },
        "AURC": _aurc(rows),
        "hits": {
            "n": len(told),
            "ECE": ExpectedCalibrationError().value(told, came),
            "ECE by chance": ExpectedCalibrationError().expected_by_chance(told, came),
            "AUROC": AreaUnderROC().value(told, came),
        },
    }


def _row(one: Outcome, lists: Promises, sites: str) -> Record:
    best = float(one.agreements.max())
    return {
        "promised": lists.read(best),
        "succeeded": bool(one.relevant.any()),
        "patient": one.patient,
        "sites": sites,
        "best": best,
    }


def _kept(rows: Sequence[Record]) -> Record:
    """Promised and realised success with the interval by patient, and how far they lie apart."""
    if not rows:
        return {"n": 0}
    promised = float(np.mean([row["promised"] for row in rows]))
    realised = patient_interval([float(row["succeeded"]) for row in rows], [row["patient"] for row in rows])
    return {"promised": promised, "realised": realised, "gap": realised["mean"] - promised}


def _aurc(rows: Sequence[Record]) -> Record:
    """Selective risk by the statistic, by chance and by an oracle."""
    loss = np.array([not row["succeeded"] for row in rows], dtype=float)
    measure, best = RiskCoverageArea(), np.array([row["best"] for row in rows])
    return {
        "agreement": measure.value(best, loss),
        "chance": measure.expected_by_chance(best, loss),
        "oracle": measure.value(1.0 - loss, loss),
    }


def strange_pictures(
    index: CaseIndex,
    cases: Mapping[str, StoredCase],
    archive: Path,
    data: Path | None,
    encoder: ImageEncoder,
    count: int,
) -> Record:
    """How well each kind of strange picture is told from sound films of patients that nothing was fitted on."""
    looks, patients = mean_looks(index, KIND, cases, evidence=encoder.form.count)
    order = np.random.default_rng(0).permutation(sorted(set(patients)))
    part = {name: min(3, 4 * number // len(order)) for number, name in enumerate(order.tolist())}
    quarter = np.array([part[name] for name in patients])
    distance = fit_distance(looks[quarter < 2])
    calibration = Calibration(
        level=LEVEL, cases=len(cases), distance=distance, distances=np.sort(distance.of(looks[quarter == 2])), trust={}
    )
    names = Pseudonymizer(index.site_key())
    rows = (json.loads(line) for line in (archive / "manifest.jsonl").read_text(encoding="utf-8").splitlines())
    raw = sorted({row["patient_id"] for row in rows if part.get(names.patient(row["patient_id"])) == 3})[:count]
    shown = list(simulated_pictures(archive, raw, encoder))
    shown += [] if data is None else list(real_pictures(data, encoder))
    ids, stored = index.vectors_at(GLOBAL, KIND)
    look = stored.shape[1] - len(LOCATIONS) * encoder.form.count
    nearest = stored[: len(ids) // 2, -look:].astype(np.float32)
    return _by_kind(shown, calibration, nearest, np.array([part[name] for name in patients]), distance.of(looks))


def _by_kind(
    shown: Sequence[Picture],
    calibration: Calibration,
    stored: NDArray[np.float32],
    quarter: NDArray[Any],
    far: NDArray[np.float64],
) -> Record:
    strange = np.array([strangeness_of(one.encoded, check_image(one.encoded), calibration)[0] for one in shown])
    middle = np.mean([one.intensity for one in shown if one.kind == SOUND])
    usual = np.mean([one.entropy for one in shown if one.kind == SOUND])
    scores = {
        "verdict": strange,
        "distance alone": np.array([_distance(one, calibration) for one in shown]),
        "checks alone": np.array([strangeness_of(one.encoded, check_image(one.encoded), None)[0] for one in shown]),
        "mean grey": np.abs([one.intensity - middle for one in shown]),
        "entropy": np.abs([one.entropy - usual for one in shown]),
        "nearest look": np.array([_nearest(one, stored) for one in shown]),
    }
    kinds = np.array([one.kind for one in shown])
    sound = kinds == SOUND
    report: Record = {"sound": {"n": int(sound.sum()), "called strange": float((strange[sound] >= 1.0).mean())}}
    report["sound, stored, by distance"] = {
        "n": int((quarter == 3).sum()),
        "called strange": float((far[quarter == 3] >= calibration.farthest).mean()),
    }
    for kind in sorted(set(kinds) - {SOUND}):
        some = sound | (kinds == kind)
        report[kind] = {
            "distance": "far" if kind in FAR else "near",
            "n": int((kinds == kind).sum()),
            "called strange": float((strange[kinds == kind] >= 1.0).mean()),
            "AUROC": {name: AreaUnderROC().value(score[some], ~sound[some]) for name, score in scores.items()},
        }
    return report


def _distance(one: Picture, calibration: Calibration) -> float:
    return float(calibration.distance.of(mean_look(one.encoded.encoded.tokens, one.encoded.encoded.form.count)))


def _nearest(one: Picture, stored: NDArray[np.float32]) -> float:
    look = one.encoded.encoded.global_vector[-stored.shape[1] :]
    return -float((stored @ look).max())


def other_scanners(looks: NDArray[np.float64], patients: Sequence[str], sites: Sequence[str]) -> Record:
    """AUROC of each site's films against other sites' films of patients that the distance wasn't fitted on."""
    half, place = half_of(patients), np.array(sites)
    report: Record = {}
    for name in sorted(set(sites)):
        distance = fit_distance(looks[half & (place != name)])
        inside, outside = distance.of(looks[~half & (place != name)]), distance.of(looks[place == name])
        is_new = np.arange(len(inside) + len(outside)) >= len(inside)
        report[name] = {"n": len(outside), "AUROC": AreaUnderROC().value(np.concatenate([inside, outside]), is_new)}
    return report


def real_films(index: CaseIndex, data: Path, encoder: ImageEncoder) -> Record:
    """False alarms on real films: by the distance within and across sources, and by each film's own checks."""
    cases = index.cases(index.catalog().case_ids.all())
    looks, patients = mean_looks(index, KIND, cases, evidence=encoder.form.count)
    names = sorted(cases)
    source = np.array([cases[name].source for name in names])
    half = half_of(patients)
    report: Record = {"halves of the patients": _alarms(looks, half, np.ones(len(looks), dtype=bool), patients)}
    for name in sorted(set(source)):
        if 200 <= (source == name).sum() <= len(source) - 200:
            report[f"calibrated without {name}, films of it"] = _alarms(looks, half, source != name, patients)
    alarms: dict[str, list[float]] = {}
    people = []
    for row in read_rows(data):
        people.append(row["patient_group"])
        image = read_image(data / "cxr" / row["image"])
        for check in check_image(encode(image, encoder, kind=SOUND, patient=people[-1]).encoded):
            alarms.setdefault(check.name, []).append(float(check.mismatch))
    alarms["any"] = np.max(list(alarms.values()), axis=0).tolist()
    report["checks"] = {name: patient_interval(values, people) for name, values in alarms.items()}
    return report


def _alarms(
    looks: NDArray[np.float64], half: NDArray[np.bool_], known: NDArray[np.bool_], patients: Sequence[str]
) -> Record:
    """Share called strange: of those that aren't known, or where all are, of half of those that fitted nothing."""
    owners = np.array(patients)
    far = fit_distance(looks[half & known]).of(looks)
    usual = np.flatnonzero(~half & known)
    asked = np.flatnonzero(~known)
    if known.all():
        first = half_of(owners[usual].tolist())
        usual, asked = usual[first], usual[~first]
    strange = far[asked] >= least_strange(np.sort(far[usual]), OOD_ERROR)
    return {"threshold from": len(usual), **patient_interval(strange.tolist(), owners[asked].tolist())}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--data", type=Path, default=read_settings().real_data)
    parser.add_argument("--real", type=Path, help="an index of the real films in the data")
    parser.add_argument("--questions", type=int, default=600, help="questions of each side of each group of sites")
    parser.add_argument("--films", type=int, default=100, help="sound films to show as they are and wrongly")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "verdicts.json")
    args = parser.parse_args()
    encoder = load_encoder()
    sites = {name: case.header["site"] for name, case in read_truth(args.archive / "truth.jsonl").items()}
    with CaseIndex(args.index) as index, index.snapshot():
        cases = index.cases(index.catalog().case_ids.all())
        looks, patients = mean_looks(index, KIND, cases, evidence=encoder.form.count)
        report: Record = {
            "benchmark": "verdicts",
            "model_version": encoder.version,
            "cases": len(cases),
            "other scanners": other_scanners(looks, patients, [sites[name] for name in sorted(cases)]),
            "promises": promises_over_sites(index, cases, sites, encoder, args.questions),
            "strange pictures": strange_pictures(index, cases, args.archive, args.data, encoder, args.films),
        }
    if args.real is not None and args.data is not None:
        with CaseIndex(args.real) as index, index.snapshot():
            report["real films"] = real_films(index, args.data, encoder)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
