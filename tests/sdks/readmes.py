"""The code in an SDK's README as one program: its blocks in their order, with what a reader has around them.

Each program says `@@ 402` where a refusal was caught as its README shows it, and `@@ done` at its end.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sdks.programs import PHP, SDKS, go, run

Environment = Mapping[str, str]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
EVENT = json.dumps(
    {
        "id": "evt_3d4a7c8a4c2f", "object": "event", "type": "sms.received", "created": "2026-04-26T11:25:42Z",
        "data": {"object": {"id": "sms_1", "object": "sms", "from_e164": "+33612345678", "body": "Bonjour"}},
    }
)  # fmt: skip
SECRET = "whsec_…"
"""As the READMEs write it."""
NEWS = "+33612345678"
"""What a program prints of that event."""


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of code, and the heading that it stands under."""

    heading: str
    code: str


def blocks(language: str, fence: str) -> list[Block]:
    """All code of a README, the shell's excepted. None may hold an elision that no machine can run."""
    text = (SDKS / language / "README.md").read_text("utf-8")
    found = []
    for section in re.split(r"^## ", text, flags=re.MULTILINE):
        heading = section.splitlines()[0]
        found += [Block(heading, code) for kind, code in FENCE.findall(section) if kind == fence]
        assert {kind for kind, _ in FENCE.findall(section)} <= {fence, "sh"}, heading
    assert found
    return found


def joined(found: list[Block], before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """The blocks, each with what goes before and after those of its heading."""
    parts = [part for b in found for part in (before.get(b.heading, ""), b.code, after.get(b.heading, ""))]
    return "\n".join(parts) + "\n"


def python(environment: Environment, folder: Path) -> str:
    before = {
        "Errors": "client.account.update(daily_spend_cap_usd=1)\n",
        "Webhooks": f"import time\nfrom nokycnumber import generate_test_header\nrequest_body = {EVENT!r}.encode()\n"
        f"request_headers = {{'X-NoKYC-Signature': generate_test_header(request_body, '{SECRET}')}}\n",
    }
    after = {"Errors": "print('@@', error_status)\n"}
    code = joined(blocks("python", "python"), before, after)
    # The name of an exception ends with its block.
    code = code.replace("    print(error)", "    error_status = error.status\n    print(error)")
    program = folder / "readme.py"
    program.write_text(code + "print('@@ done')\n", "utf-8")
    return run([sys.executable, program], folder=folder, PYTHONPATH=str(SDKS / "python" / "src"), **environment)


def node(environment: Environment, folder: Path) -> str:
    before = {
        "Errors": "await client.account.update({ daily_spend_cap_usd: 1 });\n",
        "Webhooks": f"const rawBody = {EVENT!r};\nconst request = {{ headers: {{ 'x-nokyc-signature': "
        f"generateTestHeader(rawBody, '{SECRET}') }} }};\n",
    }
    code = joined(blocks("node", "js"), before, {})
    code = code.replace("  console.log(error.message);", "  console.log('@@', error.status, error.message);")
    code = code.replace("const sms = await replies", "const other = await replies")
    code = "import { generateTestHeader } from '@nokycnumber/sdk';\n" + code + "console.log('@@ done');\n"
    (folder / "node_modules" / "@nokycnumber").mkdir(parents=True)
    (folder / "node_modules" / "@nokycnumber" / "sdk").symlink_to(SDKS / "node")
    (folder / "readme.mjs").write_text(code, "utf-8")
    return run(["node", "readme.mjs"], folder=folder, **environment)


GO_HEAD = """package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"time"

	nokyc "github.com/nokycnumber/sdk-go"
	"github.com/nokycnumber/sdk-go/nokyctest"
)

var _ = url.Values{}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() { check(readme(context.Background())) }

"""
GO_POST = """payload := []byte(%s)
request := httptest.NewRequest("POST", "/hooks", bytes.NewReader(payload))
request.Header.Set(nokyc.SignatureHeader, nokyc.GenerateTestHeader(payload, "%s", time.Now()))
answer := httptest.NewRecorder()
http.DefaultServeMux.ServeHTTP(answer, request)
fmt.Println(answer.Code)
"""


def golang(environment: Environment, folder: Path) -> str:
    before = {
        "Errors": "_, capped := client.Account.Update(ctx, &nokyc.AccountUpdateParams{DailySpendCapUSD: "
        'nokyc.Ptr(nokyc.Decimal("1"))})\ncheck(capped)\n',
    }
    after = {
        "Lists": "check(err)\n_ = page\n",
        "Errors": 'fmt.Println("@@", refused.Status)\n',
        "Webhooks": GO_POST % (json.dumps(EVENT), SECRET),
        "What comes back": "check(err)\nfmt.Println(answer.StatusCode)\n",
    }
    first, *rest = blocks("go", "go")
    # The first block makes what all others use; `params` of the retries is what the errors send again.
    code = first.code.replace('import nokyc "github.com/nokycnumber/sdk-go"\n', "") + "check(err)\n"
    for block in rest:
        keeps = block.heading == "Retries and idempotency"
        text = before.get(block.heading, "") + block.code + after.get(block.heading, "")
        code += (
            text if keeps else "if err := func() error {\n" + text + "return nil\n}(); err != nil {\nreturn err\n}\n"
        )
    body = f'func readme(ctx context.Context) error {{\n{code}\nfmt.Println("@@ done")\nreturn nil\n}}\n'
    place = json.dumps(str(SDKS / "go"))
    module = "github.com/nokycnumber/sdk-go"
    files = {
        "go.mod": f"module readme\n\ngo 1.23\n\nrequire {module} v0.0.0\n\nreplace {module} => {place}\n",
        "main.go": GO_HEAD + body,
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    go("build", "-race", "-o", "program", ".", folder=folder)
    return run([folder / "program"], folder=folder, **environment)


PHP_HEAD = """<?php
require '{init}';
require '/usr/share/php/GuzzleHttp/autoload.php';
$factory = new GuzzleHttp\\Psr7\\HttpFactory();
$psr3 = new Psr\\Log\\NullLogger();
"""


def php(environment: Environment, folder: Path) -> str:
    before = {"Errors": "$client->account->update(dailySpendCapUsd: '1');\n"}
    found = blocks("php", "php")
    uses = sorted({line for b in found for line in b.code.splitlines() if line.startswith("use ")})
    plain = [Block(b.heading, re.sub(r"^use .*\n", "", b.code, flags=re.MULTILINE)) for b in found]
    code = joined(plain, before, {})
    code = code.replace("echo $error->getMessage();", 'echo "\\n@@ $error->status {$error->getMessage()}\\n";')
    # A command has no request: it comes from a file and an array instead.
    (folder / "body.json").write_text(EVENT, "utf-8")
    code = code.replace("php://input", str(folder / "body.json"))
    signed = "$_SERVER['HTTP_X_NOKYC_SIGNATURE'] = Webhook::generateTestHeader("
    signed += f"file_get_contents('{folder}/body.json'), '{SECRET}');\n"
    head = PHP_HEAD.format(init=SDKS / "php" / "init.php").replace("<?php\n", "<?php\n" + "\n".join(uses) + "\n")
    (folder / "readme.php").write_text(head + signed + code + 'echo "\\n@@ done\\n";\n', "utf-8")
    return run([*PHP, "readme.php"], folder=folder, **environment)


def ruby(environment: Environment, folder: Path) -> str:
    request = "Struct.new(:raw_post, :headers).new(payload, { 'X-NoKYC-Signature' => "
    request += f"NoKYCNumber::Webhook.generate_test_header(payload, '{SECRET}') }})"
    before = {
        "Errors": "client.account.update(daily_spend_cap_usd: 1)\n",
        "Webhooks": f"payload = {json.dumps(EVENT)}\nrequest = {request}\n",
    }
    code = joined(blocks("ruby", "ruby"), before, {})
    code = code.replace("  puts e.message", '  puts "@@ #{e.status} #{e.message}"')
    (folder / "readme.rb").write_text(code + 'puts "@@ done"\n', "utf-8")
    return run(["ruby", "-I", SDKS / "ruby" / "lib", "readme.rb"], folder=folder, **environment)


RUNNERS: dict[str, Callable[[Environment, Path], str]] = {
    "python": python, "node": node, "go": golang, "php": php, "ruby": ruby,
}  # fmt: skip
