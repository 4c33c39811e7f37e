"""Which set is used, in the order of the promises, and what it says of itself."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kit.data.conftest import Host, Small
from tutor.kit.data import DataError, cifar10, fashion_mnist, folders
from tutor.paths import Paths


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(prompt: str = "") -> str:
        raise AssertionError(f"asked: {prompt}")

    monkeypatch.setattr(builtins, "input", refuse)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """Have somebody there who answers with that; the questions are listed."""

    def give(answer: str) -> list[str]:
        asked: list[str] = []

        def take(prompt: str = "") -> str:
            asked.append(prompt)
            return answer

        monkeypatch.setenv("TUTOR_ASKS", "1")
        monkeypatch.setattr(builtins, "input", take)
        return asked

    return give


def test_a_given_set_is_loaded_as_torchvision_loads_it(
    fashion: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fashion.put(tmp_path)
    monkeypatch.setenv("TUTOR_DATA", str(tmp_path))
    data = fashion_mnist()
    assert (data.name, data.is_made, len(data.train), len(data.test)) == ("FashionMNIST", False, 20, 10)
    assert data.classes[0] == "T-shirt/top"
    image, label = data.train[3]
    assert (tuple(image.shape), label) == ((1, 28, 28), 3)
    assert str(data).startswith("FashionMNIST: 20 images to train with, 10 to test with")


def test_transforms_reach_the_loader(fashion: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fashion.put(tmp_path / "FashionMNIST" / "raw")
    monkeypatch.setenv("TUTOR_DATA", str(tmp_path))
    data = fashion_mnist(transform=lambda image: image.size, target_transform=lambda label: -label)
    assert data.train[3] == ((28, 28), -3)


def test_what_was_unpacked_once_needs_the_given_folder_no_more(
    fashion: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fashion.put(tmp_path / "FashionMNIST")
    monkeypatch.setenv("TUTOR_DATA", str(tmp_path))
    fashion_mnist()
    monkeypatch.delenv("TUTOR_DATA")
    assert not fashion_mnist().is_made
    kept = sorted(path.name for path in folders.kept().rglob("*") if path.suffix != ".lock" and path.is_file())
    assert kept == [
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
    ]


def test_an_unpacked_given_set_is_read_where_it_is(
    fashion: Small, cifar: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from torchvision.datasets import CIFAR10, FashionMNIST

    fashion.put(tmp_path / "FashionMNIST" / "raw")
    cifar.put(tmp_path)
    FashionMNIST(tmp_path, download=True)
    CIFAR10(tmp_path, download=True)
    monkeypatch.setenv("TUTOR_DATA", str(tmp_path))
    assert not fashion_mnist().is_made
    data = cifar10()
    assert (data.name, len(data.train), tuple(data.train[0][0].shape)) == ("CIFAR-10", 50, (3, 32, 32))
    assert data.classes[1] == "class 1"
    assert not folders.kept().exists()


def test_a_given_archive_that_is_damaged_is_named(
    cifar: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cifar-10-python.tar.gz").write_bytes(b"half of it")
    monkeypatch.setenv("TUTOR_DATA", str(tmp_path))
    with pytest.raises(DataError, match=r"cifar-10-python\.tar\.gz is damaged: its MD5 is"):
        cifar10()


def test_given_files_that_cannot_be_read_are_named(
    fashion: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = tmp_path / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for name in fashion.archives:
        (raw / name.removesuffix(".gz")).write_bytes(b"")
    monkeypatch.setenv("TUTOR_DATA", str(tmp_path))
    with pytest.raises(DataError, match=f"FashionMNIST in {tmp_path} cannot be read"):
        fashion_mnist()


def test_a_given_folder_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match="nowhere, and there is no such folder"):
        fashion_mnist()


def test_without_anybody_there_a_made_set_takes_its_place_and_says_so(
    fashion: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TUTOR_DATA", str(tmp_path))
    data = fashion_mnist()
    assert (data.name, data.is_made) == ("drawn shapes (a made set, not FashionMNIST)", True)
    said = capsys.readouterr().out
    assert f"TUTOR_DATA names {tmp_path}, and FashionMNIST is not in it" in said
    assert "train-images-idx3-ubyte.gz" in said
    assert "a made set, NOT FashionMNIST" in said
    monkeypatch.delenv("TUTOR_DATA")
    assert "NOT FashionMNIST" in str(fashion_mnist())
    assert capsys.readouterr().out == "", "said once"


def test_in_chinese_it_says_so_in_chinese(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TUTOR_LANG", "zh")
    assert fashion_mnist().name == "画出来的图形（生成的数据集，不是 FashionMNIST）"
    assert "这台电脑上没有 FashionMNIST。\n画出来的图形，是生成的数据集，不是 FashionMNIST" in capsys.readouterr().out


def test_after_a_yes_it_is_downloaded_from_the_configured_mirror(
    fashion: Small, host: Host, monkeypatch: pytest.MonkeyPatch, answers: Callable[[str], list[str]]
) -> None:
    host.files = {f"FashionMNIST/{name}": data for name, data in fashion.archives.items()}
    monkeypatch.setenv("TUTOR_DATA_MIRROR", host.url + "/")
    asked = answers(" Y ")
    assert not fashion_mnist().is_made
    assert len(asked) == 1
    assert "about 31 MB" in asked[0]
    assert not fashion_mnist().is_made
    assert len(asked) == 1
    assert list((folders.kept() / "downloads").iterdir()) == []


def test_cifar_is_downloaded_from_where_torchvision_says(
    cifar: Small, host: Host, monkeypatch: pytest.MonkeyPatch, answers: Callable[[str], list[str]]
) -> None:
    from torchvision.datasets import CIFAR10

    host.files = dict(cifar.archives)
    monkeypatch.setattr(CIFAR10, "url", f"{host.url}/cifar-10-python.tar.gz")
    asked = answers("是")
    assert len(cifar10().test) == 10
    assert "170 MB" in asked[0]


def test_a_no_is_not_asked_again(fashion: Small, answers: Callable[[str], list[str]]) -> None:
    asked = answers("n")
    assert fashion_mnist().is_made
    assert fashion_mnist().is_made
    assert len(asked) == 1


def test_a_download_that_fails_leaves_a_made_set_and_its_reason_and_is_not_asked_for_again(
    fashion: Small, answers: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = answers("y")
    assert fashion_mnist().is_made
    assert "could not be downloaded:\n  127.0.0.1: the connection was refused" in capsys.readouterr().out
    assert fashion_mnist().is_made
    assert len(asked) == 1


def test_a_download_that_was_asked_for_in_code_fails_with_its_reason(fashion: Small) -> None:
    with pytest.raises(DataError, match="could not be downloaded"):
        fashion_mnist(download=True)


@pytest.mark.parametrize("mirror", ["file:///etc", "https://name:token-of-mine@host"])
def test_a_mirror_must_be_an_address_without_a_secret(
    mirror: str, fashion: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUTOR_DATA_MIRROR", mirror)
    with pytest.raises(DataError, match="must be an address that begins with https://") as raised:
        fashion_mnist(download=True)
    assert "token-of-mine" not in str(raised.value)


def test_a_damaged_download_is_fetched_again(
    fashion: Small, host: Host, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fashion.put(folders.kept() / "downloads")
    first = next(iter(fashion.archives))
    (folders.kept() / "downloads" / first).write_bytes(b"")
    host.files = dict(fashion.archives)
    monkeypatch.setenv("TUTOR_DATA_MIRROR", host.url)
    assert not fashion_mnist(download=True).is_made
    assert [path for path, _ in host.asked] == [first]


def test_a_kept_set_that_is_damaged_is_removed_and_had_again(
    cifar: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cifar.put(tmp_path)
    monkeypatch.setenv("TUTOR_DATA", str(tmp_path))
    cifar10()
    (folders.kept() / "cifar-10-batches-py" / "test_batch").write_bytes(b"")
    assert not cifar10().is_made
    assert "The kept copy of CIFAR-10 was damaged, and was removed" in capsys.readouterr().out
    assert not cifar10().is_made
    assert capsys.readouterr().out == ""


def test_two_programs_do_not_download_the_same(fashion: Small) -> None:
    with folders.alone("FashionMNIST", wait=False), pytest.raises(DataError, match="Another program is downloading"):
        fashion_mnist(download=True)


@pytest.mark.parametrize("home", ["", "/somewhere/else"])
def test_sets_are_kept_in_tutors_own_cache(home: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / home.lstrip("/")) if home else "")
    assert folders.kept() == Paths.from_environment().cache() / "data"
