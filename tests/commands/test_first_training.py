"""The lesson `first-training` under the hands of a learner: each usual slip is not yet, and the hint that fits comes by itself.

That it trains, and how far, is proved by `tutor check --run`.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.commands.slips import Slips, all_odd_slips, english_hint, ignore, shipped, task_of
from tests.runtime.kernels import make_runtime
from tutor.commands.driver import Driver
from tutor.progress.model import Verdict
from tutor.session import commands as ask
from tutor.session.keeper import Keep
from tutor.session.runtimes import Runtimes

pytestmark = pytest.mark.kernel

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])

DATA: Slips = {
    ("", ""): "If the numbers are bytes",
    ("transform=ToTensor()", "transform=lambda image: PILToTensor()(image).float()"): "If the numbers are bytes",
    ("target_transform=lambda label: data.classes[label]", "target_transform=None"): "If `named` still has numbers",
    ("target_transform=lambda label: data.classes[label]", "target_transform=str"): "If `named` still has numbers",
}
MODEL: Slips = {
    ("", ""): "Only the last `nn.ReLU()` has to go",
    ("            nn.ReLU(),\n", ""): "If the layers are one single layer",
    ("nn.Linear(512, 10)", "nn.Linear(512, 5)"): "28 × 28 numbers go in",
    ("nn.Linear(28 * 28, 512)", "nn.Linear(28, 512)"): "28 × 28 numbers go in",
    ("nn.Linear(512, 512)", "nn.Linear(512, 512, bias=False)"): "28 × 28 numbers go in",
}
LOOP: Slips = {
    ("", ""): "If the second batch goes too far",
    (
        "    optimizer.step()\n    optimizer.zero_grad()\n",
        "    optimizer.zero_grad()\n    optimizer.step()\n",
    ): "If the weight does not move",
    ("    loss.backward()\n", ""): "If the weight does not move",
    ("    return loss.item()\n", ""): "If the checks cannot use your `train_batch`",
    (
        "def train_batch(model, images, labels, loss_fn, optimizer):",
        "def train_batch(model, images, labels):",
    ): "cannot use your `train_batch`",
}
CLOCK: Slips = {
    ("", ""): "If it says 0.00 s",
    ("    work()\n    wait()\n    return", "    work()\n    return"): "If it says 0.00 s",
    (
        "    work()\n    wait()\n    begin = time.perf_counter()\n",
        "    begin = time.perf_counter()\n",
    ): "If it says 0.8 s or more",
    ("    work()\n    wait()\n    begin", "    work()\n    begin"): "If it says 0.8 s or more",
    (
        "    return time.perf_counter() - begin",
        "    print(time.perf_counter() - begin)",
    ): "If the checks cannot use your `seconds_of`",
}
KEEP: Slips = {
    ("", ""): "If PyTorch refuses the file",
    ('    model.load_state_dict(torch.load(path, map_location="cpu"))\n', ""): "If it answers differently",
    (', map_location="cpu"', ""): "If `map_location` is missing",
    (
        '    model = NeuralNetwork()\n    model.load_state_dict(torch.load(path, map_location="cpu"))\n',
        '    torch.load(path, map_location="cpu")\n',
    ): "If it answers differently",
}


FEW_IMAGES = """
from types import SimpleNamespace
import torch
from torch.utils.data import TensorDataset
data = SimpleNamespace(test=TensorDataset(torch.rand(64, 1, 28, 28), torch.zeros(64, dtype=torch.long)))
"""


@LANGUAGES
async def test_each_usual_slip_is_not_yet_and_has_its_hint(language: str, tmp_path: Path) -> None:
    lesson = shipped("first-training", language)
    slips = {"data": DATA, "model": MODEL, "loop": LOOP, "clock": CLOCK}
    odd = await all_odd_slips(lesson, slips, tmp_path, shortened=lambda code: code.replace("5000, 5000", "1500, 1500"))
    assert odd == {step: [] for step in odd}


@LANGUAGES
async def test_what_was_learned_is_kept_as_weights_alone(language: str, tmp_path: Path) -> None:
    lesson = shipped("first-training", language)
    before = {
        "data": ask.Run(FEW_IMAGES),
        "model": ask.Run(task_of(lesson, "model").solution),
        "train": ask.Run("model = NeuralNetwork()"),  # one that was not trained will do
    }
    assert await all_odd_slips(lesson, {"keep": KEEP}, tmp_path, before=before) == {"keep": []}


@LANGUAGES
async def test_after_a_restart_the_names_are_gone_and_the_file_is_not(language: str, tmp_path: Path) -> None:
    lesson = shipped("first-training", language)
    runtimes = Runtimes("local", lambda name: make_runtime(tmp_path))
    try:
        async with Driver(lesson, runtimes, store=None, keep=Keep.GOOD_RUNS, on_event=ignore) as driver:
            await driver.step("train", ask.Run("model = open('model.pt', 'w')"))
            await driver._session.send(ask.Goto("restart"))
            driver._at = "restart"
            await driver._session.send(ask.Tick(0))
            outcome = await driver.step("restart", ask.Tick(1))
            assert outcome.verdict is Verdict.NOT_YET
            assert "the runtime was not restarted" in english_hint(lesson, "restart", outcome.hint)
            await runtimes.for_lesson(lesson).restart()
            assert (await driver.step("restart", ask.Check())).verdict is Verdict.PASSED
    finally:
        await runtimes.aclose()


RIGHT = {
    "data": [
        """
        from torchvision.transforms import Compose, ToTensor
        from tutor.kit.data import fashion_mnist
        data = fashion_mnist(transform=Compose([ToTensor()]))
        def name(label):
            return data.classes[label]
        named = fashion_mnist(target_transform=name)
        """,
    ],
    "loop": [
        """
        def train_batch(model, images, labels, loss_fn, optimizer):
            optimizer.zero_grad(set_to_none=False)
            loss = loss_fn(model(images), labels)
            loss.backward()
            optimizer.step()
            return float(loss)
        """,
    ],
    "clock": [
        """
        import torch
        from time import perf_counter_ns
        def seconds_of(work):
            work()
            torch.cuda.synchronize(device=0)
            begin = perf_counter_ns()
            for _ in range(3):
                work()
            torch.cuda.synchronize(device=0)
            return (perf_counter_ns() - begin) / 3e9
        product_seconds = 0.5
        """,
        """
        import timeit, torch
        def seconds_of(work):
            def whole():
                work()
                torch.accelerator.synchronize()
            whole()
            return min(timeit.repeat(whole, number=1, repeat=3))
        product_seconds = 0.5
        """,
    ],
}


async def test_other_right_answers_pass(tmp_path: Path) -> None:
    lesson = shipped("first-training", "en")
    runtimes = Runtimes("local", lambda name: make_runtime(tmp_path))
    try:
        async with Driver(lesson, runtimes, store=None, keep=Keep.GOOD_RUNS, on_event=ignore) as driver:
            for step, answers in RIGHT.items():
                for answer in answers:
                    outcome = await driver.step(step, ask.Run(dedent(answer)))
                    assert outcome.verdict is Verdict.PASSED, (step, outcome)
    finally:
        await runtimes.aclose()
