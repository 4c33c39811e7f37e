"""The training loop: the tutorial's arithmetic, and what it says when memory runs out."""

from __future__ import annotations

import gc
import re
import weakref
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import BatchSampler, DataLoader, SequentialSampler, TensorDataset

from tutor.kit.train import OutOfMemory, evaluate, fit, memory

ASKED = (
    "CUDA out of memory. Tried to allocate 2.50 GiB. GPU 0 has a total capacity of 15.77 GiB of which 1.21 GiB is free.\n"
    "See documentation for Memory Management"
)


def blobs(count: int, seed: int) -> TensorDataset:
    """Points around four corners of a square: inputs count × 2, labels 0 to 3."""
    random = torch.Generator().manual_seed(seed)
    labels = torch.randint(4, (count,), generator=random)
    corners = torch.tensor([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    return TensorDataset(corners[labels] + 0.3 * torch.randn(count, 2, generator=random), labels)


@pytest.fixture
def data() -> tuple[TensorDataset, TensorDataset]:
    return blobs(330, 1), blobs(90, 2)


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 4))


def tutorial(model: nn.Module, data: tuple[Any, Any], epochs: int, lr: float) -> tuple[list[float], list[float]]:
    """Losses of the batches, and after each epoch the loss of the test: written as PyTorch's quickstart does it."""
    loss_fn, optimizer = nn.CrossEntropyLoss(), torch.optim.SGD(model.parameters(), lr=lr)
    losses, tests = [], []
    for _ in range(epochs):
        model.train()
        for inputs, labels in DataLoader(data[0], batch_size=64):
            loss = loss_fn(model(inputs), labels)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss.item())
        model.eval()
        with torch.no_grad():
            batches = [loss_fn(model(inputs), labels).item() for inputs, labels in DataLoader(data[1], batch_size=64)]
        tests.append(sum(batches) / len(batches))
    return losses, tests


def same(one: nn.Module, other: nn.Module) -> bool:
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    return all(torch.allclose(first, second, atol=1e-5) for first, second in pairs)


class Crowded(nn.Module):
    """Runs out of memory with more examples at once than it has room for."""

    def __init__(self, room: int, text: str = ASKED) -> None:
        super().__init__()
        self.inner = network()
        self.room = room
        self.text = text
        self.seen: list[int] = []

    def forward(self, inputs: Tensor) -> Tensor:
        self.seen.append(len(inputs))
        if len(inputs) > self.room:
            raise torch.OutOfMemoryError(self.text)
        out: Tensor = self.inner(inputs)
        return out


def test_it_computes_what_the_tutorial_computes(data: tuple[TensorDataset, TensorDataset]) -> None:
    ours, theirs = network(), network()
    optimizer = torch.optim.SGD(ours.parameters(), lr=0.1)
    history = fit(ours, *data, epochs=3, optimizer=optimizer, device="cpu")
    losses, tests = tutorial(theirs, data, 3, 0.1)
    means = [sum(losses[begin : begin + 6]) / 6 for begin in (0, 6, 12)]
    assert history.loss == pytest.approx(means, abs=1e-5)
    assert history.test_loss == pytest.approx(tests, abs=1e-5)
    assert same(ours, theirs)


def test_without_more_it_is_the_tutorials_optimizer_and_loss(data: tuple[TensorDataset, TensorDataset]) -> None:
    ours, theirs = network(), network()
    history = fit(ours, *data, epochs=1, device="cpu")
    assert history.test_loss == pytest.approx(tutorial(theirs, data, 1, 1e-3)[1], abs=1e-5)


def test_it_learns_and_tells_every_epoch(data: tuple[TensorDataset, TensorDataset]) -> None:
    model = network()
    history = fit(model, *data, epochs=4, optimizer=torch.optim.Adam(model.parameters(), lr=0.02), device="cpu")
    assert history.loss == sorted(history.loss, reverse=True)
    assert history.accuracy[-1] > 0.9
    assert (history.device, history.batch_size, history.piece) == ("cpu", 64, 64)
    lines = str(history).splitlines()
    assert len(lines) == 4
    told = r"epoch 4: loss \d\.\d{4}, on the test images loss \d\.\d{4} and accuracy \d\d\.\d%, \d+\.\d s"
    assert re.fullmatch(told, lines[3])


def test_without_test_data_nothing_is_measured(data: tuple[TensorDataset, TensorDataset]) -> None:
    history = fit(network(), data[0], epochs=1, device="cpu")
    assert (history.test_loss, history.accuracy) == ([], [])
    assert "test" not in str(history)


def test_a_data_loader_keeps_its_batches(data: tuple[TensorDataset, TensorDataset]) -> None:
    model = Crowded(room=10)
    history = fit(model, DataLoader(data[0], batch_size=10), epochs=1, device="cpu")
    assert (history.batch_size, max(model.seen)) == (10, 10)


def test_measuring_leaves_the_mode_as_it_was(data: tuple[TensorDataset, TensorDataset]) -> None:
    model = network()
    for training in (True, False):
        model.train(training)
        loss, accuracy = evaluate(model, data[1], device="cpu")
        assert model.training is training
        assert loss > 0
        assert 0 <= accuracy <= 1


def test_progress_is_told(data: tuple[TensorDataset, TensorDataset], capsys: pytest.CaptureFixture[str]) -> None:
    fit(network(), *data, epochs=2, device="cpu")
    assert re.search(r"batch 12/12 · loss .* · test_loss .* · accuracy ", capsys.readouterr().out)


def test_out_of_memory_says_what_was_asked_what_is_free_and_what_to_change(
    data: tuple[TensorDataset, TensorDataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    gib = memory.GIB
    monkeypatch.setattr(memory, "_memory", lambda _: (int(1.25 * gib), 16 * gib, 6 * gib))
    with pytest.raises(OutOfMemory) as raised:
        fit(Crowded(room=16), *data, device="cpu")
    said = str(raised.value)
    assert said.startswith("CUDA out of memory. Tried to allocate 2.50 GiB.\n")
    assert "64 examples at once did not fit on cpu. It asked for 2.50 GiB more. Free: 1.25 of 16.00 GiB." in said
    assert "Other programs hold 8.75 GiB." in said
    assert "batch_size=32; or shrink=True" in said


def test_in_chinese_it_says_so_in_chinese(
    data: tuple[TensorDataset, TensorDataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUTOR_LANG", "zh")
    with pytest.raises(OutOfMemory, match="一次放不下 64 个样本"):
        fit(Crowded(room=16), *data, device="cpu")


def test_the_error_holds_no_tensor_of_the_batch_that_did_not_fit(data: tuple[TensorDataset, TensorDataset]) -> None:
    class Holding(Crowded):
        def forward(self, inputs: Tensor) -> Tensor:
            large = torch.ones(1000)
            held.append(weakref.ref(large))
            return super().forward(inputs)

    held: list[weakref.ref[Tensor]] = []
    with pytest.raises(OutOfMemory) as raised:
        fit(Holding(room=16), *data, device="cpu")
    gc.collect()
    assert held[-1]() is None
    assert raised.value.__context__ is None


def test_with_shrink_it_goes_on_in_pieces_with_the_same_result(
    data: tuple[TensorDataset, TensorDataset], capsys: pytest.CaptureFixture[str]
) -> None:
    whole, pieces = network(), Crowded(room=20)
    expected = fit(whole, data[0], epochs=2, device="cpu")
    history = fit(pieces, data[0], epochs=2, device="cpu", shrink=True)
    assert history.loss == pytest.approx(expected.loss, abs=1e-5)
    assert same(whole, pieces.inner)
    assert (history.batch_size, history.piece) == (64, 16)
    assert [size for size in pieces.seen if size > 20] == [64, 32]
    assert "going on with 32, the batch stays 64" in capsys.readouterr().out


def test_when_a_single_example_does_not_fit_it_is_not_the_batch(data: tuple[TensorDataset, TensorDataset]) -> None:
    with pytest.raises(OutOfMemory, match="A single example does not fit"):
        fit(Crowded(room=0), *data, device="cpu", shrink=True)


def test_what_fits_for_training_is_measured_in_pieces_as_well(data: tuple[TensorDataset, TensorDataset]) -> None:
    whole, pieces = network(), Crowded(room=20)
    expected = fit(whole, *data, epochs=1, device="cpu")
    history = fit(pieces, *data, epochs=1, device="cpu", shrink=True)
    assert history.test_loss == pytest.approx(expected.test_loss, abs=1e-5)
    assert history.accuracy == expected.accuracy
    assert evaluate(Crowded(room=20), data[1], device="cpu", shrink=True)[1] == evaluate(network(), data[1])[1]


def test_batches_of_the_loaders_own_sampler_stay_whole(data: tuple[TensorDataset, TensorDataset]) -> None:
    sampler = BatchSampler(SequentialSampler(range(330)), batch_size=100, drop_last=False)
    model = Crowded(room=100)
    history = fit(model, DataLoader(data[0], batch_sampler=sampler), epochs=1, device="cpu")
    assert model.seen == [100, 100, 100, 30]
    assert (history.batch_size, history.piece) == (100, 100)


def test_a_step_of_the_optimizer_is_never_taken_twice(data: tuple[TensorDataset, TensorDataset]) -> None:
    class Greedy(torch.optim.SGD):
        steps = 0

        def step(self, closure: Any = None) -> Any:
            Greedy.steps += 1
            super().step(closure)
            raise torch.OutOfMemoryError(ASKED)

    model = network()
    with pytest.raises(OutOfMemory, match="What the optimizer keeps for each weight did not fit"):
        fit(model, *data, optimizer=Greedy(model.parameters(), lr=0.1), device="cpu", shrink=True)
    assert Greedy.steps == 1


def test_gradients_of_an_earlier_attempt_do_not_count(data: tuple[TensorDataset, TensorDataset]) -> None:
    fresh, used = network(), network()
    used(torch.ones(1, 2)).sum().backward()
    for model in (fresh, used):
        fit(model, data[0], epochs=1, device="cpu")
    assert same(fresh, used)


def test_a_model_that_does_not_fit_is_no_matter_of_the_batch(data: tuple[TensorDataset, TensorDataset]) -> None:
    class Huge(nn.Linear):
        def to(self, *_: Any, **__: Any) -> Any:
            raise torch.OutOfMemoryError(ASKED)

    with pytest.raises(OutOfMemory, match="The model alone did not fit on cpu"):
        fit(Huge(2, 4), *data, device="cpu")


@pytest.mark.parametrize(
    "text",
    [
        "MPS backend out of memory (MPS allocated: 8.00 GiB, max allowed: 9.07 GiB). Tried to allocate 1.00 GiB",
        "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 4000 bytes.",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
    ],
)
def test_every_way_to_run_out_is_known(text: str, data: tuple[TensorDataset, TensorDataset]) -> None:
    class Failing(nn.Module):
        def forward(self, _: Tensor) -> Tensor:
            raise RuntimeError(text)

    optimizer = torch.optim.SGD(network().parameters(), lr=0.1)
    with pytest.raises(OutOfMemory, match=re.escape(text[:30])):
        fit(Failing(), *data, optimizer=optimizer, device="cpu")


def test_a_real_shortage_is_explained(data: tuple[TensorDataset, TensorDataset]) -> None:
    class Large(nn.Module):
        def forward(self, _: Tensor) -> Tensor:
            return torch.empty(1 << 50)

    with pytest.raises(OutOfMemory, match=r"It asked for 4194304\.00 GiB more"):
        evaluate(Large(), data[1], device="cpu")


def test_another_error_of_the_model_is_left_alone(data: tuple[TensorDataset, TensorDataset]) -> None:
    with pytest.raises(RuntimeError, match="mat1 and mat2") as raised:
        fit(nn.Linear(3, 4), *data, device="cpu")
    assert not isinstance(raised.value, OutOfMemory)


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"batch_size": -1}, {"epochs": 2.5}])
def test_numbers_that_cannot_be_are_named(wrong: dict[str, Any], data: tuple[TensorDataset, TensorDataset]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} is {next(iter(wrong.values()))}: give a whole number"):
        fit(network(), data[0], **wrong)


def test_no_data_is_said(data: tuple[TensorDataset, TensorDataset]) -> None:
    nothing = TensorDataset(torch.empty(0, 2), torch.empty(0, dtype=torch.long))
    for call in (lambda: fit(network(), nothing), lambda: evaluate(network(), nothing)):
        with pytest.raises(ValueError, match="not one example"):
            call()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_on_a_card_a_real_shortage_is_overcome(data: tuple[TensorDataset, TensorDataset]) -> None:
    class Wide(nn.Module):
        """Takes 64 MiB for each example."""

        def __init__(self) -> None:
            super().__init__()
            self.inner = nn.Linear(2, 4)

        def forward(self, inputs: Tensor) -> Tensor:
            room = torch.zeros(len(inputs), 1 << 24, device=inputs.device)
            out: Tensor = self.inner(inputs) + room[:, :1]
            return out

    total = torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction(min(1.0, 2 * memory.GIB / total))
    try:
        with pytest.raises(OutOfMemory, match="64 examples at once did not fit on cuda"):
            fit(Wide(), data[0], epochs=1, device="cuda")
        history = fit(Wide(), data[0], epochs=1, device="cuda", shrink=True)
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert history.piece < 64
