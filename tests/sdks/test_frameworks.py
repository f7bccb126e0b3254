"""The handlers that the SDKs show for web frameworks: each takes what is signed, and refuses what is not."""

import json
import re
import sys
from pathlib import Path

import pytest

from nokycnumber import generate_test_header
from sdks.programs import SDKS, run

SECRET = "whsec_of_the_examples"
BODY = '{"id":"evt_1","object":"event","type":"sms.received","data":{"object":{}}}'
SIGNED = generate_test_header(BODY, SECRET)
FORGED = generate_test_header(BODY, "whsec_of_somebody_else")
TOOLCHAIN = SDKS / "toolchain" / "node_modules"

PYTHON_HEAD = f"""
import sys
from nokycnumber import SignatureVerificationError, construct_event
SECRET, BODY = {SECRET!r}, {BODY!r}
"""
PYTHON = {
    "Flask": (
        """
from flask import Flask, request
app = Flask(__name__)
""",
        """
post = lambda header: app.test_client().post("/hooks", data=BODY, headers=header).status_code
""",
    ),
    "FastAPI, Starlette": (
        """
import asyncio
from fastapi import FastAPI, Request, Response
from httpx import ASGITransport, AsyncClient
app = FastAPI()
""",
        """
async def send(header):
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        return (await client.post("/hooks", content=BODY, headers=header)).status_code
post = lambda header: asyncio.run(send(header))
""",
    ),
    "Django": (
        """
import django
from django.conf import settings
settings.configure(ROOT_URLCONF=__name__, NOKYC_SECRET=SECRET, ALLOWED_HOSTS=["*"])
django.setup()
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
""",
        """
urlpatterns = [path("hooks", hooks)]
post = lambda header: Client(headers=header).post("/hooks", BODY, "application/json").status_code
""",
    ),
}
"""What stands before the handler that is shown, and what posts to it."""
PYTHON_TAIL = "print([post({'X-NoKYC-Signature': header}) for header in sys.argv[1:]])\n"

NODE_HEAD = """
import { constructEvent, SignatureVerificationError } from "@nokycnumber/sdk";
const [BODY, ...headers] = process.argv.slice(2);
const statuses = [];
const posted = (header) => ({
  method: "POST", body: BODY, headers: { "Content-Type": "application/json", "X-NoKYC-Signature": header },
});
"""
NODE = {
    "Express": (
        """
import express from "express";
const app = express();
""",
        """
const server = app.listen(0, "127.0.0.1");
await new Promise((done) => server.on("listening", done));
const url = `http://127.0.0.1:${server.address().port}/hooks`;
for (const header of headers) statuses.push((await fetch(url, posted(header))).status);
server.close();
server.closeAllConnections();
""",
    ),
    "Fastify": (
        """
import Fastify from "fastify";
const fastify = Fastify();
""",
        """
for (const header of headers) {
  statuses.push((await fastify.inject({ ...posted(header), url: "/hooks", payload: BODY })).statusCode);
}
""",
    ),
    "Next.js (route handler), Hono, anything with a `Request`": (
        "",
        """
for (const header of headers) statuses.push((await POST(new Request("http://test/hooks", posted(header)))).status);
""",
    ),
}
NODE_TAIL = "console.log(JSON.stringify(statuses));\n"


def shown(path: str, fence: str) -> dict[str, str]:
    """Code by the framework that it stands under."""
    text = (SDKS / path).read_text("utf-8")
    found = re.findall(rf"^\*\*(.+?)\*\*\n\n```{fence}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return dict(found)


def test_every_framework_is_tried() -> None:
    assert set(shown("python/examples/webhook_frameworks.md", "python")) == set(PYTHON)
    assert set(shown("node/examples/webhook-frameworks.md", "js")) == set(NODE)


@pytest.mark.parametrize("framework", PYTHON)
def test_python(framework: str, tmp_path: Path) -> None:
    before, after = PYTHON[framework]
    code = shown("python/examples/webhook_frameworks.md", "python")[framework]
    (tmp_path / "receiver.py").write_text(PYTHON_HEAD + before + code + after + PYTHON_TAIL, "utf-8")
    said = run([sys.executable, "receiver.py", SIGNED, FORGED], folder=tmp_path,
        PYTHONPATH=str(SDKS / "python" / "src"))  # fmt: skip
    assert said.splitlines()[-1] == "[204, 400]"


@pytest.mark.parametrize("framework", NODE)
def test_node(framework: str, tmp_path: Path) -> None:
    before, after = NODE[framework]
    code = shown("node/examples/webhook-frameworks.md", "js")[framework]
    modules = tmp_path / "node_modules"
    (modules / "@nokycnumber").mkdir(parents=True)
    (modules / "@nokycnumber" / "sdk").symlink_to(SDKS / "node")
    for name in ("express", "fastify"):
        (modules / name).symlink_to(TOOLCHAIN / name)
    (tmp_path / "receiver.mjs").write_text(NODE_HEAD + before + code + after + NODE_TAIL, "utf-8")
    said = run(["node", "receiver.mjs", BODY, SIGNED, FORGED], folder=tmp_path, WEBHOOK_SECRET=SECRET)
    assert json.loads(said) == [204, 400]
