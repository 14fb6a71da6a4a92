"""Derived files change no answer: present, stale, foreign, damaged or absent, a search gives what plain numpy gives."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from casekin.index import CaseIndex, IndexedCase, Term
from casekin.index.search import derived, matrices, segments
from casekin.index.search.bundles import damaged_files, find_bundle, write_bundle
from casekin.index.search.codes import build_codes
from casekin.index.search.halves import inner_products, widen
from casekin.index.search.recall import note_recall, read_recall
from casekin.index.search.segments import build_block
from casekin.retrieval.rank import rank_cases
from made_cases import made_case, made_image

DIM = 24
REGIONS = ("global", "left_lung")
Vector = NDArray[np.float32]


def clustered(rng: np.random.Generator, count: int, dim: int = DIM) -> NDArray[np.float16]:
    """Unit vectors around forty centres."""
    centers = np.random.default_rng(5).normal(size=(40, dim))
    rows = centers[rng.integers(0, 40, count)] + 0.6 * rng.normal(size=(count, dim))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float16)


def made_archive(seed: int, count: int, *, first: int = 0) -> list[IndexedCase]:
    rng = np.random.default_rng(seed)
    rows = {region: clustered(rng, count) for region in REGIONS}
    return [
        made_case(
            f"case-{first + number:05d}",
            patient=f"p{first + number}",
            images=[made_image({region: rows[region][number] for region in REGIONS[: 1 + number % 4]})],
        )
        for number in range(count)
    ]


def terms_of(seed: int) -> list[Term]:
    rows = clustered(np.random.default_rng(seed), 2).astype(np.float32)
    return [Term(region=region, vector=row, weight=0.5) for region, row in zip(REGIONS, rows, strict=True)]


def best(index: CaseIndex, terms: Sequence[Term], *, exact: bool = False) -> list[tuple[str, float]]:
    """The ten best images by the index's candidate lists, each as its case with the score."""
    for wave in index.nearest(terms, allowed_cases=None, exact=exact):
        scores = index.similarities(terms, wave.image_ids).sum(axis=1)
        order = np.lexsort((wave.image_ids, -scores))[:10]
        if len(order) == 10 and scores[order[-1]] >= wave.bound:
            break
    catalog = index.catalog()
    cases = catalog.case_of_image[wave.image_ids[order]]
    return [(catalog.case_id(case), float(score)) for case, score in zip(cases, scores[order], strict=True)]


def expected(archive: Sequence[IndexedCase], terms: Sequence[Term]) -> list[tuple[str, float]]:
    def score(case: IndexedCase) -> float:
        vectors = case.images[0].vectors
        return sum(t.weight * float(vectors[t.region].astype(float) @ t.vector) for t in terms if t.region in vectors)

    return sorted(((case.case_id, score(case)) for case in archive), key=lambda pair: -pair[1])[:10]


def assert_answers(index: CaseIndex, archive: Sequence[IndexedCase], *, seed: int = 3) -> None:
    for query in range(seed, seed + 4):
        terms = terms_of(query)
        found, wanted = best(index, terms), expected(archive, terms)
        assert [name for name, _ in found] == [name for name, _ in wanted]
        np.testing.assert_allclose([s for _, s in found], [s for _, s in wanted], atol=2e-6)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derived, "_LEAST_KEPT", 100)


@pytest.fixture
def archive() -> list[IndexedCase]:
    return made_archive(1, 900)


@pytest.fixture
def folder(archive: list[IndexedCase], tmp_path: Path) -> Path:
    with CaseIndex(tmp_path / "index", create=True) as index:
        index.put(archive)
        index.write_derived()
    return tmp_path / "index"


def bundles(folder: Path) -> list[Path]:
    return sorted((folder / "derived").iterdir())


def test_files_are_written_for_the_catalog_and_each_region_and_answer_alike(
    folder: Path, archive: list[IndexedCase]
) -> None:
    names = [path.name.split(".")[0] for path in bundles(folder)]
    assert names == ["catalog", "vectors-1-global", "vectors-1-left_lung"]
    with CaseIndex(folder) as index:
        assert_answers(index, archive)


def test_cases_added_replaced_and_removed_since_count_as_they_are(folder: Path, archive: list[IndexedCase]) -> None:
    changed = made_archive(8, 30, first=10)
    added = made_archive(9, 25, first=5000)
    with CaseIndex(folder) as index:
        assert_answers(index, archive)  # the views of the earlier state must go
        index.put([*changed, *added], remove=[case.case_id for case in archive[:10]])
        after = [*changed, *archive[40:], *added]
        assert_answers(index, after)
    with CaseIndex(folder) as index:
        assert_answers(index, after)
        assert not index.catalog().is_case[:11].any()


def test_blocks_are_written_anew_once_much_has_come_or_gone(folder: Path, archive: list[IndexedCase]) -> None:
    before = bundles(folder)
    added = made_archive(9, 80, first=5000)
    with CaseIndex(folder) as index:
        index.put(added[:40])
        index.write_derived()
        assert bundles(folder)[1:] == before[1:] and bundles(folder)[0] != before[0]
        index.put(added[40:], remove=[case.case_id for case in archive[:200]])
        index.write_derived()
        assert not set(bundles(folder)) & set(before)
        assert [len(block.image_ids) for block in index._current().segment("global").blocks] == [780]
        assert_answers(index, [*archive[200:], *added])


def test_without_the_folder_the_answers_are_the_same(folder: Path, archive: list[IndexedCase]) -> None:
    shutil.rmtree(folder / "derived")
    with CaseIndex(folder) as index:
        assert_answers(index, archive)
    assert not (folder / "derived").exists()


def test_an_open_index_goes_on_when_another_process_replaces_its_files(
    folder: Path, archive: list[IndexedCase]
) -> None:
    added = made_archive(9, 200, first=5000)
    with CaseIndex(folder) as reader:
        assert_answers(reader, archive)
        with CaseIndex(folder) as writer:
            writer.put(added)
            writer.write_derived()
        assert_answers(reader, [*archive, *added])
        assert len(reader._current().segment("global").blocks) == 1


def test_a_flipped_bit_in_any_file_is_noticed_and_the_file_left_alone(folder: Path, archive: list[IndexedCase]) -> None:
    rng = np.random.default_rng(4)
    for path in sorted((folder / "derived").glob("*/*")):
        whole = path.read_bytes()
        spoiled = bytearray(whole)
        spoiled[rng.integers(len(spoiled))] ^= 1 << int(rng.integers(8))
        path.write_bytes(spoiled)
        if path.name != "bundle.json":
            assert damaged_files(path.parent) == [path.name]
        with CaseIndex(folder) as index:
            assert_answers(index, archive)
        path.write_bytes(whole)


def test_a_bundle_of_another_origin_or_an_unfinished_one_is_not_used(tmp_path: Path) -> None:
    def fill(path: Path) -> dict[str, int]:
        (path / "a.bin").write_bytes(b"abc")
        return {"rows": 3}

    written = write_bundle(tmp_path, "name", origin={"store": "a"}, fill=fill)
    assert written is not None
    assert find_bundle(tmp_path, "name", origin={"store": "a"}) == written
    assert find_bundle(tmp_path, "name", origin={"store": "b"}) is None
    assert find_bundle(tmp_path, "nam", origin={"store": "a"}) is None
    (written.path / "bundle.json").unlink()
    assert find_bundle(tmp_path, "name", origin={"store": "a"}) is None


def test_where_nothing_can_be_written_there_is_no_bundle_and_no_litter(tmp_path: Path) -> None:
    def full(path: Path) -> dict[str, int]:
        (path / "a.bin").write_bytes(b"abc")
        raise OSError(28, "No space left on device")

    assert write_bundle(tmp_path, "name", origin={}, fill=full) is None
    assert list(tmp_path.iterdir()) == []


# --- codes -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CaseIndex, NDArray[np.float16]]]:
    """An index of which every search of a derived block goes by codes, and its global vectors by image id - 1."""
    rows = clustered(np.random.default_rng(2), 6000)
    cases = [
        made_case(f"case-{number:05d}", patient=f"p{number}", images=[made_image({"global": row})])
        for number, row in enumerate(rows)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "SCANNED_BYTES", 2000)
        patch.setattr(derived, "_LEAST_KEPT", 100)
        with CaseIndex(tmp_path_factory.mktemp("coded"), create=True) as index:
            index.put(cases)
            index.write_derived()
            assert index._current().segment("global").blocks[0].codes is not None
            yield index, rows


@pytest.mark.parametrize("share", [0.001, 0.01, 0.1, 0.5, 1.0])
def test_by_codes_nearly_all_of_the_nearest_are_found_under_any_filter(
    coded: tuple[CaseIndex, NDArray[np.float16]], share: float
) -> None:
    index, rows = coded
    rng = np.random.default_rng(int(1000 * share))
    found = wanted = 0
    for query in clustered(rng, 40).astype(np.float32):
        allowed = rng.random(index.catalog().size) < share
        allowed[0] = False
        scores = np.where(allowed[1:], rows.astype(np.float32) @ query, -np.inf)
        nearest = {int(row) + 1 for row in np.argsort(-scores)[:10] if scores[row] > -np.inf}
        for wave in index.nearest([Term(region="global", vector=query, weight=1.0)], allowed_cases=allowed):
            ids = wave.image_ids
            assert allowed[index.catalog().case_of_image[ids]].all()
            if len(nearest) < 10 or np.sort(rows[ids - 1].astype(np.float32) @ query)[-10:].min() >= wave.bound:
                break
        found += len(nearest & set(ids.tolist()))
        wanted += len(nearest)
    assert found >= 0.99 * wanted


def test_an_exact_search_goes_without_codes(coded: tuple[CaseIndex, NDArray[np.float16]]) -> None:
    index, rows = coded
    for query in clustered(np.random.default_rng(77), 20).astype(np.float32):
        found = best(index, [Term(region="global", vector=query, weight=1.0)], exact=True)
        scores = rows.astype(np.float32) @ query
        assert [name for name, _ in found] == [f"case-{row:05d}" for row in np.argsort(-scores, kind="stable")[:10]]


def test_vectors_without_clusters_are_looked_for_in_more_lists() -> None:
    rng = np.random.default_rng(3)
    even = rng.normal(size=(4000, 32))
    even = np.asarray(even / np.linalg.norm(even, axis=1, keepdims=True), dtype=np.float16)
    codes, easy = build_codes(even), build_codes(clustered(rng, 4000, 32))
    assert codes.recall >= 0.998 or codes.probes >= codes.engine.nlist
    assert codes.probes > easy.probes


def test_one_search_in_a_hundred_by_codes_is_compared_with_an_exact_one(
    coded: tuple[CaseIndex, NDArray[np.float16]],
) -> None:
    index, _ = coded
    assert index.info()["sampled_recall"] is None
    everyone = index.catalog().patient_number_of_case
    few = np.arange(index.catalog().size) == 7
    drawn = 0
    for query in clustered(np.random.default_rng(6), 400).astype(np.float32):
        terms = [Term(region="global", vector=query, weight=1.0)]
        drawn += zlib.crc32(query.tobytes()) % 100 == 0
        for allowed in (None, few):  # what is exact anyway isn't compared
            rank_cases(
                index, terms=terms, text_scores=None, free=None, allowed=allowed, group_of_case=everyone, limit=10
            )
    sampled = index.info()["sampled_recall"]
    assert sampled["searches"] == drawn > 0
    assert sampled["mean"] == sampled["recent_mean"] >= 0.9
    with CaseIndex(index.folder) as other:
        assert other.info()["sampled_recall"] == sampled


def test_the_recall_kept_counts_whole_lines_alone_and_the_latest_apart(tmp_path: Path) -> None:
    assert read_recall(tmp_path) is None
    for share in [0.5] * 200 + [1.0] * 1000:
        note_recall(tmp_path, generation="3", share=share)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes() + b"3 0.")  # what a power cut left
    note_recall(tmp_path, generation="4", share=0.1)
    assert read_recall(tmp_path) == {"searches": 1200, "mean": pytest.approx(1100 / 1200), "recent_mean": 1.0}
    note_recall(tmp_path / "absent", generation="4", share=1.0)


# --- float16 as float32 ----------------------------------------------------------------------------------------------


def test_every_finite_float16_is_widened_to_the_same_number() -> None:
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)]
    assert widen(halves).tobytes() == halves.astype(np.float32).tobytes()


def test_inner_products_of_many_rows_are_those_of_each_alone() -> None:
    rng = np.random.default_rng(8)
    vectors, query = clustered(rng, 1300), rng.normal(size=DIM).astype(np.float32)
    rows = rng.permutation(1300)
    together = inner_products(vectors, rows, query)
    assert (
        together.tobytes()
        == np.concatenate([inner_products(vectors, rows[n : n + 1], query) for n in range(1300)]).tobytes()
    )
    np.testing.assert_allclose(together, vectors[rows].astype(float) @ query, atol=2e-6)


def test_matrices_keep_what_was_asked_for_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrices, "_KEPT_BYTES", 2 * 4 * 32 * 50)  # two blocks
    rng = np.random.default_rng(9)
    blocks = [build_block(np.arange(50), clustered(rng, 50)) for _ in range(3)]
    kept = matrices.Matrices()
    first, second = kept.of(blocks[0]), kept.of(blocks[1])
    assert kept.of(blocks[0]) is first
    kept.of(blocks[2])
    assert kept.of(blocks[0]) is first and kept.of(blocks[1]) is not second
    for block in blocks:
        assert kept.of(block).T.tobytes() == block.vectors.astype(np.float32).tobytes()
