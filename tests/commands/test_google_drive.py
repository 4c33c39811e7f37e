"""The lesson `google-drive` in practice, under the hands of a learner: what is right passes, also twice, and what is not has its hint.

Whether a line passes is asked of the service in the lesson; here the service itself is looked into.
"""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.commands.slips import Slips, all_odd_slips, english_hint, ignore, shipped, task_of
from tests.runtime.kernels import make_runtime, printed
from tutor.commands.driver import Driver, Manner
from tutor.kit.loopback import straight
from tutor.kit.services.person import person
from tutor.practice.drive.service import Drive
from tutor.practice.faults import Fault, Kind
from tutor.progress.model import Verdict
from tutor.session import commands as ask
from tutor.session.accounts import NoAccounts, Signed
from tutor.session.events import Event, Outcome, OutputChanged
from tutor.session.keeper import Keep
from tutor.session.runtimes import Runtimes

pytestmark = pytest.mark.kernel

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])
Do = Callable[[str, ask.Command], Coroutine[None, None, Outcome]]
READER = {"drive_reader": "friend@example.com"}

_TYPE = " and mimeType = '{FOLDER}'"
_TRASHED = " and trashed = false"
FOLDER: Slips = {
    ("", ""): "If it finds a file",
    (_TYPE, ""): "If it finds a file",
    (_TRASHED, ""): "If it finds what lies in the trash",
    (_TRASHED, " or trashed = false"): "If it finds",
    (_TRASHED, " and trashed = 'false'"): "If Drive cannot read the query",
    ("'{FOLDER}'", "{FOLDER}"): "If Drive cannot read the query",
    ('if answer["files"]:', "if False:"): "If another folder came",
    ('NAME = "tutor-drive"', 'NAME = "mine"'): "If another folder came",
}
_READ = "        while piece := file.read(1 << 20):\n            md5.update(piece)\n"
FINGERPRINT: Slips = {
    ("", ""): "If two files look the same",
    ("file.read(1 << 20)", "file.read()"): "If it takes too much memory",
    ("md5.update(piece)", "md5 = hashlib.md5(piece)"): "If it is not the MD5",
    (_READ, "        md5.update(file.read(1 << 20))\n"): "If it is not the MD5",
    (_READ, "        md5.update(str(path).encode())\n"): "If it is not the MD5",
    ("hashlib.md5()", "hashlib.sha256()"): "If it is not the MD5",
    ("md5.hexdigest()", "md5.digest()"): "If it is not the MD5",
    ('"rb"', '"r"'): "If Python wants bytes",
}
SHARE: Slips = {
    ("", ""): "If Drive asks for a field",
    ('"user"', '"anyone"'): "If it was for more than one person",
    ('"user"', '"group"'): "If it was for more than one person",
    ('"reader"', '"writer"'): "If it is another right",
    ('"reader"', '"commenter"'): "If it is another right",
    ('"reader"', '"owner"'): "If it is another right",
    ("permissionId=permission\n    ).execute()", "permissionId=permission\n    )"): "If somebody is left",
}
DIGEST = """import hashlib
def fingerprint(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()
"""
ELSEWHERE = """from tutor.kit.services import drive
service = drive()
service.files().update(fileId=notebook, addParents="root", removeParents=folder).execute()
"""


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drive]:
    """The stand-in; what the kit remembers of uploads goes into the test's folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    service = Drive(tmp_path / "drive")
    yield service
    service.close()


class Rehearsing(NoAccounts):
    """Signs in at one stand-in, with the rights of the application or of the person."""

    def __init__(self, drive: Drive) -> None:
        self._drive = drive
        self.sees_all = False

    async def sign_in(self, service: str, *, practice: bool) -> Signed:
        assert (service, practice) == ("google", True)
        lent = self._drive.lent()
        environment = {**lent.environment, **straight(os.environ)}
        if self.sees_all:
            environment["TUTOR_DRIVE_TOKEN"] = lent.by_hand["token"]
        return Signed(environment, lent.by_hand)


def manner(accounts: NoAccounts) -> Manner:
    return Manner(practice=True, accounts=accounts, given=READER)


@asynccontextmanager
async def learner(
    language: str, folder: Path, accounts: NoAccounts, on_event: Callable[[Event], None] = ignore
) -> AsyncIterator[Do]:
    """Somebody in the lesson, whose commands end in an outcome."""
    runtimes = Runtimes("local", lambda name: make_runtime(folder))
    lesson = shipped("google-drive", language)
    try:
        async with Driver(
            lesson, runtimes, store=None, keep=Keep.GOOD_RUNS, on_event=on_event, manner=manner(accounts)
        ) as driver:
            yield driver.step
    finally:
        await runtimes.aclose()


def there(drive: Drive) -> list[Mapping[str, Any]]:
    """All that the person sees on Drive."""
    shown = "files(id,name,mimeType,permissions(type,role))"
    with person(**drive.lent().by_hand) as by_hand:
        files: list[Mapping[str, Any]] = by_hand.files().list(fields=shown, pageSize=1000).execute()["files"]
    return files


def by_hand(drive: Drive, file_id: str, **change: Any) -> None:
    """Change a file as the person; with nothing to change it is deleted."""
    with person(**drive.lent().by_hand) as client:
        files = client.files()
        (files.update(fileId=file_id, body=change) if change else files.delete(fileId=file_id)).execute()


def names(drive: Drive) -> list[str]:
    return sorted(each["name"] for each in there(drive))


@LANGUAGES
async def test_each_usual_slip_is_not_yet_and_has_its_hint(language: str, tmp_path: Path, drive: Drive) -> None:
    lesson = shipped("google-drive", language)
    before = {"folder": ask.Run(task_of(lesson, "folder").solution), "notebook": ask.Run()}
    slips = {"folder": FOLDER, "fingerprint": FINGERPRINT, "share": SHARE}
    if language == "zh":  # one for each hint
        slips = {
            step: {slip: hint for hint, slip in {hint: slip for slip, hint in each.items()}.items()}
            for step, each in slips.items()
        }
    odd = await all_odd_slips(lesson, slips, tmp_path, before=before, manner=manner(Rehearsing(drive)))
    assert odd == {step: [] for step in odd}
    # Nothing is left of what the checks did: neither of their own files, nor a right that was given.
    assert "text/plain" not in {each["mimeType"] for each in there(drive)}
    assert [len(each["permissions"]) for each in there(drive)] == [1] * len(there(drive))


async def test_done_twice_everything_is_there_once(tmp_path: Path, drive: Drive) -> None:
    lesson = shipped("google-drive", "zh")
    accounts = Rehearsing(drive)
    said: dict[str, str] = {}

    def hear(event: Event) -> None:
        if isinstance(event, OutputChanged):
            said[event.step_id] = printed(event.log)

    async with learner("zh", tmp_path, accounts, hear) as step:
        for _ in range(2):
            for step_id, command in {
                "connect": ask.Run(),
                "folder": ask.Run(task_of(lesson, "folder").solution),
                "notebook": ask.Run(),
                "fingerprint": ask.Run(DIGEST),
                "upload": ask.Run(),
                "rename": ask.Run(),
                "share": ask.Run(task_of(lesson, "share").solution),
                "by-hand": ask.Run(),
            }.items():
                outcome = await step(step_id, command)
                assert outcome.verdict is Verdict.PASSED, (step_id, outcome)
                if step_id == "connect":
                    before, after = re.findall(r"：\s*(\d+)$", said["connect"], re.MULTILINE)
                    assert int(after) == int(before) + 1, "it sees what it made itself"
        assert names(drive) == [
            *("hello-drive.ipynb", "labels.csv", "made-by-hand.ipynb", "notes.md", "tutor-drive", "weights.bin")
        ]
        ids = {each["name"]: each["id"] for each in there(drive)}
        assert ids["made-by-hand.ipynb"] in said["by-hand"], "in practice its address is printed"
        for address in (
            "{}",
            "https://colab.research.google.com/drive/{}?authuser=0#scrollTo=x",
            "https://drive.google.com/file/d/{}/view",
        ):
            outcome = await step("not-seen", ask.Answer((address.format(ids["made-by-hand.ipynb"]),)))
            assert outcome.verdict is Verdict.PASSED, outcome
        outcome = await step("not-seen", ask.Answer((ids["hello-drive.ipynb"],)))
        assert outcome.verdict is Verdict.NOT_YET
        assert "If it answers with a name" in english_hint(lesson, "not-seen", outcome.hint)
        outcome = await step("not-seen", ask.Answer(("made-by-hand.ipynb",)))
        assert outcome.verdict is Verdict.NOT_YET

        # With more rights than the lesson asks for, what was made by hand is seen.
        accounts.sees_all = True
        more: Mapping[str, tuple[ask.Command, str]] = {
            "by-hand": (ask.Run(), "has more rights than `drive.file`"),
            "not-seen": (ask.Answer((ids["made-by-hand.ipynb"],)), "If it answers with a name"),
        }
        for step_id, (again, hint) in more.items():
            outcome = await step(step_id, again)
            assert outcome.verdict is Verdict.NOT_YET
            assert hint in english_hint(lesson, step_id, outcome.hint)


@LANGUAGES
async def test_what_went_wrong_on_drive_is_found_and_told(language: str, tmp_path: Path, drive: Drive) -> None:
    lesson = shipped("google-drive", language)

    async with learner(language, tmp_path, Rehearsing(drive)) as step:

        async def misses(step_id: str, command: ask.Command, hint: str) -> None:
            outcome = await step(step_id, command)
            assert outcome.verdict is Verdict.NOT_YET, (step_id, outcome)
            assert hint in english_hint(lesson, step_id, outcome.hint), outcome.hint

        await misses("notebook", ask.Run(), "If the folder is not there")
        sizes = await step("fingerprint", ask.Run(task_of(lesson, "fingerprint").starter))
        told = [(line.label, line.expected) for line in sizes.lines if line.expected and len(line.expected) != 34]
        assert told == [], "expected is an MD5, or nothing"
        await step("folder", ask.Run(task_of(lesson, "folder").solution))
        assert (await step("notebook", ask.Run())).verdict is Verdict.PASSED
        await step("upload", ask.Run())
        ids = {each["name"]: each["id"] for each in there(drive)}

        by_hand(drive, ids["Untitled0.ipynb"], name="renamed.ipynb")
        await misses("rename", ask.Run("before = {'id': notebook, 'webViewLink': ''}"), "If something else is there")
        by_hand(drive, ids["labels.csv"], trashed=True)
        await misses("upload", ask.Check(), "If a file differs")
        assert (await step("upload", ask.Run())).verdict is Verdict.PASSED
        await misses("upload", ask.Run("Path('back/notes.md').write_text('# Other')"), "If a file differs")
        await misses("notebook", ask.Run(ELSEWHERE), "If it is another file")
        by_hand(drive, ids["Untitled0.ipynb"])
        await misses("share", ask.Run(task_of(lesson, "share").solution), "If the notebook is not there")
        await misses("by-hand", ask.Run(), "If its own notebook is not found")

        drive.set_quota(1000)
        await misses(
            "upload", ask.Run("upload(drive(), 'data/weights.bin', name='w', folder=folder)"), "If Drive is full"
        )
        drive.enable_api(False)
        await misses("connect", ask.Run(), "If Drive's API is not switched on")
        drive.enable_api(True)
        drive.faults.plan(Fault(Kind.STATUS, 401), path="/about")
        await misses("connect", ask.Run(), "If Google refuses the key")
