"""The way to a token, as a learner goes it, with every wrong turn."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.accounts.github.test_account import NOTES, account, program
from tutor.accounts.github import asking
from tutor.accounts.github.addresses import Addresses
from tutor.accounts.github.shapes import Shape, bare, shape_of
from tutor.accounts.model import Ask, Checked, Guide, Source
from tutor.i18n import Words
from tutor.practice.faults import Fault, Kind
from tutor.practice.github.service import GitHub
from tutor.practice.github.tokens import APPLICATION, Grant

WHOLE = "github_pat_" + "1A" * 11 + "_" + "b3" * 29 + "c"


def token(service: GitHub, **changes: object) -> str:
    grant = replace(APPLICATION, repositories=["gpu-notes"], expires=time.time() + 30 * 86400)
    return service.token_for("guided", replace(grant, **changes))  # type: ignore[arg-type]


def at_token(guide: Guide, repository: str = NOTES) -> Guide:
    """The step at which the token is pasted."""
    for answer in ("token", repository, ""):
        checked = guide.answer(answer)
        assert checked.done, checked
    assert guide.step is not None
    assert guide.step.id == "token"
    return guide


def wrong(checked: Checked) -> str:
    assert not checked.done
    assert checked.said
    return next(text for is_well, text in checked.said if not is_well)


def test_the_whole_way(service: GitHub, tmp_path: Path) -> None:
    here = account(service, tmp_path)
    guide = here.guide()
    seen = []
    for answer in ("token", f"{service.root}/{NOTES}.git", "", f'  export GITHUB_TOKEN="{token(service)}"\n'):
        step = guide.step
        assert step is not None
        assert step.title
        assert step.text
        seen.append((step.id, step.ask, guide.place))
        checked = guide.answer(answer)
        assert checked.done, checked
        assert all(is_well for is_well, _ in checked.said), checked
    assert seen == [
        ("way", Ask.CHOICE, (1, 4)),
        ("repository", Ask.TEXT, (2, 4)),
        ("page", Ask.NOTHING, (3, 4)),
        ("token", Ask.SECRET, (4, 4)),
    ]
    assert guide.step is None
    told = [text for _, text in checked.said]
    assert told[0] == "GitHub accepts it. It belongs to practice-learner."
    assert told[1:3] == [f"It may write files to {NOTES}.", "It may make gists."]
    assert told[3].startswith("It ends on 20")
    assert told[4].endswith("readable for you alone.")
    found = here.find()
    assert found is not None
    assert found.source is Source.OURS
    assert here.verify(found).rights == (f"Contents of {NOTES}: read and write",)
    guide.close()
    guide.close()


def test_trying_it_out_leaves_no_trace(service: GitHub, tmp_path: Path) -> None:
    before = [path for path in (tmp_path / "practice").rglob("refs/**/*") if path.is_file()]
    heads = [path.read_text() for path in before]
    assert at_token(account(service, tmp_path).guide()).answer(token(service)).done
    after = [path for path in (tmp_path / "practice").rglob("refs/**/*") if path.is_file()]
    assert [path.read_text() for path in after] == heads
    assert not (tmp_path / "practice/gists").exists()


def test_each_page_has_its_address(tmp_path: Path) -> None:
    guide = account(None, tmp_path).guide()
    guide._at = 1  # type: ignore[attr-defined]  # the steps before ask the network
    urls = []
    for _ in range(3):
        assert guide.step is not None
        urls.append(guide.step.url)
        guide._at += 1  # type: ignore[attr-defined]
    page = "https://github.com/settings/personal-access-tokens/new"
    assert urls == ["https://github.com/new", page, page]


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        ("", "Nothing was pasted"),
        (WHOLE[:60], "it has 60 characters"),
        (WHOLE[:40] + " " + WHOLE[40:], "not a whole token"),
        ("•••••••••", "the dots"),
        ("gho_" + "a1" * 18, "gave to a program"),
        ("KGAT_" + "a1" * 18, "another service"),
        ("ssh-ed25519 AAAA me@here", "a key for ssh"),
        ("https://github.com/settings/tokens", "an address"),
        ("hunter2", "A password does not work"),
        ("github_pat_" + "é" * 82, "not a whole token"),
    ],
)
def test_what_is_no_token_is_told_and_not_sent(
    service: GitHub, tmp_path: Path, pasted: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = at_token(account(service, tmp_path).guide())
    monkeypatch.setattr(asking.Asker, "_once", None)
    said = wrong(guide.answer(pasted))
    assert told in said
    assert not pasted or pasted not in said
    assert guide.step is not None


@pytest.mark.parametrize("around", ["{}", " {}\n", '"{}"', "export GITHUB_TOKEN={}", "GITHUB_TOKEN='{}'", "“{}”"])
def test_what_stands_around_a_token_is_taken_away(around: str) -> None:
    assert bare(around.format(WHOLE)) == WHOLE
    assert shape_of(WHOLE) is Shape.FINE_GRAINED
    assert shape_of("ghp_" + "a1" * 18) is Shape.CLASSIC


def test_a_token_that_is_refused(service: GitHub, tmp_path: Path) -> None:
    guide = at_token(account(service, tmp_path).guide())
    assert "has expired, was revoked, or is not whole" in wrong(guide.answer(WHOLE))
    # The next one is right.
    assert guide.answer(token(service)).done


def test_rights_that_are_missing(service: GitHub, tmp_path: Path) -> None:
    service.add_repository("hidden", private=True)
    guide = at_token(account(service, tmp_path).guide())
    read = token(service, permissions={"metadata": "read", "contents": "read"})
    assert f"may read {NOTES} and not write" in wrong(guide.answer(read))
    other = token(service, repositories=["hidden"])
    assert "and not write" in wrong(guide.answer(other))
    guide.back()
    guide.back()
    assert guide.step is not None
    assert (guide.step.id, guide.step.default) == ("repository", NOTES)
    assert guide.answer("practice-learner/hidden").said == (
        (True, "practice-learner/hidden is not public, or there is none of that name. The token will tell."),
    )
    guide.answer("")
    assert "does not see practice-learner/hidden" in wrong(guide.answer(token(service, repositories=["gpu-notes"])))
    assert guide.answer(token(service, repositories=["hidden"])).done


def test_without_gists_it_is_connected_and_told(service: GitHub, tmp_path: Path) -> None:
    guide = at_token(account(service, tmp_path).guide())
    checked = guide.answer(token(service, permissions={"metadata": "read", "contents": "write"}, expires=None))
    assert checked.done
    assert [text[:24] for is_well, text in checked.said if not is_well] == [
        "It may not make gists. O",
        "This token has no end. O",
    ]


def test_into_an_empty_repository(service: GitHub, tmp_path: Path) -> None:
    service.add_repository("empty", readme=False)
    guide = at_token(account(service, tmp_path).guide(), "practice-learner/empty")
    assert guide.answer(token(service, repositories=["empty"])).done


def test_a_classic_token_is_taken_with_a_word(service: GitHub, tmp_path: Path) -> None:
    classic = service.token_for("classic", Grant(scopes=["public_repo", "gist"]))
    checked = at_token(account(service, tmp_path).guide()).answer(classic)
    assert checked.done
    assert any("classic token" in text for is_well, text in checked.said if not is_well)


def test_a_repository_with_a_new_name(service: GitHub, tmp_path: Path) -> None:
    from tutor.kit.services.clients import github_at

    person = github_at(service.root, service.lent().by_hand["token"])
    person.get_repo(NOTES).edit(name="notes")
    person.close()
    guide = account(service, tmp_path).guide()
    guide.answer("token")
    assert "practice-learner/notes is there" in guide.answer(NOTES).said[0][1]


@pytest.mark.parametrize("given", ["", "gpu-notes", "a/b/c", "https://example.org/a/b", "-/x"])
def test_what_is_no_repository(service: GitHub, tmp_path: Path, given: str) -> None:
    guide = account(service, tmp_path).guide()
    guide.answer("token")
    assert "That is no repository" in wrong(guide.answer(given))


@pytest.mark.parametrize(
    "given",
    [
        "me/x",
        " me/x ",
        "https://github.com/me/x",
        "https://github.com/me/x.git",
        "git@github.com:me/x.git",
        "github.com/me/x/",
    ],
)
def test_a_repository_in_every_way_of_writing(given: str) -> None:
    assert Addresses("https://api.github.com").repository(given) == "me/x"


def test_what_is_left_while_it_is_looked_at_keeps_nothing(
    service: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = account(service, tmp_path)
    guide = at_token(here.guide())
    may_gist = asking.Asker.may_gist

    def left(asker: asking.Asker, token: str) -> bool:
        guide.close()
        return may_gist(asker, token)

    monkeypatch.setattr(asking.Asker, "may_gist", left)
    assert not guide.answer(token(service)).done
    assert here.find() is None


def test_no_way_is_none(service: GitHub, tmp_path: Path) -> None:
    guide = account(service, tmp_path).guide()
    assert not guide.answer("telepathy").done
    guide.back()
    assert guide.place == (1, 4)


@pytest.mark.parametrize(("kind", "told"), [(Kind.PAGE, "Something else answered"), (Kind.RESET, "cannot be reached")])
def test_a_network_that_does_not_work_is_told_first(service: GitHub, tmp_path: Path, kind: Kind, told: str) -> None:
    service.faults.plan(Fault(kind), times=9)
    guide = account(service, tmp_path).guide()
    assert told in wrong(guide.answer("token"))
    service.faults.clear()
    assert guide.answer("token").done


def test_a_fault_at_the_last_step_keeps_nothing_half(service: GitHub, tmp_path: Path) -> None:
    here = account(service, tmp_path)
    guide = at_token(here.guide())
    service.faults.plan(Fault(Kind.STATUS, 502), method="POST", times=9)
    assert "fault of its own" in wrong(guide.answer(token(service)))
    assert here.find() is None
    service.faults.clear()
    assert guide.answer(token(service)).done


def test_a_folder_that_cannot_be_written(service: GitHub, tmp_path: Path) -> None:
    (tmp_path / "accounts").write_text("in the way")
    pasted = token(service)
    said = wrong(at_token(account(service, tmp_path).guide()).answer(pasted))
    assert "cannot be written" in said
    assert pasted not in said


# -- gh


def test_gh_that_is_not_there_or_not_signed_in(service: GitHub, tmp_path: Path) -> None:
    guide = account(service, tmp_path).guide()
    assert guide.answer("gh").done
    assert guide.place == (2, 2)
    assert guide.step is not None
    assert guide.step.code.startswith("gh auth login --hostname 127.0.0.1")
    assert "no program gh" in wrong(guide.answer(""))
    there = account(service, tmp_path, PATH=program(tmp_path / "bin", "exit 1")).guide()
    there.answer("gh")
    assert "not signed in" in wrong(there.answer(""))


def test_the_login_of_gh_is_used_and_not_kept(service: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Addresses, "is_loopback", False)  # `gh` is asked for no address of this computer
    narrow = service.token_for("narrow", Grant(scopes=["gist"]))
    wide = service.token_for("wide", Grant(scopes=["repo", "read:org"]))
    secret = tmp_path / "login"
    path = program(tmp_path / "bin", f"cat {secret}")
    here = account(service, tmp_path, PATH=path)
    at_token(here.guide()).answer(token(service))
    guide = here.guide()
    guide.answer("gh")
    secret.write_text(narrow)
    assert "lacks the right repo" in wrong(guide.answer(""))
    secret.write_text(wide)
    checked = guide.answer("")
    assert checked.done
    assert [text[:30] for is_well, text in checked.said if not is_well] == ["gh's login may not make gists."]
    assert guide.step is None
    found = here.find()
    assert found is not None
    assert found.source is Source.TOOL, "what was kept before would have come first"
    assert not (tmp_path / "accounts/github.json").exists()
    assert os.environ.get("GITHUB_TOKEN") is None


def test_the_learners_language(service: GitHub, tmp_path: Path) -> None:
    guide = account(service, tmp_path, Words("zh")).guide()
    assert guide.step is not None
    assert guide.step.title == "怎样登录"
    assert at_token(guide).answer(token(service)).said[0] == (True, "GitHub 认可它，账号是 practice-learner。")
