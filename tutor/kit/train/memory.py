"""What it means that memory ran out: asked for, free, taken by whom, and which settings to change."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import torch

from tutor.kit.words import speak

GIB = 1 << 30
_SIGNS = re.compile(
    r"out of memory|can't allocate memory|not enough memory|CUBLAS_STATUS_ALLOC_FAILED|RESOURCE_EXHAUSTED",
    re.IGNORECASE,
)
_ASKED = re.compile(r"[Tt]ried to allocate ([\d.]+) ?(bytes|KiB|MiB|GiB|KB|MB|GB)")
_UNITS = {"bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": GIB, "KB": 1 << 10, "MB": 1 << 20, "GB": GIB}

_FOR = {
    "en": " It asked for {asked:.2f} GiB more.",
    "zh": "这次又要 {asked:.2f} GiB。",
}
_FREE = {
    "en": " Free: {free:.2f} of {total:.2f} GiB.",
    "zh": "空闲：{free:.2f} GiB，共 {total:.2f} GiB。",
}
_OTHERS = {
    "en": " Other programs hold {others:.2f} GiB.",
    "zh": "别的程序占着 {others:.2f} GiB。",
}
_SMALLER = {
    "en": "(Out of memory with {before} examples at once: going on with {after}, the batch stays {batch}.)",
    "zh": "（一次 {before} 个样本时内存不足：改为一次 {after} 个继续，批大小仍是 {batch}。）",
}


@dataclass(frozen=True)
class What:
    """What did not fit, and what to change."""

    sentence: Mapping[str, str]
    advice: Mapping[str, str]
    values: Mapping[str, object] = field(default_factory=dict)


MODEL = What(
    {
        "en": "The model alone did not fit on {device}.{asked}{free}{others}",
        "zh": "在 {device} 上，光是模型就放不下。{asked}{free}{others}",
    },
    {
        "en": "What to change: a smaller model, or a device with more memory; end what else holds memory there.",
        "zh": "可以改的地方：换小一些的模型，或者内存更大的设备；结束占着内存的其他程序。",
    },
)
OPTIMIZER = What(
    {
        "en": "What the optimizer keeps for each weight did not fit on {device} beside the model.{asked}{free}{others}",
        "zh": "在 {device} 上，优化器给每个权重保存的数和模型放不到一起。{asked}{free}{others}",
    },
    {
        "en": "What to change: SGD, which keeps less than Adam; or a smaller model.",
        "zh": "可以改的地方：用 SGD，它比 Adam 保存得少；或者换小一些的模型。",
    },
)
_EXAMPLES = {
    "en": "{count} examples at once did not fit on {device}.{asked}{free}{others}",
    "zh": "在 {device} 上，一次放不下 {count} 个样本。{asked}{free}{others}",
}
_SMALLER_BATCH = {
    "en": "What to change, the first that helps: batch_size={half}; or shrink=True, which finds the size by itself and adds the "
    "gradients up, so that the batch stays as large as it was; or a smaller model or smaller images.",
    "zh": "可以改的地方，从最有效的试起：batch_size={half}；或者 shrink=True，它会自己找到合适的大小，把梯度累加起来，"
    "所以批大小不变；或者换小一些的模型或图片。",
}
_ONE_EXAMPLE = {
    "en": "A single example does not fit, so it is not the batch: take a smaller model or smaller images, or a device with more memory.",
    "zh": "连一个样本都放不下，所以不是批大小的问题：请换小一些的模型或图片，或者显存更大的设备。",
}


def batch(count: int) -> What:
    """So many examples at once."""
    return What(_EXAMPLES, _SMALLER_BATCH if count > 1 else _ONE_EXAMPLE, {"count": count, "half": count // 2})


class OutOfMemory(RuntimeError):
    """Memory ran out in a training; the message says what to change."""


@dataclass(frozen=True)
class Shortage:
    """What was known when it ran out. Holds no tensor, and no traceback that does."""

    text: str
    """The first line of the error."""
    asked: int | None
    """Bytes."""
    free: int | None
    """Bytes on that device, for any program."""
    total: int | None
    others: int
    """Bytes that other programs hold there."""


def is_shortage(error: Exception) -> bool:
    """Whether that error says that memory ran out."""
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or bool(_SIGNS.search(str(error)))


def shortage(error: Exception, device: torch.device) -> Shortage:
    """What is known now, before anything is given back."""
    text = str(error).partition("\n")[0].partition(" GPU ")[0] or "out of memory"
    found = _ASKED.search(str(error))
    asked = int(float(found[1]) * _UNITS[found[2]]) if found else None
    free, total, own = _memory(device)
    others = 0 if free is None or total is None or own is None else max(0, total - free - own)
    return Shortage(text, asked, free, total, others)


def explained(short: Shortage, device: torch.device, what: What) -> OutOfMemory:
    """The error that says so."""
    facts = {
        "device": device,
        "asked": "" if short.asked is None else speak(_FOR, asked=short.asked / GIB),
        "free": ""
        if short.free is None or short.total is None
        else speak(_FREE, free=short.free / GIB, total=short.total / GIB),
        "others": speak(_OTHERS, others=short.others / GIB) if short.others > GIB // 4 else "",
    }
    told = speak(what.sentence, **facts, **what.values)
    return OutOfMemory("\n".join([short.text, told, speak(what.advice, **what.values)]))


def smaller(before: int, after: int, batch: int) -> str:
    """The sentence for going on with fewer examples at once."""
    return speak(_SMALLER, before=before, after=after, batch=batch)


def give_back(device: torch.device) -> None:
    """Free what nobody holds any more, cached blocks included."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
    elif device.type == "xpu":
        torch.xpu.empty_cache()


def _memory(device: torch.device) -> tuple[int | None, int | None, int | None]:
    """Bytes that are free, that there are, and that this process holds; None for what the device does not tell."""
    if device.type == "cuda":
        free, total = torch.cuda.mem_get_info(device)
        return free, total, torch.cuda.memory_reserved(device)
    if device.type == "mps":
        total, own = torch.mps.recommended_max_memory(), torch.mps.driver_allocated_memory()
        return max(0, total - own), total, own
    if device.type == "cpu" and hasattr(os, "sysconf") and "SC_AVPHYS_PAGES" in os.sysconf_names:
        page = os.sysconf("SC_PAGE_SIZE")
        return os.sysconf("SC_AVPHYS_PAGES") * page, os.sysconf("SC_PHYS_PAGES") * page, None
    return None, None, None
