"""The examples that receive webhooks: each runs, takes what is signed, and refuses what is not."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from nokyc.torture.ports import free_port
from nokycnumber import generate_test_header
from sdks.programs import INHERITED, SDKS, go

SECRET = "whsec_of_the_examples"
PATIENCE_SEC = 60
EVENT = {"type": "sms.received", "data": {"object": {"object": "sms", "id": "sms_1", "from_e164": "+33612345678"}}}
RUBY = """require "socket"
def run(app)
  server = TCPServer.new("127.0.0.1", ENV.fetch("PORT").to_i)
  while (connection = server.accept)
    head = connection.gets("\\r\\n\\r\\n") || next
    size = head[/content-length: (\\d+)/i, 1].to_i
    environment = { "rack.input" => StringIO.new(connection.read(size)),
                    "HTTP_X_NOKYC_SIGNATURE" => head[/x-nokyc-signature: (\\S+)/i, 1] }
    status, = app.call(environment)
    connection.write("HTTP/1.1 #{status} .\\r\\nConnection: close\\r\\nContent-Length: 0\\r\\n\\r\\n")
    connection.close
  end
end
require "stringio"
eval(File.read(ARGV[0]), binding, ARGV[0])
"""
"""The least that a Rack server does."""


def command(language: str, port: int, folder: Path) -> list[str]:
    """How an example is started."""
    match language:
        case "go":
            go("build", "-o", folder / "receiver", "./examples/webhook_server")
            return [str(folder / "receiver")]
        case "php":
            return ["php", "-S", f"127.0.0.1:{port}", str(SDKS / "php" / "examples" / "webhook.php")]
        case "ruby":
            example = str(SDKS / "ruby" / "examples" / "webhook.ru")
            return ["ruby", "-w", "-I", str(SDKS / "ruby" / "lib"), "-e", RUBY, example]
        case "node":
            return ["node", str(SDKS / "node" / "examples" / "webhook-server.mjs")]
    return [sys.executable, str(SDKS / "python" / "examples" / "webhook_server.py")]


@contextlib.contextmanager
def running(line: list[str], port: int, output: Path) -> Iterator[str]:
    """Its address, once it answers."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    kept |= {"PORT": str(port), "WEBHOOK_SECRET": SECRET, "PYTHONPATH": str(SDKS / "python" / "src")}
    with output.open("wb") as said, subprocess.Popen(line, env=kept, stdout=said, stderr=said) as server:
        try:
            url = f"http://127.0.0.1:{port}/hooks"
            deadline = time.monotonic() + PATIENCE_SEC
            while not _answers(url):
                assert server.poll() is None, output.read_text("utf-8")
                assert time.monotonic() < deadline, output.read_text("utf-8")
                time.sleep(0.05)
            yield url
        finally:
            server.terminate()


def _answers(url: str) -> bool:
    try:
        return httpx.post(url, content=b"{}").status_code > 0
    except httpx.HTTPError:
        return False


@pytest.mark.parametrize("language", ["python", "node", "go", "php", "ruby"])
def test_a_receiver_takes_what_is_signed(language: str, tmp_path: Path) -> None:
    port, output = free_port(), tmp_path / "said"
    body = json.dumps(EVENT).encode()
    with running(command(language, port, tmp_path), port, output) as url:
        signed = {"X-NoKYC-Signature": generate_test_header(body, SECRET)}
        forged = {"X-NoKYC-Signature": generate_test_header(body, "whsec_of_somebody_else")}
        assert httpx.post(url, content=body, headers=signed).status_code == 204
        assert httpx.post(url, content=body, headers=forged).status_code == 400
        assert httpx.post(url, content=body).status_code == 400
    assert "from +33612345678" in output.read_text("utf-8")
