"""Prompts: those that come with us, and the cache of those that were spoken."""

import asyncio
import os
from pathlib import Path
from typing import get_args

import pytest

from nokyc.speech.audio import duration_ms, pcm_to_ulaw, ulaw_to_pcm
from nokyc.speech.port import SpeechFailed, SpeechUnavailable, VoiceUnknown
from nokyc.speech.prompts import DEFAULT_TEXTS, DEFAULT_VOICES, DefaultPrompt, PromptCache, default_prompt
from speech.small import Mouth, tone

HELLO = "Hello, nobody is here."
ALL = [(name, language) for name in get_args(DefaultPrompt) for language in DEFAULT_VOICES]


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.mark.parametrize(("name", "language"), ALL)
def test_default_prompts_are_there_without_any_engine(name: DefaultPrompt, language: str) -> None:
    pcm = default_prompt(name, language)
    assert 1_000 < duration_ms(pcm) < 5_000
    assert max(pcm_to_ulaw(pcm)) > 0
    assert DEFAULT_TEXTS[name][language]


def test_other_languages_hear_english() -> None:
    assert default_prompt("goodbye", "fi") == default_prompt("goodbye", "en")


async def test_a_prompt_is_spoken_once_and_then_comes_from_the_disk(tmp_path: Path) -> None:
    mouth = Mouth()
    cache = PromptCache(tmp_path, [mouth])
    assert not cache.has(HELLO, voice="neutral_en")

    first, second = await asyncio.gather(*(cache.get(HELLO, voice="neutral_en") for _ in range(2)))
    again = await PromptCache(tmp_path, [mouth]).get(HELLO, voice="neutral_en")

    assert mouth.said == [HELLO]
    assert first == second == again == ulaw_to_pcm(pcm_to_ulaw(tone(10) * len(HELLO)))
    assert cache.has(HELLO, voice="neutral_en")


async def test_text_voice_language_and_engine_make_the_key(tmp_path: Path) -> None:
    mouth, other = Mouth(voices=frozenset({"neutral_en", "warm_en"})), Mouth("other")
    for cache in (PromptCache(tmp_path, [mouth]), PromptCache(tmp_path, [other])):
        await cache.get(HELLO, voice="neutral_en")
    cache = PromptCache(tmp_path, [mouth])
    await cache.get(HELLO, voice="warm_en")
    await cache.get(HELLO, voice="warm_en", language="fr")
    await cache.get("Bye.", voice="warm_en")
    assert len(files_in(tmp_path)) == 5


async def test_the_folder_stays_within_its_size_and_the_oldest_go(tmp_path: Path) -> None:
    cache = PromptCache(tmp_path, [Mouth()], max_bytes=4_000)  # a prompt of 20 letters has 1,600 bytes
    for number in range(4):
        await cache.get(f"Prompt number {number:06}", voice="neutral_en")
    assert sum(path.stat().st_size for path in files_in(tmp_path)) <= 4_000
    assert cache.has("Prompt number 000003", voice="neutral_en")
    assert not cache.has("Prompt number 000000", voice="neutral_en")


async def test_a_fallback_s_prompt_does_not_take_the_place_of_the_better_one(tmp_path: Path) -> None:
    better, fallback = Mouth("better"), Mouth("fallback")
    better.error = SpeechFailed("better", "busy")
    cache = PromptCache(tmp_path, [better, fallback])
    await cache.get(HELLO, voice="neutral_en")
    assert (better.said, fallback.said) == ([], [HELLO])

    better.error = None
    await cache.get(HELLO, voice="neutral_en")
    assert better.said == [HELLO]


async def test_a_disk_that_takes_nothing_does_not_stop_the_mouth(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = await PromptCache(tmp_path / "file", [Mouth()]).get(HELLO, voice="neutral_en")
    assert said == ulaw_to_pcm(pcm_to_ulaw(tone(10) * len(HELLO)))


async def test_silence_is_not_kept(tmp_path: Path) -> None:
    assert await PromptCache(tmp_path, [Mouth()]).get("", voice="neutral_en") == b""
    assert files_in(tmp_path) == []


async def test_what_a_dead_process_was_writing_goes_like_the_rest(tmp_path: Path) -> None:
    left = tmp_path / "half.17.tmp"
    left.write_bytes(bytes(5_000))
    os.utime(left, (0, 0))
    await PromptCache(tmp_path, [Mouth()], max_bytes=4_000).get(HELLO, voice="neutral_en")
    assert left not in files_in(tmp_path)


async def test_nobody_can_say_it(tmp_path: Path) -> None:
    mouth = Mouth()
    mouth.error = SpeechUnavailable("mouth", "install it")
    with pytest.raises(SpeechUnavailable, match="install it"):
        await PromptCache(tmp_path, [mouth]).get(HELLO, voice="neutral_en")
    with pytest.raises(VoiceUnknown):
        await PromptCache(tmp_path, [mouth]).get(HELLO, voice="voice_mine")
    assert files_in(tmp_path) == []
