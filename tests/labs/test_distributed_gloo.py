"""The labs' collectives, DDP and FSDP2 in three real processes with gloo, once."""

from __future__ import annotations

import importlib
import json
import multiprocessing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labs.distributed.collectives import all_gather, all_reduce, all_to_all, broadcast, reduce, reduce_scatter
from labs.distributed.data_parallel import mean_of_means
from labs.distributed.grad_clip import global_norm
from labs.distributed.shards import row_shards
from labs.distributed.zero_step import Zero

RANKS = 3


def inputs() -> dict[str, np.ndarray]:
    """The same numbers in every process: (N, n) for collectives, and a small classification problem."""
    rng = np.random.default_rng(0)
    return {
        "x": rng.standard_normal((RANKS, 6)),
        "w": rng.standard_normal((4, 5)),  # (d, V)
        "tokens": rng.standard_normal((RANKS, 7, 4)),
        "labels": rng.integers(0, 5, (RANKS, 7)),
    }


def worker(rank: int, folder: str) -> None:
    """One process: call the real thing and write down what it returned."""
    torch: Any = importlib.import_module("torch")
    dist: Any = importlib.import_module("torch.distributed")
    fully_shard: Any = importlib.import_module("torch.distributed.fsdp").fully_shard
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{folder}/rendezvous", rank=rank, world_size=RANKS)
    data = {k: torch.tensor(v) for k, v in inputs().items()}
    mine = data["x"][rank]
    out: dict[str, list[float]] = {}

    t = mine.clone()
    dist.all_reduce(t)
    out["all_reduce"] = t.tolist()
    t = mine.clone()
    dist.broadcast(t, 1)
    out["broadcast"] = t.tolist()
    t = mine.clone()
    dist.reduce(t, 1)
    out["reduce"] = t.tolist()
    t = torch.empty(2, dtype=torch.float64)
    dist.reduce_scatter_single(t, mine.clone())
    out["reduce_scatter"] = t.tolist()
    t = torch.empty(18, dtype=torch.float64)
    dist.all_gather_single(t, mine.clone())
    out["all_gather"] = t.tolist()
    t = torch.empty(6, dtype=torch.float64)
    dist.all_to_all_single(t, mine.clone())
    out["all_to_all"] = t.tolist()

    def model() -> Any:
        layer = torch.nn.Linear(4, 5, bias=False).double()
        layer.weight.data.copy_(data["w"].T)
        return layer

    loss = torch.nn.functional.cross_entropy
    ddp = torch.nn.parallel.DistributedDataParallel(model())
    loss(ddp(data["tokens"][rank]), data["labels"][rank]).backward()
    out["ddp"] = ddp.module.weight.grad.T.reshape(-1).tolist()

    sharded = fully_shard(model(), mesh=dist.device_mesh.init_device_mesh("cpu", (RANKS,)))
    out["rows"] = list(sharded.weight.to_local().shape)
    adam = torch.optim.AdamW(sharded.parameters(), lr=0.01, weight_decay=0.1)
    for _ in range(2):
        adam.zero_grad()
        loss(sharded(data["tokens"][rank]), data["labels"][rank]).backward()
        out.setdefault("fsdp_norm", [torch.nn.utils.get_total_norm([sharded.weight.grad]).full_tensor().item()])
        adam.step()
    out["fsdp"] = sharded.weight.full_tensor().T.reshape(-1).tolist()
    Path(folder, f"{rank}.json").write_text(json.dumps(out), "utf-8")
    dist.destroy_process_group()


def test_three_processes(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    # One clean process imports torch, the three are forked from it: three imports would take most of the time.
    multiprocessing.get_context("forkserver").set_forkserver_preload(["torch._dynamo", "torch.distributed.fsdp"])
    torch.multiprocessing.start_processes(worker, args=(str(tmp_path),), nprocs=RANKS, start_method="forkserver")
    got = [json.loads(Path(tmp_path, f"{r}.json").read_text("utf-8")) for r in range(RANKS)]

    def rows(name: str) -> np.ndarray:
        return np.array([g[name] for g in got])

    data = inputs()
    x = data["x"]
    np.testing.assert_allclose(rows("all_reduce"), all_reduce(x), atol=1e-12)
    np.testing.assert_allclose(rows("broadcast"), broadcast(x, 1), atol=1e-12)
    np.testing.assert_allclose(rows("reduce")[1], reduce(x, 1)[1], atol=1e-12)  # the others are unspecified
    np.testing.assert_allclose(rows("reduce_scatter"), reduce_scatter(x), atol=1e-12)
    np.testing.assert_allclose(rows("all_gather"), all_gather(x), atol=1e-12)
    np.testing.assert_allclose(rows("all_to_all"), all_to_all(x), atol=1e-12)

    shards = list(zip(data["tokens"], data["labels"], strict=True))
    for row in rows("ddp"):
        np.testing.assert_allclose(row.reshape(4, 5), mean_of_means(data["w"], shards), atol=1e-12)

    w = data["w"].ravel()
    zero = Zero(w, RANKS, 0.01, 0.1)
    for step in range(2):
        grads = np.stack([mean_of_means(w.reshape(4, 5), [s]).ravel() for s in shards])  # (N, 20)
        if step == 0:
            assert got[0]["fsdp_norm"][0] == pytest.approx(global_norm(np.split(grads.mean(axis=0), 4)), abs=1e-12)
        w = zero.step(grads)
    for row in rows("fsdp"):
        np.testing.assert_allclose(row, w, atol=1e-12)
    assert [g["rows"] for g in got] == [list(s.shape) for s in row_shards(data["w"].T, RANKS)]  # 2, 2, 1 of 5 rows
