"""`nokyc speech endpoint` and `nokyc speech voice`, with a server that speaks the protocol."""

import asyncio
import json
from pathlib import Path
from typing import Any

from cli.conftest import Installation
from speech.peer import KEY, serving
from speech.small import tone


async def test_an_endpoint_is_set_proved_shown_and_removed(
    platform: Installation, account: Any, tmp_path: Path
) -> None:
    async with serving() as peer:
        peer.pcm = tone(200)
        key = tmp_path / "key"
        key.write_text(KEY + "\n")
        made = await asyncio.to_thread(
            platform.json, "speech", "endpoint", "set", "rack", "--base-url", peer.url, "--stt-model", "ears-1",
            "--tts-model", "mouth-1", "--chat-model", "mind-1", "--voice", "warm_en=alloy", "--key-file", key,
        )  # fmt: skip
        assert (made["api_key"], made["voices"]) == ("…peer", {"warm_en": "alloy"})
        assert KEY not in json.dumps(await asyncio.to_thread(platform.json, "speech", "endpoint", "list"))

        probed = await asyncio.to_thread(platform.json, "speech", "endpoint", "test", "rack")
        assert [(each["does"], each["ok"]) for each in probed] == [("hears", True), ("speaks", True), ("talks", True)]

        added = await asyncio.to_thread(
            platform.json, "speech", "voice", "add", account["account_id"], "rack", "clone-7"
        )
        assert added["id"].startswith("voice_")
        assert added in await asyncio.to_thread(platform.json, "speech", "voice", "list")

        peer.status = 500
        said = await asyncio.to_thread(platform.call, "speech", "endpoint", "test", "rack")
        assert (said.returncode, "it answers 500" in said.stderr) == (1, True)
        checks = json.loads((await asyncio.to_thread(platform.call, "doctor", "--json")).stdout)["checks"]
        failed = {check["name"]: check["cure"] for check in checks if "endpoint rack" in check["name"]}
        assert "nokyc speech endpoint set rack" in failed["speech endpoint rack hears"]

    changed = platform.json("speech", "endpoint", "set", "rack", "--chat-model", "", NOKYC_SPEECH_KEY="another-key")
    assert (changed["chat_model"], changed["stt_model"], changed["api_key"]) == (None, "ears-1", "…-key")
    assert platform.json("speech", "endpoint", "remove", "rack") == {"name": "rack", "removed": True}
    assert platform.json("speech", "voice", "list") == []
    assert "no speech endpoint 'rack'" in platform.refusal("speech", "endpoint", "test", "rack")


def test_what_makes_no_sense_is_refused(platform: Installation, account: Any) -> None:
    def put(*arguments: str) -> str:
        return platform.refusal("speech", "endpoint", "set", *arguments)

    assert "http(s) URL" in put("rack", "--base-url", "ftp://example.com")
    assert "name" in put("RACK!", "--base-url", "https://example.com/v1")
    assert "no speech endpoint" in platform.refusal("speech", "voice", "add", account["account_id"], "rack", "x")
    assert "no voice" in platform.refusal("speech", "voice", "remove", "voice_5p3w8x4t9k2m")
    for wrong in (["speech", "endpoint", "set", "rack"], ["speech", "voice", "add", "me", "rack", "x"]):
        assert platform.call(*wrong).returncode == 2
