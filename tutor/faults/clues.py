"""What a text tells of the machine it comes from."""

from __future__ import annotations

_PLACES = {
    "colab": ("/content/", "google.colab", "colab.research.google", "Colab"),
    "kaggle": ("/kaggle/working", "/kaggle/input", "/kaggle/lib"),
}
_SYSTEMS = {
    "windows": ("C:\\", "D:\\", "\\site-packages\\", "WinError", ".dll", ".exe", "PS C:"),
    "macos": ("/Users/", "/opt/homebrew/", "darwin", "macOS", "MPS backend"),
    "linux": ("/home/", "/root/", "/usr/lib/", "/usr/local/lib/python", "linux-gnu", "/mnt/", "linux_x86_64"),
}


def place_of(text: str) -> str:
    """`colab`, `kaggle` or nothing."""
    return _first(_PLACES, text)


def system_of(text: str) -> str:
    """`windows`, `macos`, `linux` or nothing."""
    return _first(_SYSTEMS, text)


def _first(signs: dict[str, tuple[str, ...]], text: str) -> str:
    return next((name for name, ones in signs.items() if any(one in text for one in ones)), "")
