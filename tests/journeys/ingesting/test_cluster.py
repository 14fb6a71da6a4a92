"""Ray's edges: a machine that can't do its part, a cluster that isn't there, a start that fails."""

from __future__ import annotations

import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from casekin.errors import CasekinError, InputError
from casekin.journeys.ingesting import cluster
from casekin.journeys.ingesting.cluster import ShardTask, ShardWorker, encode_lists

TASK = ShardTask(key=bytes(32), model="default", made_by=("another", "code"))


def test_a_machine_with_another_model_or_code_says_so_in_its_row(tmp_path: Path) -> None:
    (tmp_path / "list.jsonl").touch()
    told = ShardWorker(TASK, 1)({"list": [str(tmp_path / "list.jsonl")]})
    assert told["shard"] == [""]
    assert "expected model and code another code" in told["problem"][0]
    assert "install the same version of casekin" in told["problem"][0]


class Ray:
    """Ray as far as it gets here: `init` fails as often as told; rows go through the worker one after the other."""

    exceptions = SimpleNamespace(RayError=type("RayError", (Exception,), {}))

    def __init__(self, failures: int = 0, error: Exception | None = None, running: bool = False) -> None:
        self.failures, self.error, self.running, self.said = failures, error, running, list[str]()
        context = SimpleNamespace(enable_progress_bars=True)
        self.data = SimpleNamespace(
            DataContext=SimpleNamespace(get_current=lambda: context),
            ActorPoolStrategy=dict,
            from_items=lambda items, **_: SimpleNamespace(map_batches=lambda work, **how: self.rows(items, work, how)),
        )

    def is_initialized(self) -> bool:
        return self.running

    def init(self, **how: Any) -> None:
        self.said.append("init")
        if self.failures:
            self.failures -= 1
            raise RuntimeError("Timed out waiting for file gcs_server_port")

    def shutdown(self) -> None:
        self.said.append("shutdown")

    def rows(self, items: list[dict[str, str]], work: Any, how: dict[str, Any]) -> Any:
        worker = work(*how["fn_constructor_args"])
        done = [worker({"list": [item["list"]]}) for item in items]

        def iter_rows() -> Any:
            yield from ({name: values[0] for name, values in one.items()} for one in done)
            if self.error:
                raise self.error

        return SimpleNamespace(iter_rows=iter_rows)


def encoded(monkeypatch: pytest.MonkeyPatch, ray: Ray, *lists: Path, address: str | None = None) -> list[Path]:
    monkeypatch.setattr(cluster, "_load_ray", lambda: ray)
    return list(encode_lists(lists, TASK, address=address, workers=1))


def test_a_start_that_fails_once_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = Ray(failures=1)
    assert encoded(monkeypatch, ray) == []
    assert ray.said == ["init", "shutdown", "init", "shutdown"]


def test_a_start_that_fails_twice_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CasekinError, match=r"Ray didn't start on this machine \(Timed out"):
        encoded(monkeypatch, Ray(failures=2))


def test_rays_own_user_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = Ray(running=True)
    with pytest.raises(CasekinError, match="uses Ray already"):
        encoded(monkeypatch, ray)
    assert ray.said == []


def test_what_a_machine_could_not_do_is_the_error_and_ray_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "list.jsonl").touch()
    ray = Ray()
    with pytest.raises(CasekinError, match="same version of casekin"):
        encoded(monkeypatch, ray, tmp_path / "list.jsonl")
    assert ray.said == ["init", "shutdown"]


def test_where_ray_gives_up_no_trace_of_its_frames_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CasekinError, match=r"Ray gave up \(RayError\); the same command goes on") as caught:
        encoded(monkeypatch, Ray(error=Ray.exceptions.RayError("frames of both machines")))
    assert "frames" not in str(caught.value)


@pytest.mark.parametrize("address", ["nonsense", "host:", ":", "host:12x"])
def test_an_address_that_is_none_is_told_what_one_looks_like(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    with pytest.raises(InputError, match="HOST:PORT"):
        encoded(monkeypatch, Ray(), address=address)


def test_where_nobody_listens_ray_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    ray = Ray()
    for scheme in ("", "ray://"):
        with pytest.raises(InputError, match="no Ray cluster answers"):
            encoded(monkeypatch, ray, address=f"{scheme}127.0.0.1:{port}")
    assert ray.said == []


def test_auto_without_a_cluster_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="no Ray cluster answers at 'auto'"):
        encoded(monkeypatch, Ray(failures=1), address="auto")
