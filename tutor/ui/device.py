"""What a runtime computes on, in the learner's language. Pure."""

from __future__ import annotations

from tutor.i18n import Words
from tutor.runtime.base import RuntimeInfo
from tutor.text.plain import strip


def device_words(info: RuntimeInfo, words: Words) -> str:
    """As short as it can be said; empty when the runtime has not told it yet."""
    found = info.facts.get("accelerators") or ()
    if found:
        first = found[0]
        name = strip(str(first.get("name") or ""))
        memory = first.get("memory_gib")
        device = words("ui.device_memory", name=name, memory=f"{memory:.0f}") if memory else name
        return words("ui.device_several", count=len(found), device=device) if len(found) > 1 else device
    cores = info.facts.get("cpus")
    if cores:
        return words("ui.device_cpu_one" if cores == 1 else "ui.device_cpu", cores=cores)
    return info.device
