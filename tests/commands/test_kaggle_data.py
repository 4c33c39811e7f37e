"""The lesson `kaggle-data` in practice, under the hands of a learner: what is right passes, also twice, and what is not has its hint."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.commands.slips import Slips, all_odd_slips, english_hint, shipped, task_of
from tests.runtime.kernels import make_runtime, printed
from tutor.commands.driver import Driver, Manner
from tutor.kit.loopback import straight
from tutor.kit.services.kaggle_command import launcher
from tutor.practice.kaggle.service import Kaggle
from tutor.progress.model import Verdict
from tutor.session import commands as ask
from tutor.session.accounts import NoAccounts, Signed
from tutor.session.events import Event, Outcome, OutputChanged
from tutor.session.keeper import Keep
from tutor.session.runtimes import Runtimes

pytestmark = pytest.mark.kernel

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])
Do = Callable[[str, ask.Command], Coroutine[None, None, Outcome]]

_KEEP = """    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text(token)
"""
KEEP: Slips = {
    ("", ""): "If it was open with the token in it",
    (_KEEP, "    file.write_text(token)\n"): "If it was open with the token in it",
    ("    file.chmod(0o600)\n", ""): "If it was open with the token in it",
    ("    file.chmod(0o600)\n    file.write_text(token)\n", "    file.write_text(token)\n    file.chmod(0o640)\n"): (
        "If mode or content is wrong|If it was open with the token in it"
    ),
    # The same by other means than a Path's: closed too late, or beside the file and moved there.
    (
        _KEEP,
        """    import os
    with open(file, "w") as opened:
        opened.write(token)
    os.chmod(file, 0o600)
""",
    ): "If it was open with the token in it",
    (
        _KEEP,
        """    import subprocess
    with open(file, "w") as opened:
        print(token, file=opened, end="")
    subprocess.run(["chmod", "600", file], check=True)
""",
    ): "If it was open with the token in it",
    (
        _KEEP,
        """    import os
    handle = os.open(file, os.O_WRONLY | os.O_CREAT)
    os.write(handle, token.encode())
    os.fchmod(handle, 0o600)
    os.close(handle)
""",
    ): "If it was open with the token in it",
    (
        _KEEP,
        """    beside = file.with_name("beside")
    beside.write_text(token)
    beside.chmod(0o600)
    beside.replace(file)
""",
    ): "If it was open with the token in it",
    (
        _KEEP,
        """    import os
    os.umask(0o077)
    with open(file, "w") as opened:
        opened.write(token)
""",
    ): "If it was open with the token in it",
    ("file.write_text(token)", 'file.write_text(f"token={token}")'): "If mode or content is wrong",
    ("file.write_text(token)", "pass"): "If mode or content is wrong",
    ("def keep(token, file)", "def keep(token, file, more)"): "If the checks cannot use your code",
}
_BODY = "return pixels.view(1, 28, 28) / 255, number"
LOAD: Slips = {
    ("", ""): "If it says `num_samples`",
    ("len(self.files)", "len(self.labels)"): "If it says `num_samples`",
    ("pixels.view(1, 28, 28)", "pixels"): "If the shape is another",
    ("pixels.view(1, 28, 28)", "pixels.view(28, 28)"): "If the shape is another",
    ("pixels.view(1, 28, 28)", "pixels.view(1, 32, 32)"): "If the shape is another",
    (" / 255", ""): "If the values are others",
    (" / 255", " / 255 / 255"): "If the values are others",
    (" / 255", " / 255 * 2 - 1"): "If the values are others",
    ("self.labels.index(path.parent.name)", "path.parent.name"): "If the labels do not fit",
    ("self.labels.index(path.parent.name)", "0"): "If the labels do not fit",
    ("self.labels.index(path.parent.name)", "self.labels.index(path.name)"): "If the labels do not fit",
    (_BODY, "return pixels.view(1, 28, 28) / 255"): "If it stops elsewhere",
    (_BODY, "pixels.view(1, 28, 28) / 255, number"): "If it stops elsewhere",
}
KEPT_OTHERWISE = [
    f"""import os, tempfile
from pathlib import Path
def keep(token, file):
{body}
mine = Path("access_token")
keep("made-up-token", mine)
"""
    for body in (
        """    file.unlink(missing_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as opened:
        opened.write(token)""",
        """    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(handle, 0o600)
    os.write(handle, token.encode())
    os.close(handle)""",
        """    file.unlink(missing_ok=True)
    before = os.umask(0o077)
    file.write_text(token)
    os.umask(before)""",
        """    with open(file, "w") as opened:
        os.chmod(file, 0o600)
        opened.write(token)""",
        """    with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False) as beside:
        beside.write(token)
    os.replace(beside.name, file)""",
    )
]
BROUGHT_BY_HAND = "mkdir -p second/datasets; cp -r data/practice-data second/datasets"
LOADED_OTHERWISE = (
    ("pixels.view(1, 28, 28) / 255", "pixels.float().reshape(28, 28).unsqueeze(0).div(255)"),
    ("number = self.labels.index(path.parent.name)", "number = torch.tensor(self.labels.index(path.parent.name))"),
)


@pytest.fixture
def kaggle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kaggle]:
    """The stand-in; and a home in which the learner has settings of their own."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    settings = tmp_path / "home" / ".kaggle" / "kaggle.json"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"path": "/mine"}', encoding="utf-8")
    service = Kaggle(tmp_path / "kaggle")
    yield service
    service.close()
    assert settings.read_text(encoding="utf-8") == '{"path": "/mine"}'


class Rehearsing(NoAccounts):
    """Signs in at one stand-in, as long as the token is right."""

    def __init__(self, kaggle: Kaggle, folder: Path) -> None:
        self._kaggle = kaggle
        folder.mkdir()
        self._path = os.pathsep.join([str(launcher(folder).parent), os.environ["PATH"]])
        self.token = kaggle.tokens.access

    async def sign_in(self, service: str, *, practice: bool) -> Signed:
        assert (service, practice) == ("kaggle", True)
        lent = self._kaggle.lent()
        return Signed(
            {**lent.environment, **straight(os.environ), "PATH": self._path, "KAGGLE_API_TOKEN": self.token},
            lent.by_hand,
        )


@asynccontextmanager
async def learner(language: str, folder: Path, accounts: Rehearsing, said: dict[str, str]) -> AsyncIterator[Do]:
    """Somebody in the lesson, whose commands end in an outcome."""

    def hear(event: Event) -> None:
        if isinstance(event, OutputChanged):
            said[event.step_id] = printed(event.log)

    runtimes = Runtimes("local", lambda name: make_runtime(folder))
    manner = Manner(practice=True, accounts=accounts)
    try:
        async with Driver(
            shipped("kaggle-data", language),
            runtimes,
            store=None,
            keep=Keep.GOOD_RUNS,
            on_event=hear,
            manner=manner,
        ) as driver:
            yield driver.step
    finally:
        await runtimes.aclose()


@LANGUAGES
async def test_each_usual_slip_is_not_yet_and_has_its_hint(language: str, tmp_path: Path) -> None:
    lesson = shipped("kaggle-data", language)
    slips = {"keep": KEEP, "load": LOAD}
    odd = await all_odd_slips(lesson, slips, tmp_path)
    assert odd == {step: [] for step in odd}


async def test_done_twice_and_otherwise_it_passes(tmp_path: Path, kaggle: Kaggle) -> None:
    lesson = shipped("kaggle-data", "zh")
    said: dict[str, str] = {}
    accounts = Rehearsing(kaggle, tmp_path / "bin")
    otherwise = task_of(lesson, "load").solution
    for piece, instead in LOADED_OTHERWISE:
        assert piece in otherwise
        otherwise = otherwise.replace(piece, instead)
    async with learner("zh", tmp_path, accounts, said) as step:
        # First a table, which has no pictures, then pictures: both are fetched, only the last one is loaded.
        todo: list[tuple[str, ask.Command]] = [
            ("find", ask.Answer(("practice-data/tea-table",))),
            ("fetch", ask.Run()),
            ("load", ask.Run(otherwise)),
            ("find", ask.Answer(("practice-data/tiny-garments",))),
            *(("leak", ask.Run()),) * 2,
            *(("keep", ask.Run(code)) for code in KEPT_OTHERWISE),
            *((step_id, ask.Run()) for step_id in ("who", "fetch", "fetch", "path")),
        ]
        for step_id, command in todo:
            outcome = await step(step_id, command)
            assert outcome.verdict is Verdict.PASSED, (step_id, outcome)
        assert "drawn 16" in said["load"]
        outcome = await step("load", ask.Run(otherwise))
        assert outcome.verdict is Verdict.PASSED, outcome
        assert " 320 " in said["load"]
    assert "practice-learner" in said["who"]
    assert "second/datasets/practice-data/tiny-garments\n" in said["path"], (
        "the question is answered by what is printed"
    )
    everything = "\n".join(said.values())
    assert accounts.token not in everything
    assert not (tmp_path / "kaggle" / "config" / "kaggle.json").exists()


@LANGUAGES
async def test_what_went_wrong_is_found_and_told(language: str, tmp_path: Path, kaggle: Kaggle) -> None:
    lesson = shipped("kaggle-data", language)
    accounts = Rehearsing(kaggle, tmp_path / "bin")
    async with learner(language, tmp_path, accounts, {}) as step:

        async def misses(step_id: str, command: ask.Command, hint: str) -> Outcome:
            outcome = await step(step_id, command)
            assert outcome.verdict is Verdict.NOT_YET, (step_id, outcome)
            assert hint in english_hint(lesson, step_id, outcome.hint), outcome
            return outcome

        await step("find", ask.Answer(("practice-data/no-such-data",)))
        await misses("look", ask.Run(), "If it says 403")
        await misses("fetch", ask.Run(), "If Kaggle does not give it")

        await step("find", ask.Answer(("practice-data/street-scenes-8k",)))
        await misses("fetch", ask.Run(), "If there is no room")

        await step("find", ask.Answer(("practice-data/tea-table",)))
        await misses(
            "look", ask.Run("mkdir -p look; echo '{}' > look/dataset-metadata.json"), "If Kaggle lists nothing"
        )
        assert (await step("fetch", ask.Run())).verdict is Verdict.PASSED
        nothing = ask.Run("mkdir -p kaggle-settings; echo '{}' > kaggle-settings/kaggle.json")
        missed = (await misses("path", nothing, "If nothing")).lines
        # It unpacked nothing: then nothing is the same as what `fetch` brought, either.
        assert [line.verdict for line in missed[-3:]] == [Verdict.NOT_YET, Verdict.NOT_YET, Verdict.PASSED]
        assert (await step("path", ask.Run(BROUGHT_BY_HAND))).verdict is Verdict.PASSED
        await misses("path", ask.Run('echo \'{"path": "second"}\' > kaggle-settings/kaggle.json'), "If it is still set")
        spoiled = "for file in data/*/*/*.csv; do echo 1 >> $file; done; echo '{}' > kaggle-settings/kaggle.json"
        await misses("path", ask.Run(spoiled), "If files differ")
        await misses("quota", ask.Run("echo GPU 1.00h"), "Run it again")
        await misses("who", ask.Run("who = 'somebody-else'"), "Run it as it stands")

        accounts.token = "KGAT_" + "0" * 32
        await misses("who", ask.Run(), "If Kaggle refuses")
        await misses("quota", ask.Run(), "If it ended with another status than 0")
