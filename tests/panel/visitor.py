"""Somebody at the panel without a browser: cookies, forms and their proofs, and what pages say."""

import re
from typing import Any

import httpx

from nokyc import main
from nokyc.panel.sessions import make_link
from nokyc.store.store import Store
from support import Client


class Visitor(Client):
    """The panel as a browser without scripts uses it."""

    def __init__(self, web: main.Web, store: Store) -> None:
        super().__init__(web.app, None)
        self._store = store
        self.proof = ""

    async def enter(self, account_id: int) -> httpx.Response:
        """Sign in by a one-time link; 0 is the operator."""
        token = await self._store.run(lambda unit: make_link(unit, account_id))
        answer = await self.get(f"/panel/sign-in/{token}")
        assert answer.status_code == 303, answer.text
        await self.learn(answer.headers["location"])
        return answer

    async def learn(self, path: str) -> None:
        """Take the proof for forms from a page."""
        for place in (path, "/panel/settings/sign-in", "/panel/operator/sign-in"):
            found = re.search(r'name="csrf" value="([0-9a-f]+)"', (await self.get(place)).text)
            if found is not None:
                break
        assert found is not None
        self.proof = found[1]

    async def submit(self, path: str, fields: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        """Send a form."""
        return await self.post(path, data={"csrf": self.proof, **(fields or {})}, headers=headers)

    async def sign_in(self, name: str, password: str, code: str = "") -> httpx.Response:
        answer = await self.post("/panel/sign-in", data={"name": name, "password": password, "code": code})
        if answer.status_code == 303:
            await self.learn(answer.headers["location"])
        return answer
