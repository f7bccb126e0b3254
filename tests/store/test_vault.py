"""The key that secrets are sealed under: made once, and named when it cannot be used."""

from pathlib import Path

import pytest

from nokyc.store.vault import read_key


def test_a_key_is_made_once_and_kept(tmp_path: Path) -> None:
    key = read_key(tmp_path / "new", None)
    assert len(key) == 32
    assert read_key(tmp_path / "new", None) == key
    assert [(path.name, path.stat().st_mode & 0o777) for path in (tmp_path / "new").iterdir()] == [
        ("secret.key", 0o600)
    ]


@pytest.mark.parametrize("content", ["", "zz", "ab" * 31])
def test_a_damaged_key_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret.key").write_text(content)
    with pytest.raises(ValueError, match=r"secret\.key"):
        read_key(tmp_path, None)
