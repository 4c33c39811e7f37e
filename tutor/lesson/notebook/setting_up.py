"""The cells that are code of tutor: the one that sets up, and those that call it."""

from __future__ import annotations

import base64
import json
import textwrap
import zlib

from tutor.harness.notebook import MAGIC
from tutor.i18n import Words

WIDTH = 160
"""Characters of a packed line: one of fifty thousand would be a burden on every editor."""

_SET_UP = '''\
#@title {title}
# {what}
def _tutor_set_up(packed):
    import base64, hashlib, os, sys, tempfile, zlib

    if sys.version_info < (3, 10):
        print({too_old!r})
        return
    data = zlib.decompress(base64.b64decode(packed))
    name = hashlib.sha256(data).hexdigest()[:20] + ".zip"
    known = get_ipython().find_line_magic({magic!r})
    if known:
        known("again " + name)
        return
    bundle = os.path.join(tempfile.mkdtemp(prefix="tutor-"), name)
    with open(bundle, "wb") as file:
        file.write(data)
    sys.path.insert(0, bundle)
    for module in [name for name in sys.modules if name.partition(".")[0] == "tutor"]:
        del sys.modules[module]
    from tutor.harness import notebook
    from tutor.kit.devices import hardware
{more}
    notebook.set_up(bundle, hardware)

_tutor_set_up("""
{packed}
""")
del _tutor_set_up
'''
_WATCH = """\
    from tutor.kit import torchvision_schemas

    torchvision_schemas.watch()
"""


def set_up_cell(bundle: bytes, words: Words, *, mends_torchvision: bool) -> str:
    """The cell that brings the harness. Args: `bundle`: a zip of it, with the notebook's plan."""
    packed = base64.b64encode(zlib.compress(bundle, 9)).decode()
    return _SET_UP.format(
        title=words("export.set_up"),
        what=words("export.what_it_is"),
        too_old=words("export.too_old"),
        magic=MAGIC,
        more=_WATCH if mends_torchvision else "",
        packed="\n".join(textwrap.wrap(packed, WIDTH)),
    )


def call_cell(title: str, call: str, words: Words) -> str:
    """A cell that asks the harness for something, and says what is missing where there is none."""
    missing = json.dumps(words("export.no_set_up"), ensure_ascii=False)
    one_line = " ".join(title.split())
    return f"#@title {one_line}\n(get_ipython().find_line_magic({MAGIC!r}) or (lambda _: print({missing})))({call!r})"
