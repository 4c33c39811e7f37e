"""Steps at the stand-ins, with the real program, kernel and clients; and that no credential is left anywhere."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.support import Ran, step, trusted, tutor, write_lesson

pytestmark = pytest.mark.kernel

HANDS = (
    """\
## By hand on GitHub {#github-hand needs="account:github"}
- [ ] make a file

```python practice
repository = by_hand.get_user().get_repo("gpu-notes")
repository.create_file("hand.txt", "by hand", "hello")
```
```python check
from tutor.kit.services import github
# the file is there
assert github().get_user().get_repo("gpu-notes").get_contents("hand.txt").decoded_content == b"hello"
assert "by_hand" not in globals()
```

## By hand on Drive {#drive-hand needs="account:google"}
- [ ] make a file

```python practice
by_hand.files().create(body={"name": "mine.ipynb"}).execute()
```
```python check
from tutor.kit.services import drive
# the client does not see it
assert drive().files().list(fields="files(name)").execute()["files"] == []
```

## Hands without an account {#no-account}
- [ ] make a file

```python practice
made = 1
```
```python check
assert made == 1
```

"""
    + step(
        "drive",
        'from tutor.kit.services import drive\nmade = drive().files().create(body={"name": "own"}).execute()',
        attributes='needs="account:google"',
    )
    + step("command", "kaggle datasets list -s garments", language="bash", attributes='needs="account:kaggle"')
    + step("prints", "import os\nos.environ['GITHUB_TOKEN']", attributes='needs="account:github"')
    + step(
        "nothing",
        "[name for name in os.environ if 'TOKEN' in name or 'KAGGLE_' in name or name == 'GITHUB_API_URL']",
        "assert result.value == []",
    )
)


@pytest.fixture
def hands(lessons: Path) -> Path:
    write_lesson(lessons, "hands", HANDS)
    trusted(lessons)
    return lessons


def verdicts(ran: Ran) -> Iterator[tuple[str, str, bool]]:
    return (
        (event["step"], event["verdict"], event["practice"])
        for event in ran.events
        if event["event"] == "step_finished"
    )


@pytest.mark.parametrize(
    "proxy",
    [
        {},
        {"HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"},
        {"all_proxy": "socks5h://127.0.0.1:9", "no_proxy": "example.org"},
    ],
    ids=["direct", "http-proxy", "socks-proxy"],
)
def test_a_whole_lesson_is_rehearsed_whatever_proxy_there_is(
    hands: Path, tutor_home: Path, proxy: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in proxy.items():
        monkeypatch.setenv(name, value)
    ran = tutor("run", "hands", "--practice", "--json")
    practised = dict.fromkeys(("github-hand", "drive-hand", "no-account", "drive", "command", "prints"), True)
    wanted = [(name, "passed", practice) for name, practice in (practised | {"nothing": False}).items()]
    assert list(verdicts(ran)) == wanted, ran.err
    assert ran.code == 0
    assert "practice-data/tiny-garments" in ran.printed("command")
    assert "{{GITHUB_TOKEN}}" in ran.out
    seen = (
        ran.out
        + ran.err
        + "".join(file.read_bytes().decode("utf-8", "replace") for file in tutor_home.rglob("*") if file.is_file())
    )
    assert re.findall(r"github_pat_\w{20}|ya29\.\w{10}|KGAT_\w{16}", seen) == []
    assert not list(tutor_home.rglob("state.json")), "headless, practice leaves nothing"


def test_practice_moves_no_live_step(hands: Path, tutor_home: Path) -> None:
    ran = tutor("run", "hands#github-hand", "--practice", "--json")
    assert list(verdicts(ran)) == [("github-hand", "passed", True)]
    (row,) = (one for one in json.loads(tutor("list", "--json").out) if one["id"] == "hands")
    assert (row["passed"], row["state"]) == (0, "new")
    with sqlite3.connect(tutor_home / "tutor.db") as connection:
        rows = connection.execute("SELECT step, practice, state FROM step").fetchall()
    assert rows == [("github-hand", 1, "passed")]


def test_without_an_account_it_could_not_be_checked_and_the_way_is_said(hands: Path) -> None:
    ran = tutor("run", "hands#drive", "hands#nothing", "--json")
    assert ran.code == 3 or ran.finished("nothing")["verdict"] == "not_yet"
    finished = ran.finished("drive")
    assert (finished["verdict"], finished["practice"]) == ("could_not_check", False)
    assert "account" in finished["reason"]


def test_a_credential_of_the_shell_reaches_only_the_steps_that_need_it(lessons: Path) -> None:
    code = (
        "import os\nos.environ.get('GITHUB_TOKEN'), os.environ.get('KAGGLE_KEY'), os.environ.get('TUTOR_DRIVE_TOKEN')"
    )
    write_lesson(lessons, "looks", step("look", code, "assert result.value == (None, None, None)"))
    trusted(lessons)
    secret = "something-secret"
    ran = tutor("run", "looks", GITHUB_TOKEN=secret, KAGGLE_KEY=secret, TUTOR_DRIVE_TOKEN=secret)
    assert ran.code == 0, ran.out


def test_nobody_answers_at_the_address_so_it_could_not_be_checked(hands: Path) -> None:
    token = "ghp_" + "a" * 36
    ran = tutor("run", "hands#prints", "--json", GITHUB_TOKEN=token, GITHUB_API_URL="http://127.0.0.1:9")
    finished = ran.finished("prints")
    assert (ran.code, finished["verdict"]) == (3, "could_not_check")
    assert token not in ran.out + ran.err
    assert finished["reason"]
