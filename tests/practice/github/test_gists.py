from __future__ import annotations

import pytest
import requests
from github import Github, GithubException, InputFileContent, UnknownObjectException

from tests.practice.github.conftest import ClientFor


def test_a_gist_is_made_read_changed_and_deleted(application: Github) -> None:
    me = application.get_user()
    made = me.create_gist(False, {"run.ipynb": InputFileContent("{}")}, "my run")
    assert [gist.id for gist in me.get_gists()] == [made.id]
    found = application.get_gist(made.id)
    assert found.files["run.ipynb"].content == "{}"
    assert found.files["run.ipynb"].language == "Jupyter Notebook"
    assert (found.public, found.description, found.owner.login) == (False, "my run", "practice-learner")
    found.edit("better", {"run.ipynb": InputFileContent("{1}", "best.ipynb"), "b.md": InputFileContent("b")})
    assert sorted(found.files) == ["b.md", "best.ipynb"]
    assert len(found.history) == 2
    found.edit(files={"b.md": None})
    assert list(application.get_gist(made.id).files) == ["best.ipynb"]
    found.delete()
    with pytest.raises(UnknownObjectException):
        application.get_gist(made.id)
    assert not list(me.get_gists())


def test_an_older_version_stays(application: Github) -> None:
    made = application.get_user().create_gist(True, {"a.txt": InputFileContent("one")})
    first = application.get_gist(made.id).history[0].version
    made.edit(files={"a.txt": InputFileContent("two")})
    old = requests.get(f"{made.url}/{first}", timeout=10).json()
    assert old["files"]["a.txt"]["content"] == "one"
    assert requests.get(old["files"]["a.txt"]["raw_url"], timeout=10).text == "one"
    assert len(requests.get(f"{made.url}/commits", timeout=10).json()) == 2


def test_a_secret_one_is_open_to_everybody_who_knows_its_address(application: Github, client_for: ClientFor) -> None:
    made = application.get_user().create_gist(False, {"a.txt": InputFileContent("open")})
    assert client_for("").get_gist(made.id).files["a.txt"].content == "open"
    assert b"open" in requests.get(made.html_url, timeout=10).content


@pytest.mark.parametrize("files", [{}, {"a.txt": InputFileContent("")}, {"a/b.txt": InputFileContent("x")}])
def test_a_gist_needs_a_file_with_something_in_it(application: Github, files: dict[str, InputFileContent]) -> None:
    with pytest.raises(GithubException) as caught:
        application.get_user().create_gist(True, files)
    assert caught.value.status == 422
    assert caught.value.data["errors"][0]["resource"] == "Gist"


def test_what_is_long_is_cut_and_raw_is_whole(application: Github) -> None:
    made = application.get_user().create_gist(True, {"a.txt": InputFileContent("x" * 1_000_010)})
    file = application.get_gist(made.id).files["a.txt"]
    assert file.raw_data["truncated"] is True
    assert len(file.content) == 1_000_000
    assert len(requests.get(file.raw_url, timeout=10).content) == 1_000_010
