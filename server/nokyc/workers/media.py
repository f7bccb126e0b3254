"""Inbound messages with media: the files are fetched from the carrier, then the message is stored and announced."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from nokyc.carriers.http.protocol import Preset
from nokyc.carriers.port import MAX_MEDIA_BYTES, Inbound
from nokyc.http.outbound import Answer, Failure, OutboundClient
from nokyc.resources.carriers.presets import find_preset
from nokyc.resources.sms import inbound
from nokyc.resources.sms.inbox import MEDIA_QUEUE, read_report
from nokyc.resources.sms.media import MediaFile, address
from nokyc.store import tasks
from nokyc.store.store import Store
from nokyc.store.tasks import Task
from nokyc.workers.runner import Claimer, handle_each

AT_ONCE = 16
"""Messages whose media are fetched at the same time."""
TIMEOUT_SEC = 10.0
RETRY_SEC = (2, 10, 30)
"""Waits before trying again; then the message keeps the carrier's own address of what could not be fetched."""
MAX_TYPE_CHARS = 100


class Media:
    """Takes in messages with media; a queue of its own, so that a slow carrier's files hold up nothing else."""

    def __init__(self, store: Store, client: OutboundClient, public_url: str, holder: int | None = None) -> None:
        self._store = store
        self._client = client
        self._public_url = public_url
        self._claimer = Claimer(store, MEDIA_QUEUE, holder)

    async def once(self) -> int:
        claimed = await self._claimer.claim(AT_ONCE)
        await asyncio.gather(*map(self._take_in, claimed))
        return len(claimed)

    async def _take_in(self, task: Task) -> None:
        reported = read_report(task.kind, task.payload)
        assert isinstance(reported.report, Inbound)
        urls = reported.report.media_urls
        preset = await find_preset(self._store, reported.carrier)
        files = await asyncio.gather(*(self._fetch(preset, url) for url in urls))
        if None in files and task.attempts <= len(RETRY_SEC):
            async with self._store.reading() as connection:
                wait = timedelta(seconds=RETRY_SEC[task.attempts - 1])
                await tasks.postpone(connection, task, self._store.clock.now() + wait)
            return
        ours = tuple(url if file is None else file.url for url, file in zip(urls, files, strict=True))
        kept = tuple(file for file in files if file is not None)
        told = replace(reported, report=replace(reported.report, media_urls=ours), files=kept)
        await handle_each(self._store, [task], lambda unit, task: inbound.receive(unit, task.account_id, told))

    async def _fetch(self, preset: Preset | None, url: str) -> MediaFile | None:
        """The file behind a carrier's address; one redirect is followed, through the guard and without the password."""
        answer = await self._get(url, preset.media_headers(url) if preset is not None else {})
        if isinstance(answer, Answer) and 300 <= answer.status < 400 and "location" in answer.headers:
            answer = await self._get(answer.headers["location"], {})
        if not isinstance(answer, Answer) or answer.status != 200:
            return None
        content_type = answer.headers.get("content-type", "application/octet-stream")[:MAX_TYPE_CHARS]
        media_id = self._store.ids.new()
        return MediaFile(media_id, address(self._store.vault, self._public_url, media_id), content_type, answer.body)

    async def _get(self, url: str, headers: dict[str, str]) -> Answer | Failure:
        return await self._client.request(
            "GET", url, headers=headers, timeout_sec=TIMEOUT_SEC, max_bytes=MAX_MEDIA_BYTES
        )
