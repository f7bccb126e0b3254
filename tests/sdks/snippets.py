"""The snippets of one language as one program, which says `@@ operation ok` or `@@ operation code` after each."""

import json
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path

from sdks.programs import PHP, SDKS, go, run

SNIPPETS = SDKS.parent / "contract" / "snippets"
SETUP = "_setup"
GO_MODULE = "github.com/nokycnumber/sdk-go"
GO_PLACE = "\t// The call comes here.\n"
GO_HELPERS = """package main

import (
	"errors"
	"fmt"

	nokyc "github.com/nokycnumber/sdk-go"
)

type failing struct{}

func (failing) Fatal(given ...any) { panic(given[0]) }

func run(operation string, call func(log failing)) {
	outcome := "ok"
	defer func() {
		if caught := recover(); caught != nil {
			var refused *nokyc.Error
			err, _ := caught.(error)
			if !errors.As(err, &refused) {
				panic(caught)
			}
			outcome = string(refused.Code)
		}
		fmt.Println("@@", operation, outcome)
	}()
	call(failing{})
}
"""
CURL = 'curl() { status=$(command curl -sS -o answer -w "%{http_code}" "$@"); }\n'
CURL_SAYS = """code=$(grep -o '"code": *"[^"]*"' answer | cut -d'"' -f4)
test "$status" -lt 400 && echo "@@ {} ok" || echo "@@ {} $code"
"""


def read(language: str, replaced: Mapping[str, str]) -> dict[str, str]:
    """The snippets by operation, with what stands for real ids replaced by them."""
    text = (SNIPPETS / f"{language}.json").read_text("utf-8")
    for example, real in replaced.items():
        text = text.replace(example, real)
    made: dict[str, str] = json.loads(text)
    return made


def outcomes(language: str, replaced: Mapping[str, str], folder: Path) -> dict[str, str]:
    """What each operation said, in the order of running: removals last, those of others' parts first."""
    snippets = read(language, replaced)
    setup = snippets.pop(SETUP)
    removals = [operation for operation in reversed(snippets) if operation.endswith(".delete")]
    order = [operation for operation in snippets if operation not in removals] + removals
    output = RUNNERS[language](setup, {operation: snippets[operation] for operation in order}, folder)
    said = [line.split() for line in output.splitlines() if line.startswith("@@ ")]
    return {operation: outcome for _, operation, outcome in said}


def _curl(setup: str, snippets: Mapping[str, str], folder: Path) -> str:
    steps = (f"{code}\n{CURL_SAYS.format(operation, operation)}" for operation, code in snippets.items())
    return run(["bash", "-c", "\n".join([CURL, setup, *steps])], folder=folder)


def _python(setup: str, snippets: Mapping[str, str], folder: Path) -> str:
    steps = (
        f'try:\n{_indented(code)}\n    print("@@ {operation} ok")\n'
        f'except nokycnumber.APIStatusError as error:\n    print("@@ {operation}", error.code)\n'
        for operation, code in snippets.items()
    )
    program = folder / "program.py"
    program.write_text("\n".join([setup, "import nokycnumber", *steps]), "utf-8")
    return run([sys.executable, program], folder=folder, PYTHONPATH=str(SDKS / "python" / "src"))


def _node(setup: str, snippets: Mapping[str, str], folder: Path) -> str:
    steps = (
        f'try {{\n{code}\nconsole.log("@@ {operation} ok");\n'
        f'}} catch (error) {{\nif (!error.code) throw error;\nconsole.log("@@ {operation}", error.code);\n}}\n'
        for operation, code in snippets.items()
    )
    (folder / "node_modules" / "@nokycnumber").mkdir(parents=True)
    (folder / "node_modules" / "@nokycnumber" / "sdk").symlink_to(SDKS / "node")
    program = folder / "program.mjs"
    program.write_text("\n".join([setup, *steps]), "utf-8")
    return run(["node", program], folder=folder)


def _go(setup: str, snippets: Mapping[str, str], folder: Path) -> str:
    steps = "".join(f'run("{operation}", func(log failing) {{\n{code}\n}})\n' for operation, code in snippets.items())
    place = json.dumps(str(SDKS / "go"))  # quoted: a folder may have a space in its name
    module = f"module snippets\n\ngo 1.23\n\nrequire {GO_MODULE} v0.0.0\n\nreplace {GO_MODULE} => {place}\n"
    files = {"go.mod": module, "main.go": setup.replace(GO_PLACE, steps) + "\n", "helpers.go": GO_HELPERS}
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    go("build", "-race", "-o", "program", ".", folder=folder)
    return run([folder / "program"], folder=folder)


def _php(setup: str, snippets: Mapping[str, str], folder: Path) -> str:
    steps = (
        f'try {{\n{code}\necho "@@ {operation} ok\\n";\n'
        "} catch (NoKYCNumber\\Exception\\ApiStatusException $error) {\n"
        f'echo "@@ {operation} $error->errorCode\\n";\n}}\n'
        for operation, code in snippets.items()
    )
    (folder / "vendor").mkdir()
    (folder / "vendor" / "autoload.php").write_text(f"<?php require '{SDKS / 'php' / 'init.php'}';\n", "utf-8")
    program = folder / "program.php"
    program.write_text("\n".join([setup, *steps]), "utf-8")
    return run([*PHP, program], folder=folder)


def _ruby(setup: str, snippets: Mapping[str, str], folder: Path) -> str:
    steps = (
        f'begin\n{code}\nputs "@@ {operation} ok"\n'
        f'rescue NoKYCNumber::APIStatusError => error\nputs "@@ {operation} #{{error.code}}"\nend\n'
        for operation, code in snippets.items()
    )
    program = folder / "program.rb"
    program.write_text("\n".join([setup, *steps]), "utf-8")
    return run(["ruby", "-I", SDKS / "ruby" / "lib", program], folder=folder)


def _indented(code: str) -> str:
    return textwrap.indent(code, "    ")


RUNNERS = {"curl": _curl, "python": _python, "node": _node, "go": _go, "php": _php, "ruby": _ruby}
