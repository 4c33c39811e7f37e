from __future__ import annotations

import pytest
import requests
from github import Github, GithubException, UnknownObjectException
from github.Repository import Repository

from tutor.practice.github.service import GitHub


def test_a_repository_is_made_and_listed(person: Github) -> None:
    made = person.get_user().create_repo("my lab", description="mine", private=True, auto_init=True)
    assert made.full_name == "practice-learner/my-lab"
    assert [repository.name for repository in person.get_user().get_repos()] == ["gpu-notes", "my-lab"]
    assert [repository.name for repository in person.get_user().get_repos(visibility="public")] == ["gpu-notes"]
    readme = made.get_contents("README.md")
    assert not isinstance(readme, list)
    assert readme.decoded_content == b"# my-lab\n\nmine\n"
    assert made.permissions.push
    with pytest.raises(GithubException) as caught:
        person.get_user().create_repo("My-Lab")
    assert caught.value.status == 422
    assert caught.value.data["errors"][0]["message"] == "name already exists on this account"


def test_an_old_name_leads_to_the_new_one(service: GitHub, person: Github) -> None:
    repository = person.get_repo("practice-learner/gpu-notes")
    repository.create_file("a.txt", "first", "a")
    repository.edit(name="notes")
    found = person.get_repo("practice-learner/gpu-notes")
    assert found.full_name == "practice-learner/notes"
    old = f"{service.root}/practice-learner/gpu-notes/blob/main/a.txt"
    assert requests.get(old, timeout=10).url == old.replace("gpu-notes", "notes")
    # Until another one takes the name.
    service.add_repository("gpu-notes")
    assert person.get_repo("practice-learner/gpu-notes").id != found.id


def test_a_renamed_file_leaves_nothing_at_its_old_place(service: GitHub, notes: Repository) -> None:
    made = notes.create_file("old.ipynb", "first", "{}")["content"]
    assert requests.get(made.html_url, timeout=10).ok
    notes.create_file("new.ipynb", "copy", "{}")
    notes.delete_file("old.ipynb", "rename", made.sha)
    assert requests.get(made.html_url, timeout=10).status_code == 404
    new = notes.get_contents("new.ipynb")
    assert not isinstance(new, list)
    assert b"not github.com" in requests.get(new.html_url, timeout=10).content


def test_a_deleted_one_is_gone(person: Github) -> None:
    person.get_repo("practice-learner/gpu-notes").delete()
    with pytest.raises(UnknownObjectException):
        person.get_repo("practice-learner/gpu-notes")


def test_history_comes_in_pages(service: GitHub, notes: Repository) -> None:
    for number in range(7):
        notes.create_file(f"{number}.txt", f"number {number}", "")
    url = f"{service.root}/repos/practice-learner/gpu-notes/commits?per_page=3"
    first = requests.get(url, timeout=10)
    assert sorted(first.links) == ["last", "next"]
    middle = requests.get(first.links["next"]["url"], timeout=10)
    assert sorted(middle.links) == ["first", "last", "next", "prev"]
    last = requests.get(first.links["last"]["url"], timeout=10)
    assert sorted(last.links) == ["first", "prev"]
    shown = [each["commit"]["message"] for page in (first, middle, last) for each in page.json()]
    assert shown == [f"number {number}" for number in range(6, -1, -1)] + ["Initial commit"]
    assert [commit.commit.message for commit in notes.get_commits()] == shown
    assert [commit.commit.message for commit in notes.get_commits(author="practice-learner")] == shown
    assert not list(notes.get_commits(author="somebody-else"))


def test_a_commit_shows_what_it_changed(notes: Repository) -> None:
    first = notes.create_file("a.txt", "first", "one\ntwo\n")
    second = notes.update_file("a.txt", "second", "one\n2\n", first["content"].sha)
    commit = notes.get_commit(second["commit"].sha[:10])
    assert [(file.filename, file.status, file.additions, file.deletions) for file in commit.files] == [
        ("a.txt", "modified", 1, 1)
    ]
    assert commit.files[0].patch == "@@ -1,2 +1,2 @@\n one\n-two\n+2"
    assert commit.stats.total == 2
    compared = notes.compare(first["commit"].sha, "main")
    assert (compared.status, compared.ahead_by, compared.behind_by) == ("ahead", 1, 0)
    with pytest.raises(GithubException, match="No commit found for SHA"):
        notes.get_commit("f" * 40)


def test_a_moved_file_is_told_as_renamed(service: GitHub, notes: Repository) -> None:
    text = "\n".join(f"line {number}" for number in range(30))
    made = notes.create_file("old.txt", "first", text)
    sha = made["content"].sha
    notes.create_git_ref("refs/heads/side", made["commit"].sha)
    notes.create_file("new.txt", "copy", text)
    notes.delete_file("old.txt", "move", sha)
    file = notes.compare("side", "main").files[0]
    assert (file.status, file.previous_filename, file.filename) == ("renamed", "old.txt", "new.txt")


def test_branches_are_made_moved_and_removed(notes: Repository) -> None:
    first = notes.get_branch("main").commit.sha
    second = notes.create_file("a.txt", "second", "")["commit"].sha
    ref = notes.create_git_ref("refs/heads/dev", first)
    with pytest.raises(GithubException, match="Reference already exists"):
        notes.create_git_ref("refs/heads/dev", first)
    ref.edit(second)
    assert notes.get_git_ref("heads/dev").object.sha == second
    with pytest.raises(GithubException, match="Update is not a fast forward"):
        ref.edit(first)
    ref.edit(first, force=True)
    assert [each.ref for each in notes.get_git_matching_refs("heads/")] == ["refs/heads/dev", "refs/heads/main"]
    ref.delete()
    assert [branch.name for branch in notes.get_branches()] == ["main"]
    with pytest.raises(GithubException, match="Branch not found"):
        notes.get_branch("dev")


def test_a_blob_is_kept_and_in_no_commit(notes: Repository) -> None:
    before = notes.get_branch("main").commit.sha
    blob = notes.create_git_blob("aGVsbG8=", "base64")
    assert notes.get_git_blob(blob.sha).size == 5
    assert notes.get_branch("main").commit.sha == before


def test_a_tree_tells_everything_below(notes: Repository) -> None:
    notes.create_file("a/b/c.txt", "deep", "x")
    assert [each.path for each in notes.get_git_tree("main").tree] == ["README.md", "a"]
    deep = notes.get_git_tree("main", recursive=True).tree
    assert [(each.path, each.type) for each in deep] == [
        ("README.md", "blob"),
        ("a", "tree"),
        ("a/b", "tree"),
        ("a/b/c.txt", "blob"),
    ]


def test_the_next_day_everything_is_there(service: GitHub, notes: Repository) -> None:
    made = notes.create_file("a.txt", "first", "a")["commit"].sha
    lent = service.lent()
    service.close()
    again = GitHub(service.folder)
    try:
        assert again.lent().environment["GITHUB_TOKEN"] == lent.environment["GITHUB_TOKEN"]
        answer = requests.get(f"{again.root}/repos/practice-learner/gpu-notes/commits/main", timeout=10)
        assert answer.json()["sha"] == made
    finally:
        again.close()
