"""A process that a fork makes has connections of its own: on a shared one, each could read the other's answers."""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sdks.programs import PHP, SDKS, run

PYTHON = """
import os
from nokycnumber import NoKYCNumber
client = NoKYCNumber("sk_test_a", max_retries=0)
def ask(): print(client.sms.get("sms_1").id, flush=True)
ask()
if child := os.fork(): os.waitpid(child, 0)
ask()
"""
PHP_PROGRAM = """
require 'init.php';
$client = new NoKYCNumber\\Client('sk_test_a', maxRetries: 0);
$ask = function () use ($client): void { fwrite(STDOUT, $client->sms->get("sms_1")->id . "\\n"); };
$ask();
if (pcntl_fork() > 0) { pcntl_wait($status); }
$ask();
"""
RUBY = """
require "nokycnumber"
$stdout.sync = true
client = NoKYCNumber::Client.new(api_key: "sk_test_a", max_retries: 0)
ask = -> { puts client.sms.get("sms_1").id }
ask.call
child = fork and Process.wait(child)
ask.call
"""
COMMANDS = {
    "python": [sys.executable, "-c", PYTHON],
    "php": [*PHP, "-r", PHP_PROGRAM],
    "ruby": ["ruby", "-W", "-Ilib", "-e", RUBY],
}


class Connections(BaseHTTPRequestHandler):
    """A message whose id is the connection that it was asked for on."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = json.dumps({"object": "sms", "id": str(self.client_address[1])}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def connections() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Connections) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("language", COMMANDS)
def test_a_fork_has_connections_of_its_own(language: str, connections: str) -> None:
    output = run(COMMANDS[language], folder=SDKS / language, NOKYC_BASE_URL=connections, PYTHONPATH="src")
    first, of_child, second = output.split()
    assert first == second != of_child
