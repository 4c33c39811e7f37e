"""What matplotlib, pandas and IPython really send, from a real kernel to blocks of the conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.runtime.kernels import make_runtime, run
from tutor.i18n import Words
from tutor.runtime.local import LocalRuntime
from tutor.session.scribe import kept
from tutor.ui.blocks import Block, BlockKind
from tutor.ui.figures import drawing
from tutor.ui.layout import lay_out
from tutor.ui.output import output_blocks

pytestmark = [pytest.mark.kernel, pytest.mark.asyncio(loop_scope="module")]

EN = Words("en")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kernel(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalRuntime]:
    folder = tmp_path_factory.mktemp("displays")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder))
        runtime = make_runtime(folder)
        await runtime.start()
    try:
        yield runtime
    finally:
        await runtime.aclose()


async def shown(kernel: LocalRuntime, code: str) -> tuple[Block, ...]:
    """The blocks of what the code shows, as the transcript keeps it."""
    execution, _ = await run(kernel, code)
    outputs, _, _ = execution.output.ends()
    return output_blocks({"outputs": [kept(output) for output in outputs]}, EN)


async def test_matplotlib(kernel: LocalRuntime) -> None:
    code = "import matplotlib.pyplot as plt\nplt.figure(figsize=(4, 2))\nplt.plot([1, 3, 2])\nplt.show()"
    (figure,) = await shown(kernel, code)
    assert figure.kind is BlockKind.FIGURE
    assert figure.size[0] > figure.size[1] > 100
    assert drawing.decoded(figure.data).size == figure.size


async def test_pil(kernel: LocalRuntime) -> None:
    (figure,) = await shown(kernel, "from PIL import Image\nImage.new('L', (28, 28), 90)")
    assert (figure.kind, figure.size) == (BlockKind.FIGURE, (28, 28))


async def test_pandas(kernel: LocalRuntime) -> None:
    (frame,) = await shown(kernel, "import pandas\npandas.DataFrame({'loss': [2.3, 0.31], 'device': ['cpu', 'cuda']})")
    assert [line.plain.rstrip() for line in lay_out([frame], 60)] == [
        "     loss  device",
        "  ─  ────  ──────",
        "  0  2.30  cpu",
        "  1  0.31  cuda",
    ]


async def test_a_display_that_is_updated(kernel: LocalRuntime) -> None:
    code = (
        "from IPython.display import display, Markdown\nhandle = display(Markdown('*old*'), display_id=True)\n"
        "print('between')\nhandle.update(Markdown('**new**'))"
    )
    first, second = await shown(kernel, code)
    assert (first.plain, second.plain) == ("new", "between")


async def test_a_training_told_by_the_kit(kernel: LocalRuntime) -> None:
    code = (
        "from tutor.kit.live import Progress\nwith Progress(3, unit='epoch', title='Train') as live:\n"
        "    for epoch in (1, 2, 3):\n        live.update(epoch, loss=1 / epoch)"
    )
    (chart,) = await shown(kernel, code)
    assert chart.kind is BlockKind.CHART
    assert chart.plain.startswith("Train\nepoch 3 of 3 · took ")
