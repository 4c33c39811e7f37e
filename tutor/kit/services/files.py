"""Files on Drive: there and back whole and once, in folders, shared with the least rights.

from tutor.kit.services import drive
from tutor.kit.services.files import download, make_folder, share, upload

folder = make_folder(drive(), "lessons")
file = upload(drive(), "notes.ipynb", folder=folder.id)
download(drive(), file.id, "back.ipynb")
"""

from __future__ import annotations

from tutor.kit.services.downloading import download
from tutor.kit.services.drive_file import File, md5_of
from tutor.kit.services.sharing import Share, make_folder, share, sharing, unshare
from tutor.kit.services.uploading import upload

__all__ = ["File", "Share", "download", "make_folder", "md5_of", "share", "sharing", "unshare", "upload"]
