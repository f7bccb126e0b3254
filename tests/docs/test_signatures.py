"""The snippets of the webhook guide verify what we sign, and nothing else."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from docs.examples import blocks
from nokyc.kit.signing import HEADER, signature_headers

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "webhooks.md"
NOW = 1_777_202_742
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD_SECRET = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
BODY = '{"id":"evt_3d4a7c8a4c2f","object":"event","type":"sms.received","data":{"text":"Ça va ?"}}'.encode()

Verify = Callable[[str, str, bytes, int], bool]

RUN_IN_NODE = """
const [secret, header, body, now] = JSON.parse(require("node:fs").readFileSync(0));
console.log(JSON.stringify(verify(secret, header, Buffer.from(body, "hex"), now)));
"""


def signed(*secrets: str, at: int = NOW, body: bytes = BODY) -> str:
    return signature_headers(secrets, "evt_3d4a7c8a4c2f", body, at)[HEADER]


CASES = {
    "ours": (signed(SECRET), BODY, NOW, True),
    "five minutes old": (signed(SECRET), BODY, NOW + 300, True),
    "older": (signed(SECRET), BODY, NOW + 301, False),
    "from the future": (signed(SECRET), BODY, NOW - 301, False),
    "while the secret is rotated": (signed("whsec_bmV3", SECRET), BODY, NOW, True),
    "another secret": (signed(OLD_SECRET), BODY, NOW, False),
    "another body": (signed(SECRET), BODY + b" ", NOW, False),
    "another time": (signed(SECRET).replace(str(NOW), str(NOW + 1)), BODY, NOW, False),
    "no time": (signed(SECRET).partition(",")[2], BODY, NOW, False),
    "no signature": (f"t={NOW}", BODY, NOW, False),
    "an empty signature": (f"t={NOW},v1=", BODY, NOW, False),
    "nonsense": ("v1=é,t=x", BODY, NOW, False),
    "nothing": ("", BODY, NOW, False),
}


@pytest.fixture(params=["python", "js"])
def verify(request: pytest.FixtureRequest) -> Verify:
    (snippet,) = (block.text for block in blocks(GUIDE, request.param) if " verify(" in block.text)
    return _in_python(snippet) if request.param == "python" else _in_node(snippet)


@pytest.mark.parametrize("case", CASES)
def test_a_snippet_verifies(verify: Verify, case: str) -> None:
    header, body, now, genuine = CASES[case]
    assert verify(SECRET, header, body, now) is genuine


def test_the_shell_line_makes_the_signature(tmp_path: Path) -> None:
    (line,) = (block.text for block in blocks(GUIDE, "sh") if "openssl" in block.text)
    (tmp_path / "body.json").write_bytes(BODY)
    environment = os.environ | {"STAMP": str(NOW), "SECRET": SECRET}
    made = subprocess.check_output(["sh", "-euc", line], cwd=tmp_path, env=environment, text=True)
    assert f"t={NOW},v1={made.strip()}" == signed(SECRET)


def test_the_header_in_the_guide_is_genuine() -> None:
    shown = b'{"id":"evt_3d4a7c8a4c2f","object":"event","type":"sms.received"}'
    assert signed(SECRET, body=shown) in GUIDE.read_text("utf-8")


def _in_python(snippet: str) -> Verify:
    namespace: dict[str, Verify] = {}
    exec(snippet, namespace)
    return namespace["verify"]


def _in_node(snippet: str) -> Verify:
    def verify(secret: str, header: str, body: bytes, now: int) -> bool:
        asked = json.dumps([secret, header, body.hex(), now])
        said: bool = json.loads(subprocess.check_output(["node", "-e", snippet + RUN_IN_NODE], input=asked, text=True))
        return said

    return verify
