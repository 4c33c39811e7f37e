from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lesson.build import FRONT, step, write_lesson
from tutor.errors import LessonError
from tutor.lesson.catalogue import Catalogue, Folder, lesson_folders, shipped_folder
from tutor.lesson.index import Index
from tutor.lesson.model import Language
from tutor.lesson.parse import parse_lesson

OLD = 1_700_000_000


def settle(root: Path) -> None:
    """Give every file a time that is not fresh, as files of yesterday have."""
    for file in root.rglob("*.md"):
        os.utime(file, (OLD, OLD))


def lesson(title: str, order: int = 1000, content: str = "") -> str:
    return FRONT.replace("A title", title).replace("minutes", f"order: {order}\nminutes") + step(content)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    lessons = tmp_path / "lessons"
    write_lesson(lessons, "second", lesson("Second", 20))
    write_lesson(lessons, "second", lesson("第二", 20), "zh")
    write_lesson(lessons, "first", lesson("First", 10))
    write_lesson(lessons, "also-second", lesson("Also", 20))
    settle(lessons)
    return lessons


def test_entries_are_sorted_by_order_then_id(root: Path) -> None:
    entries = Catalogue([Folder(root)]).entries()
    assert [entry.id for entry in entries] == ["first", "also-second", "second"]
    assert [entry.id for entry in entries[1:]] == ["also-second", "second"]


def test_entry_of_a_lesson(root: Path) -> None:
    entry = Catalogue([Folder(root, shipped=True)]).find("second")
    assert entry is not None
    assert entry.languages == (Language.EN, Language.ZH)
    assert (entry.title("zh"), entry.title("en"), entry.summary("en")) == ("第二", "Second", "A summary")
    assert (entry.minutes, entry.order, entry.step_ids, entry.broken, entry.shipped) == (5, 20, ("one",), None, True)
    assert entry.path == root / "second"
    assert entry.root == root


def test_other_language_stands_in(root: Path) -> None:
    catalogue = Catalogue([Folder(root)])
    result = catalogue.open("first", Language.ZH)
    assert result.lesson is not None
    assert result.lesson.language is Language.EN
    assert catalogue.entries()[0].title("zh") == "First"


def test_broken_lesson_does_not_stop_the_others(root: Path) -> None:
    write_lesson(root, "broken", "---\ntitle: [\n---\n")
    write_lesson(root, "Bad_Name", lesson("Bad"))
    (write_lesson(root, "bytes", "") / "en.md").write_bytes(b"\xff")
    entries = {entry.id: entry for entry in Catalogue([Folder(root)]).entries()}
    assert len(entries) == 6
    assert "E011" in (entries["broken"].broken or "")
    assert entries["broken"].title("en") == "broken"
    assert "E004" in (entries["Bad_Name"].broken or "")
    assert "E002" in (entries["bytes"].broken or "")
    assert entries["first"].broken is None


def test_folders_without_a_lesson_are_passed_over(root: Path) -> None:
    (root / "notes").mkdir()
    (root / ".git").mkdir()
    (root / "README.md").write_text("x")
    assert len(Catalogue([Folder(root)]).entries()) == 3


def test_first_of_two_lessons_with_one_id_wins(root: Path, tmp_path: Path) -> None:
    write_lesson(tmp_path / "other", "first", lesson("Other first"))
    catalogue = Catalogue([Folder(root), Folder(tmp_path / "other"), Folder(root)])
    entry = catalogue.find("first")
    assert entry is not None
    assert entry.title("en") == "First"
    assert [(problem.code, problem.path) for problem in catalogue.problems] == [("W007", tmp_path / "other" / "first")]


def test_folder_that_is_not_there_is_a_warning(root: Path, tmp_path: Path) -> None:
    catalogue = Catalogue([Folder(tmp_path / "nowhere"), Folder(root)])
    assert [problem.code for problem in catalogue.problems] == ["W008"]
    assert len(catalogue.entries()) == 3


def test_unknown_lesson_names_the_nearest(root: Path) -> None:
    with pytest.raises(LessonError) as caught:
        Catalogue([Folder(root)]).open("frist", Language.EN)
    assert "first" in caught.value.hint


def test_edit_is_seen_by_the_next_catalogue_and_by_open(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    catalogue = Catalogue([Folder(root)], cache)
    write_lesson(root, "first", lesson("Changed", 30))
    opened = catalogue.open("first", Language.EN)
    assert opened.lesson is not None
    assert opened.lesson.front.title == "Changed"
    entries = Catalogue([Folder(root)], cache).entries()
    assert entries[-1].title("en") == "Changed"


def test_edit_of_the_same_size_within_a_tick_is_seen(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    file = write_lesson(root, "first", lesson("Aaaa")) / "en.md"
    status = file.stat()
    Catalogue([Folder(root)], cache)
    write_lesson(root, "first", lesson("Bbbb"))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    entry = Catalogue([Folder(root)], cache).find("first")
    assert entry is not None
    assert entry.title("en") == "Bbbb"


def test_new_and_removed_lessons_are_seen_by_the_next_catalogue(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    Catalogue([Folder(root)], cache)
    write_lesson(root, "new", lesson("New"))
    (root / "first" / "en.md").unlink()
    (root / "first").rmdir()
    found = Catalogue([Folder(root)], cache).entries()
    assert {entry.id for entry in found} == {"also-second", "second", "new"}


def test_warm_index_reads_no_lesson(root: Path, tmp_path: Path) -> None:
    Catalogue([Folder(root)], tmp_path / "cache")
    script = (
        "import sys\nfrom pathlib import Path\nfrom tutor.lesson.catalogue import Catalogue, Folder\n"
        f"entries = Catalogue([Folder(Path({str(root)!r}))], Path({str(tmp_path / 'cache')!r})).entries()\n"
        "print([entry.title('en') for entry in entries], sorted({'yaml', 'markdown_it', 'textual', 'IPython', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['First', 'Also', 'Second'] []"


@pytest.mark.parametrize("damage", [b"", b"rubbish\n", b"\xff\xfe", "header", "card", "number"])
def test_damaged_index_is_no_harm(root: Path, tmp_path: Path, damage: bytes | str) -> None:
    cache = tmp_path / "cache"
    Catalogue([Folder(root)], cache)
    (file,) = cache.iterdir()
    text = file.read_bytes()
    match damage:
        case "header":
            text = text.replace(b"lessons 1", b"lessons 0")
        case "card":
            text = text.replace(b"{", b"[")
        case "number":
            text = text.replace(b"\t20\t", b"\tx\t")
        case bytes():
            text = damage
    file.write_bytes(text)
    entries = Catalogue([Folder(root)], cache).entries()
    assert [entry.title("en") for entry in entries] == ["First", "Also", "Second"]


def test_cache_that_cannot_be_written_is_no_harm(root: Path, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    catalogue = Catalogue([Folder(root)], in_the_way / "cache")
    assert catalogue.hashes("first")
    assert len(catalogue.entries()) == 3


def test_hashes_are_those_of_the_lesson_and_kept(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = Catalogue([Folder(root)], cache).hashes("second")
    lesson_read = parse_lesson(root / "second" / "zh.md").lesson
    assert lesson_read is not None
    assert dict(first) == {each.id: each.hash for each in lesson_read.steps}
    row = Index(root, cache).rows["second"]
    assert '"steps":{"one":{"hash":' in row.card
    assert Catalogue([Folder(root)], cache).hashes("second") == first
    assert Catalogue([Folder(root)], cache).steps("second")["one"].titles.keys() == {"en", "zh"}


def test_hashes_follow_an_edit(root: Path) -> None:
    catalogue = Catalogue([Folder(root)])
    before = dict(catalogue.hashes("first"))
    write_lesson(root, "first", lesson("First", 10, "```python run\n1\n```"))
    assert dict(catalogue.hashes("first")) != before


def test_examining_finds_errors_below_the_front_matter(root: Path, tmp_path: Path) -> None:
    write_lesson(root, "deep", FRONT + "## No id\n\n## Also none\n")
    settle(root)
    catalogue = Catalogue([Folder(root)], tmp_path / "cache")
    assert [entry.broken for entry in catalogue.entries() if entry.id == "deep"] == [None]
    broken = catalogue.examine("deep").broken
    assert broken is not None
    assert "E031" in broken
    assert "(and 1 more)" in broken
    assert catalogue.hashes("deep") == {}
    again = Catalogue([Folder(root)], tmp_path / "cache").find("deep")
    assert again is not None
    assert again.broken == broken


def test_index_is_rewritten_when_it_has_many_old_lines(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    Catalogue([Folder(root)], cache)
    index = Index(root, cache)
    for _ in range(300):
        index.append("first", index.rows["first"])
    (file,) = cache.iterdir()
    assert file.read_text().count("\n") < 120
    assert set(Index(root, cache).rows) == {"first", "second", "also-second"}


def test_step_ids_of_the_scan_are_those_of_the_parser() -> None:
    folder = Path(__file__).parent / "fixtures"
    entry = Catalogue([Folder(folder)]).find("every-role")
    parsed = parse_lesson(folder / "every-role" / "en.md").lesson
    assert entry is not None
    assert parsed is not None
    assert entry.step_ids == tuple(each.id for each in parsed.steps)
    assert [str(need) for need in entry.needs] == ["module:torch"]


def test_the_shipped_lessons_are_a_folder_of_their_own() -> None:
    assert [folder.path for folder in lesson_folders() if folder.shipped] == [
        path for path in [shipped_folder()] if path
    ]


def test_odd_folder_names_survive_the_index(root: Path, tmp_path: Path) -> None:
    for name in ("课程", "a\tb", "a\\b"):
        write_lesson(root, name, lesson("Odd"))
    settle(root)
    cache = tmp_path / "cache"
    first = [entry.id for entry in Catalogue([Folder(root)], cache).entries()]
    assert set(Index(root, cache).rows) == set(first)
    assert [entry.id for entry in Catalogue([Folder(root)], cache).entries()] == first
