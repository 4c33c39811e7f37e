"""Downloads one archive: with limits on connecting and on silence, going on where an earlier try stopped, whole or not at all."""

from __future__ import annotations

import hashlib
import http.client
import socket
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from tutor.kit.data.errors import DataError
from tutor.kit.live import Progress
from tutor.kit.loopback import is_loopback
from tutor.kit.words import speak

CONNECT_SECONDS = 5.0
SILENCE_SECONDS = 30.0
"""Without a single byte."""
CHUNK = 1 << 16
MEGABYTE = 1_000_000
FAILURES = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError, ValueError)
"""The last: of an address that is none."""

_FAILED = {
    "en": "{name} could not be downloaded:\n{reasons}",
    "zh": "{name} 没有下载成功：\n{reasons}",
}
_DAMAGED = {
    "en": "what came is not the file that torchvision knows (MD5 {found}, expected {expected})",
    "zh": "下载到的文件和 torchvision 登记的不一致（MD5 {found}，应为 {expected}）",
}
_SILENT = {
    "en": "no answer for {seconds:.0f} seconds",
    "zh": "{seconds:.0f} 秒没有回应",
}
_NOT_FOUND = {
    "en": "the name was not found, as without a network",
    "zh": "查不到这个域名，可能没有联网",
}
_REFUSED = {
    "en": "the connection was refused",
    "zh": "连接被拒绝",
}
_NO_ADDRESS = {
    "en": "the address is none",
    "zh": "地址的写法不对",
}
_CUT = {
    "en": "the connection ended {missing:,} bytes too early; another try goes on there",
    "zh": "连接提前断开，还差 {missing:,} 字节；再试一次会接着下载",
}


class _Damaged(Exception):
    """The checksum is another one."""


def fetch(urls: Sequence[str], target: Path, md5: str, silent: set[str]) -> None:
    """Download the file from the first address that gives it.

    What came is kept beside `target` until it is whole, so that another try goes on there.

    Args:
        urls: addresses of the same file, tried in this order.
        target: gets the file once its checksum is right; its folder is made.
        md5: hexadecimal, of the whole file.
        silent: hosts that are not asked, since they did not answer; those that do not now are added.

    Raises:
        DataError: none gave it, each with its reason.
        OSError: it cannot be written.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    reasons = []
    with part.open("ab") as file:
        for url in urls:
            host = _host(url)
            if host in silent:
                continue
            try:
                _fetch_whole(url, file, part, md5)
            except (_Damaged, *FAILURES) as error:
                if isinstance(_inner(error), TimeoutError):
                    silent.add(host)
                reasons.append(f"  {host}: {_reason(error)}")
            else:
                part.replace(target)
                return
        if not part.stat().st_size:
            part.unlink()
    raise DataError(speak(_FAILED, name=target.name, reasons="\n".join(reasons)))


def _fetch_whole(url: str, file: IO[bytes], part: Path, md5: str) -> None:
    """Bring the file to its end. If what was there before was of another file, begin once more."""
    began = part.stat().st_size
    _fetch_rest(url, file, part)
    found = md5_of(part)
    if found != md5 and began:
        file.truncate(0)
        _fetch_rest(url, file, part)
        found = md5_of(part)
    if found != md5:
        file.truncate(0)
        raise _Damaged(speak(_DAMAGED, found=found, expected=md5))


def _fetch_rest(url: str, file: IO[bytes], part: Path) -> None:
    there = part.stat().st_size
    wanted = {"User-Agent": "tutor"} | ({"Range": f"bytes={there}-"} if there else {})
    try:
        answer = _opener(url).open(urllib.request.Request(url, headers=wanted))  # noqa: S310 - http or https, see `real`
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:  # all of it is there already
            return
        raise
    with answer:
        if answer.status != http.HTTPStatus.PARTIAL_CONTENT:
            file.truncate(0)
            there = 0
        total = None if answer.length is None else there + answer.length
        with _progress(part, total) as live:
            try:
                while chunk := answer.read1(CHUNK):
                    file.write(chunk)
                    there += len(chunk)
                    live.update(round(there / MEGABYTE, 1))
            finally:
                file.flush()  # the next address goes on there
            if total is not None and there < total:
                raise ConnectionError(speak(_CUT, missing=total - there))


def _progress(part: Path, total: int | None) -> Progress:
    megabytes = None if total is None else round(total / MEGABYTE, 1)
    return Progress(megabytes, unit="MB", title=part.name.removesuffix(".part"))


def md5_of(path: Path) -> str:
    """The checksum of the file as hexadecimal; it guards against damage, not against forgery."""
    digest = hashlib.new("md5", usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _host(url: str) -> str:
    try:
        return urllib.parse.urlsplit(url).hostname or "?"
    except ValueError:
        return "?"


def _inner(error: Exception) -> object:
    """What urllib has wrapped."""
    if isinstance(error, urllib.error.URLError) and not isinstance(error, urllib.error.HTTPError):
        return error.reason
    return error


def _reason(error: Exception) -> str:
    inner = _inner(error)
    if isinstance(inner, TimeoutError):
        return speak(_SILENT, seconds=SILENCE_SECONDS if inner is error else CONNECT_SECONDS)
    if isinstance(inner, socket.gaierror):
        return speak(_NOT_FOUND)
    if isinstance(inner, ConnectionRefusedError):
        return speak(_REFUSED)
    if isinstance(inner, ValueError | http.client.InvalidURL):  # it may hold what was in the address
        return speak(_NO_ADDRESS)
    return str(inner).rstrip(".") or type(inner).__name__


class _HTTPConnection(http.client.HTTPConnection):
    def connect(self) -> None:
        self.timeout = CONNECT_SECONDS
        super().connect()
        self.sock.settimeout(SILENCE_SECONDS)


class _HTTPSConnection(http.client.HTTPSConnection):
    def connect(self) -> None:
        self.timeout = CONNECT_SECONDS
        super().connect()
        self.sock.settimeout(SILENCE_SECONDS)


class _HTTPHandler(urllib.request.HTTPHandler):
    def http_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(_HTTPConnection, request)


class _HTTPSHandler(urllib.request.HTTPSHandler):
    def https_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(_HTTPSConnection, request)


def _opener(url: str) -> urllib.request.OpenerDirector:
    # This computer itself is never reached by way of a proxy.
    direct = [urllib.request.ProxyHandler({})] if is_loopback(url) else []
    return urllib.request.build_opener(_HTTPHandler, _HTTPSHandler, *direct)
