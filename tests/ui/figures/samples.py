"""Displays as kernels send them."""

from __future__ import annotations

import base64
import io
import math
from typing import Any

from PIL import Image

from tutor.runtime.base import Rich
from tutor.ui.figures.rich import LIVE


def live(done: int = 10, total: int | None = 10, **more: Any) -> dict[str, Any]:
    """The state of a training."""
    epochs = range(1, done + 1)
    return {
        "format": 1,
        "title": "Train a small network",
        "unit": "epoch",
        "done": done,
        "total": total,
        "state": "running",
        "elapsed": 4.2,
        "left": 9.4,
        "series": [
            {"name": "loss", "points": [[x, 2.3 * math.exp(-x / 4)] for x in epochs]},
            {"name": "val_loss", "points": [[x, 2.4 * math.exp(-x / 5)] for x in epochs]},
            {"name": "accuracy", "points": [[x, 1 - 0.9 * math.exp(-x / 5)] for x in epochs]},
        ],
        "values": {"loss": 0.1888, "val_loss": 0.3248, "accuracy": 0.8782, "rate": 0.01},
        "device": "cuda:0",
        "memory": {"process": 412 << 20, "device": 1 << 30, "device_total": 15 << 30},
        **more,
    }


def live_output(done: int = 10, *, update: bool = False, **more: Any) -> Rich:
    """The same as an output that can be updated."""
    return Rich({LIVE: live(done, **more), "text/plain": f"epoch {done} of 10"}, "live", update)


def picture(width: int = 640, height: int = 480, kind: str = "PNG", mode: str = "RGB") -> str:
    """A picture: white, with a blue bar at the left."""
    image = Image.new(mode, (width, height), "white")
    image.paste("blue", (0, 0, width // 4, height))
    data = io.BytesIO()
    image.save(data, kind)
    return base64.b64encode(data.getvalue()).decode()
