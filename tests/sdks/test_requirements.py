"""What sdks/REQUIREMENTS.md names is there."""

import re

from sdks.programs import SDKS, SUITES, cases

TESTS = SDKS.parent / "tests" / "sdks"
CORES = (
    TESTS / "test_python_core.py", SDKS / "node" / "test" / "core.test.mjs", SDKS / "go" / "core_test.go",
    SDKS / "go" / "example_test.go", SDKS / "go" / "nokyctest" / "nokyctest_test.go",
    SDKS / "ruby" / "test" / "core_test.rb",
    *(SDKS / "php" / "tests" / "Core").glob("*.php"),
)  # fmt: skip
NAMED = re.compile(r"`([^`]+)`")


def test_every_test_that_is_named_exists() -> None:
    text = (SDKS / "REQUIREMENTS.md").read_text("utf-8")
    known = {f"{suite}/{case['name']}" for suite in SUITES for case in cases(suite)}
    cores = "\n".join(path.read_text("utf-8") for path in CORES)
    missing = []
    for name in NAMED.findall(text):
        suite, slash, _ = name.partition("/")
        path, _, test = name.partition("::")
        if slash and suite in SUITES:
            there = name in known
        elif name.startswith("tests/sdks/"):
            there = f"def {test or 'test_'}" in (SDKS.parent / path).read_text("utf-8")
        elif re.match(r"test_|test[A-Z]|Test[A-Z]|Example", name) and name != "test_examples":
            there = name in cores
        elif " " in name and name[0].islower() and not name.startswith(("for ", "suite/")):
            there = f'test("{name}"' in cores
        else:
            continue
        if not there:
            missing.append(name)
    assert not missing
    assert len(NAMED.findall(text)) > 150
