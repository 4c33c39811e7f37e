"""Each call of the kit to Drive, with each thing that can go wrong at each request of it: nothing is lost, nothing is there twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.kit.services.drive_world import FAULTS, PASSING, SIZE, World, made, whole_story, world
from tutor.kit.services.errors import NotSignedIn, ServiceError
from tutor.kit.services.files import download, make_folder, share, sharing, unshare, upload

Run = Callable[[], None]
REQUESTS = {"upload": 6, "download": 4, "make_folder": 3, "share": 2, "sharing": 1, "unshare": 2}
"""How many each of them makes when all goes well."""


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as made_world:
        yield made_world


def prepared(call: str, one: World, folder: Path, name: str) -> tuple[Run, Run]:
    """The call, and a look whether all is as it should be after it went well."""
    one.service.faults.clear()
    source, drive, patience = folder / name, one.drive, one.patience
    if call == "upload":
        source.write_bytes(made(name))
        return lambda: _ignore(upload(drive, source, patience=patience)), lambda: uploaded(one, name)
    if call == "make_folder":
        return lambda: _ignore(make_folder(drive, name, patience=patience)), lambda: there_once(one, name)
    source.write_bytes(made(name, SIZE if call == "download" else 10))
    file = upload(drive, source)
    back = folder / "back"
    if call == "download":
        return (
            lambda: _ignore(download(drive, file.id, back, patience=patience)),
            lambda: _same(back.read_bytes(), source.read_bytes()),
        )
    if call == "share":
        return (
            lambda: _ignore(share(drive, file.id, email="a@example.com", patience=patience)),
            lambda: _same(len(sharing(drive, file.id)), 2),
        )
    given = share(drive, file.id)
    if call == "sharing":
        return lambda: _same(len(sharing(drive, file.id, patience=patience)), 2), lambda: None
    return (
        lambda: unshare(drive, file.id, given.id, patience=patience),
        lambda: _same([each.role for each in sharing(drive, file.id)], ["owner"]),
    )


def uploaded(one: World, name: str) -> None:
    (file_id,) = one.names(name)
    assert one.content(file_id) == made(name)


def there_once(one: World, name: str) -> None:
    assert len(one.names(name)) == 1


def _same(found: object, wanted: object) -> None:
    assert found == wanted


def _ignore(_: object) -> None:
    return None


@pytest.mark.parametrize("fault", [name for name in FAULTS if name not in ("403-off", "403-box", "410")])
@pytest.mark.parametrize("call", REQUESTS)
def test_whatever_goes_wrong_nothing_is_lost_or_doubled(
    one: World, tmp_path: Path, call: str, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stories = []
    for number in range(REQUESTS[call]):
        folder = tmp_path / str(number)
        folder.mkdir()
        run, look = prepared(call, one, folder, f"{call}-{number}-{fault}")
        one.slept.clear()
        one.plan(fault, after=number)
        story = ""
        try:
            run()
        except ServiceError as error:
            story = whole_story(error)
        assert fault not in PASSING or not story, f"request {number}: {story}"
        assert one.service.faults.met, f"request {number} was not made"
        assert fault != "429" or max(one.slept) >= 7
        one.service.faults.clear()
        if story:
            run()
        look()
        stories.append(story)
    printed = capsys.readouterr()
    one.check_secrets(tmp_path, *stories, printed.out, printed.err)


WORDS = {
    "401": "does not accept the sign-in",
    "403-box": "left unticked",
    "403-full": "Drive is full",
    "403-off": "switched off in your Google Cloud project",
    "403-rate": "wants fewer requests",
    "403-rights": "does not allow this",
    "404": "shows this application no",
    "409": "another file under the identifier",
    "429": "Wait 7 s",
    "500": "a fault of its own",
    "502": r"a fault of its own just now \(502\)",
    "page": "Something else answered in Google's place",
    "reset": "the connection was cut",
}


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"slow"}))
@pytest.mark.parametrize("call", REQUESTS)
def test_what_does_not_pass_is_told_in_plain_words(
    one: World, tmp_path: Path, call: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one, "attempts", 2)
    run, _ = prepared(call, one, tmp_path, f"told-{call}-{fault}")
    one.plan(fault, times=1000)
    for language in ("en", "zh"):
        monkeypatch.setenv("TUTOR_LANG", language)
        with pytest.raises(ServiceError) as caught:
            run()
        text = str(caught.value)
        assert language == "zh" or re.search(WORDS.get(fault, "."), text), text
        assert isinstance(caught.value, NotSignedIn) is (fault == "401")
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text) is (language == "zh"), text
        for foreign in ("HttpError", "http://", "https://", "{", "}", "<", "Error(", "Retry-After", "Traceback"):
            assert foreign not in text
        assert 20 <= len(text) <= 320
        one.check_secrets(tmp_path, whole_story(caught.value))
    one.service.faults.clear()
