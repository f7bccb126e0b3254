"""The code that the SDKs' READMEs show runs as it stands there, against a real server."""

from pathlib import Path

import pytest

from sdks.readmes import NEWS, RUNNERS


@pytest.mark.parametrize("language", RUNNERS)
def test_the_code_in_the_readme_runs(language: str, real_account: dict[str, str], tmp_path: Path) -> None:
    said = RUNNERS[language](real_account, tmp_path)
    marks = [line.split()[1] for line in said.splitlines() if line.startswith("@@ ")]
    assert marks == ["402", "done"], said
    assert "sms_" in said, "what was sent is shown"
    if language != "go":  # whose handler writes to the log
        assert NEWS in said, "what was received is shown"
