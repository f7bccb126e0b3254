"""Debian's Firefox, driven by WebDriver BiDi (W3C), which it speaks by itself: no driver and no patched browser."""

import asyncio
import json
import re
import shutil
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect

PROGRAM = shutil.which("firefox-esr") or shutil.which("firefox")
PATIENCE_SEC = 30.0
START_SEC = 60.0
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.aboutwelcome.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.security.https_only_mode": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.active-protocols": 1,
    "services.settings.server": "http://127.0.0.1:9",
    "toolkit.telemetry.enabled": False,
}
"""Nothing that would ask the network."""
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")

_FIND = """
(kind, name) => {
  const fits = (text) => text.trim() === name || text.trim().startsWith(name);
  if (kind === "field") {
    const label = [...document.querySelectorAll("label")].find((each) => fits(each.textContent));
    return label ? label.control : null;
  }
  const all = [...document.querySelectorAll(kind === "link" ? "a" : "button")];
  return all.find((each) => fits(each.textContent) && each.checkVisibility()) || null;
}
"""


class Firefox:
    """One window. Whatever is looked for is waited for."""

    def __init__(self, profile: Path) -> None:
        self._profile = profile
        self._numbers = 0
        self.errors: list[str] = []
        """What scripts and the CSP complained about."""

    async def __aenter__(self) -> Self:
        assert PROGRAM is not None
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items())
        (self._profile / "user.js").write_text("\n".join(lines))
        self._process = await asyncio.create_subprocess_exec(
            PROGRAM, "--headless", "--no-remote", "--profile", str(self._profile), "--remote-debugging-port", "0",
            stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, env={"HOME": str(self._profile)},
        )  # fmt: skip
        async with asyncio.timeout(START_SEC):
            address = await self._address()
            self._draining = asyncio.create_task(self._drain())
            self._socket: ClientConnection = await connect(f"{address}/session", max_size=None)
        await self._ask("session.new", {"capabilities": {}})
        await self._ask("session.subscribe", {"events": ["log.entryAdded"]})
        self._context = (await self._ask("browsingContext.getTree", {}))["contexts"][0]["context"]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._socket.close()
        self._process.terminate()
        await self._process.wait()
        await self._draining

    async def open(self, url: str) -> None:
        await self._ask("browsingContext.navigate", {"context": self._context, "url": url, "wait": "complete"})

    async def click(self, kind: str, name: str) -> None:
        """Press a `link` or `button` by what it says, with a mouse."""
        node = await self._node(kind, name)
        origin = {"type": "element", "element": {"sharedId": node}}
        steps: list[dict[str, Any]] = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        await self._act({"type": "pointer", "id": "mouse", "actions": steps})

    async def type(self, label: str, text: str) -> None:
        """Type into a field, key by key."""
        await self._node("field", label, then="found.focus()")
        keys = [{"type": way, "value": each} for each in text for way in ("keyDown", "keyUp")]
        await self._act({"type": "key", "id": "keyboard", "actions": keys})

    async def see(self, text: str, *, within: str = "main") -> None:
        """Wait until a part of the page says it."""
        await self._until(f"document.querySelector({json.dumps(within)})?.textContent.includes({json.dumps(text)})")

    async def at(self, url: str) -> None:
        """Wait until the window has gone there."""
        await self._until(f"location.href === {json.dumps(url)} && document.readyState === 'complete'")

    async def _node(self, kind: str, name: str, *, then: str = "found.scrollIntoView({block: 'center'})") -> str:
        find = f"({_FIND})({json.dumps(kind)}, {json.dumps(name)})"
        await self._until(f"document.readyState === 'complete' && {find} !== null")
        found = await self._evaluate(f"(() => {{ const found = {find}; {then}; return found; }})()")
        return str(found["sharedId"])

    async def _until(self, condition: str) -> None:
        """A page may be left while it is asked; then the next one is."""
        look = f"const look = () => ({condition}) ? done(true) : setTimeout(look, 50);"
        async with asyncio.timeout(PATIENCE_SEC):
            while True:
                try:
                    await self._evaluate(f"new Promise((done) => {{ {look} look(); }})")
                except RuntimeError:
                    continue
                return

    async def _evaluate(self, expression: str) -> Any:
        target = {"context": self._context}
        answer = await self._ask("script.evaluate", {"expression": expression, "target": target, "awaitPromise": True})
        if answer["type"] != "success":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return answer["result"]

    async def _act(self, source: dict[str, Any]) -> None:
        await self._ask("input.performActions", {"context": self._context, "actions": [source]})

    async def _ask(self, method: str, parameters: dict[str, Any]) -> Any:
        """One command and its answer. Raises RuntimeError for an error."""
        self._numbers += 1
        await self._socket.send(json.dumps({"id": self._numbers, "method": method, "params": parameters}))
        while True:
            message = json.loads(await self._socket.recv())
            if message["type"] == "event":
                self._note(message["params"])
            elif message["id"] == self._numbers:
                if message["type"] == "error":
                    raise RuntimeError(f"{message['error']}: {message['message']}")
                return message["result"]

    def _note(self, entry: dict[str, Any]) -> None:
        if entry["level"] == "error":
            self.errors.append(entry["text"])

    async def _address(self) -> str:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            found = LISTENING.search(line.decode(errors="replace"))
            if found is not None:
                return found[1]
        raise RuntimeError("Firefox ended before it listened")

    async def _drain(self) -> None:
        assert self._process.stderr is not None
        async for _ in self._process.stderr:
            pass
