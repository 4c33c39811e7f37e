"""A lesson with every kind of work, in both languages."""

from __future__ import annotations

from pathlib import Path

from tutor.lesson.model import (
    Check,
    Checklist,
    Choice,
    Field,
    FixCode,
    Form,
    FrontMatter,
    Hint,
    Language,
    Lesson,
    Paste,
    Quiz,
    RunCode,
    Step,
)

OPENING_EN = """\
A model that runs on the CPU by accident is **ten to a hundred times** slower, and nothing says so. This lesson shows how to ask, and how \
to read the answer.

> You need no GPU for it.
"""
ASK_EN = """\
PyTorch knows which devices it can use. `torch.cuda.is_available()` says whether there is an NVIDIA GPU *and* a build of PyTorch that can use it.

| Build | What it prints |
|---|---|
| CPU only | `False` |
| CUDA 12.8 | `True`, if the driver is new enough |

Three things are worth knowing:

1. the **version**, which ends in `+cpu` or `+cu128`;
2. whether a device is *visible*;
3. its name, as in

   ```python
   torch.cuda.get_device_name(0)
   ```
"""
OPENING_ZH = """\
模型不小心跑在 CPU 上，会慢 **十到一百倍**，而且没有任何提示。这一课教你怎么问、怎么读懂答案。

> 不需要 GPU。
"""
ASK_ZH = """\
PyTorch 知道自己能用哪些设备。`torch.cuda.is_available()` 告诉你这里是不是有一块 NVIDIA GPU，*并且* 装的 PyTorch 能用它。

| 版本 | 输出 |
|---|---|
| 只有 CPU | `False` |
| CUDA 12.8 | 驱动足够新时是 `True` |

有三件事值得知道：

1. **版本号**，以 `+cpu` 或 `+cu128` 结尾；
2. 设备是不是 *可见*；
3. 它的名字，例如

   ```python
   torch.cuda.get_device_name(0)
   ```
"""
ASK_CODE = "import torch\nprint(torch.__version__)\ntorch.cuda.is_available()"
STARTER = "import torch\n\non_gpu = torch.cuda.is_available\nprint('on the GPU:', bool(on_gpu))"
SOLUTION = "import torch\n\non_gpu = torch.cuda.is_available()\nprint('on the GPU:', bool(on_gpu))"
NOISE = "for line in noise():\n    print(line)"


def _pick(zh: bool, english: str, chinese: str) -> str:
    return chinese if zh else english


def lesson(language: str = "en", lesson_id: str = "check-device") -> Lesson:
    """The lesson."""
    zh = language == "zh"

    def say(english: str, chinese: str) -> str:
        return _pick(zh, english, chinese)

    steps = (
        Step(
            "ask-pytorch",
            say("Ask PyTorch", "问问 PyTorch"),
            10,
            body=say(ASK_EN, ASK_ZH),
            work=RunCode("python", ASK_CODE, 12),
            checks=(Check("assert True", 20),),
            minutes=2,
            hash="a",
        ),
        Step(
            "brackets",
            say("A device that is always there", "永远存在的设备"),
            30,
            body=say(
                "This program says that it runs on the GPU, on every computer. Find out why, and mend it.",
                "这段程序在任何电脑上都说自己跑在 GPU 上。找出原因，改好它。",
            ),
            work=FixCode(STARTER, 32, SOLUTION, 40),
            checks=(Check("assert True", 50),),
            hints=(
                Hint(say("Print `on_gpu` itself. What *is* it?", "把 `on_gpu` 本身打印出来。它*是*什么？"), 55),
                Hint(say("A function needs brackets to be called.", "函数要加括号才会被调用。"), 58, when="builtin"),
            ),
            minutes=3,
            hash="b",
        ),
        Step(
            "slow",
            say("What makes it slow?", "慢在哪里？"),
            60,
            work=Quiz(
                say(
                    "The data is on the CPU and the model is on the GPU. What happens?",
                    "数据在 CPU 上，模型在 GPU 上，会怎样？",
                ),
                62,
                choices=(
                    Choice(
                        say("It works, only slower", "能运行，只是慢一些"),
                        why=say("No copy is made for you.", "不会自动复制。"),
                    ),
                    Choice(
                        say(
                            "An error: `Expected all tensors to be on the same device`",
                            "报错：`Expected all tensors to be on the same device`",
                        ),
                        right=True,
                    ),
                    Choice(say("PyTorch moves the data", "PyTorch 会自动搬数据")),
                ),
            ),
            hash="c",
        ),
        Step(
            "how-many",
            say("How many bytes?", "多少字节？"),
            80,
            work=Quiz(
                say("How many MB does a float32 tensor of 1,000,000 numbers take?", "一百万个 float32 占多少 MB？"),
                82,
                number=4.0,
                unit="MB",
            ),
            hash="d",
        ),
        Step(
            "names",
            say("Name your project", "给项目起名"),
            90,
            work=Form(
                (
                    Field("project", say("Name of the project", "项目名"), "my-first-gpu"),
                    Field("token", say("Access token", "访问令牌"), "ghp_…", secret=True),
                ),
                92,
            ),
            hash="e",
        ),
        Step(
            "colab",
            say("What Colab says", "Colab 说了什么"),
            100,
            work=Paste(
                say(
                    "Run `!nvidia-smi` in Colab and paste what it prints.",
                    "在 Colab 里运行 `!nvidia-smi`，把输出粘贴到这里。",
                ),
                r"Driver Version: (?P<driver>[\d.]+)",
                "NVIDIA-SMI 550.54  Driver Version: 550.54",
                102,
            ),
            hash="f",
        ),
        Step(
            "by-hand",
            say("Change the runtime", "更改运行环境"),
            110,
            work=Checklist(
                (
                    say("Open the menu **Runtime**", "打开菜单「**代码执行程序**」"),
                    say("Choose *T4 GPU* as the hardware accelerator", "硬件加速器选 *T4 GPU*"),
                ),
                112,
            ),
            hash="g",
        ),
        Step(
            "ask-name",
            say("Your program asks", "程序提问"),
            120,
            work=RunCode("python", "name = input('Your name? ')\nprint('Hello,', name)", 122),
            hash="h",
        ),
        Step(
            "endless",
            say("Without an end", "停不下来"),
            130,
            work=RunCode("python", "while True:\n    pass", 132),
            hash="i",
        ),
        Step("noise", say("A lot of output", "很多输出"), 140, work=RunCode("python", NOISE, 142), hash="j"),
        Step("bye", say("The end", "结束"), 150, body=say("That was all.", "到此为止。"), hash="k"),
    )
    return Lesson(
        lesson_id,
        Language(language),
        Path("check-device") / f"{language}.md",
        FrontMatter(say("Is my code on the GPU?", "我的代码跑在 GPU 上吗？"), "", 10),
        say(OPENING_EN, OPENING_ZH),
        steps,
        shipped=True,
    )
