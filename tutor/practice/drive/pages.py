"""Where a link to a file of the practice Drive leads in a browser."""

from __future__ import annotations

from tornado.web import RequestHandler

from tutor.practice.handler import PRACTICE_HEADER


class Page(RequestHandler):
    """Says what this is; the files themselves need a token."""

    def get(self, file_id: str) -> None:
        """The same for each of them."""
        del file_id
        self.set_header(PRACTICE_HEADER, "1")
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("Practice, not Google Drive: this file is kept on your own computer.\n")
