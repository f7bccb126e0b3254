"""`nokyc speech`: the local engines, all of them optional."""

import asyncio
import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cyclopts import App

from nokyc.cli import context
from nokyc.cli.speech_endpoints import endpoint, voice
from nokyc.settings import read_settings

TEST_TEXT = {
    "neutral_en": "Hello, this is a test of the speech engines.",
    "neutral_fr": "Bonjour, ceci est un essai de la synthèse vocale.",
    "neutral_es": "Hola, esta es una prueba de la voz.",
    "neutral_de": "Guten Tag, dies ist ein Test der Sprachausgabe.",
    "neutral_jp": "こんにちは、これは音声のテストです。",
}

SERVE_NICENESS = 5
"""After media and requests, before voicemails."""

app = App(name="speech")
app.command(endpoint)
app.command(voice)


@app.command
def install() -> None:
    """Fetch the local engines: pinned packages into this Python, verified weights into the data folder.

    About 350 MB to fetch and 700 MB on the disk. What is there already stays, so it may be run again.
    """
    from nokyc.speech.engines import FOLDER
    from nokyc.speech.local.install import InstallError
    from nokyc.speech.local.install import install as fetch
    from nokyc.speech.local.weights import Weights
    from nokyc.speech.states import engine_states

    settings = read_settings()

    def tell(text: str) -> None:
        if not context.wants_json():
            print(text, flush=True)

    try:
        missing = fetch(Weights(settings.data_dir / FOLDER), tell)
    except InstallError as error:
        context.refuse(str(error))
    _show(engine_states(settings.data_dir))
    if missing:
        context.refuse("; ".join(f"{each.name}: {each.detail}: {each.cure}" for each in missing))


@app.command(name="list")
def list_engines() -> None:
    """Every engine, and what is missing of it."""
    from nokyc.speech.states import engine_states

    _show(engine_states(read_settings().data_dir))


@app.command(name="test")
def try_out(text: str | None = None, /, *, voice: str = "neutral_en", output: Path | None = None) -> None:
    """Let a voice say something, hear it, and say how long that took.

    Args:
        text: What to say; a sentence in the voice's language if not given.
        voice: One of the API's voices.
        output: A WAV file to write what was said to.
    """
    from nokyc.kit.audio import write_wav

    said = text or TEST_TEXT.get(voice) or TEST_TEXT[f"neutral_{voice[-2:]}" if voice[-2:] == "fr" else "neutral_en"]
    pcm, result = asyncio.run(_try(said, voice))
    if output is not None:
        output.write_bytes(write_wav(pcm))
    lines = [f"{voice} by {result['engine']}: {result['seconds']} s of audio, the first after {result['first_sec']} s."]
    if result["heard"] is None:
        lines.append(f"Nothing was heard: {result['problem'] or 'the audio has no speech'}.")
    else:
        lines.append(f"Heard ({result['language']}, {result['stt_sec']} s): {result['heard']}")
    context.answer(result, *lines)


@app.command
def serve(*, socket: Path | None = None) -> None:
    """Run the engines in a process of their own, for live calls, behind a Unix socket.

    Args:
        socket: Where to listen; speech.sock in the data folder by default.
    """
    from nokyc import main
    from nokyc.cli.serve import run_process, until_signal
    from nokyc.logs import set_up_logging
    from nokyc.speech.engines import local_engines, preload
    from nokyc.speech.wire import SOCKET
    from nokyc.supervisor import exit_with_parent

    set_up_logging()
    exit_with_parent()
    os.nice(SERVE_NICENESS)
    settings = read_settings()
    engines = local_engines(settings.data_dir)
    preload(engines)
    run_process(until_signal(main.run_speech(settings, engines, socket or settings.data_dir / SOCKET)))


@app.command
def transcribe() -> None:
    """Make words of voicemails on DATABASE_URL, behind everything else that this machine does."""
    from nokyc import main
    from nokyc.cli.serve import database, run_process, until_signal
    from nokyc.logs import set_up_logging
    from nokyc.speech.engines import local_engines
    from nokyc.supervisor import exit_with_parent
    from nokyc.workers.speech import lower_priority

    set_up_logging()
    exit_with_parent()
    lower_priority()
    settings = read_settings()
    engines = local_engines(settings.data_dir, idle=True)
    run_process(until_signal(main.run_transcriber(settings, database(settings), engines)))


async def _try(text: str, voice: str) -> tuple[bytes, dict[str, Any]]:
    """What was said, and how that went."""
    from nokyc.speech.engines import FirstMouth, local_engines
    from nokyc.speech.port import BYTES_PER_SEC, SpeechError

    engines = local_engines(read_settings().data_dir)
    mouths = engines.tts.mouths if isinstance(engines.tts, FirstMouth) else [engines.tts]
    first, pcm, problem = 0.0, b"", None
    for mouth in mouths:
        started = time.monotonic()
        try:
            async for piece in mouth.say(text, voice=voice):
                first = first or time.monotonic() - started
                pcm += piece
        except SpeechError as error:
            problem = problem or error
        if pcm:
            break
    else:
        context.refuse(str(problem or "it said nothing"))
    result: dict[str, Any] = {
        "engine": mouth.name,
        "voice": voice,
        "seconds": round(len(pcm) / BYTES_PER_SEC, 2),
        "first_sec": round(first, 2),
        "heard": None,
        "language": None,
        "stt_sec": None,
        "problem": None,
    }
    started = time.monotonic()
    try:
        transcript = await engines.stt.transcribe(pcm)
    except SpeechError as error:
        return pcm, result | {"problem": str(error)}
    if transcript is None:
        return pcm, result
    elapsed = round(time.monotonic() - started, 2)
    return pcm, result | {"heard": transcript.text, "language": transcript.language, "stt_sec": elapsed}


def _show(states: Any) -> None:
    rows = [(each.name, "yes" if each.ok else "no", each.detail, each.cure or "") for each in states]
    table = context.table(("ENGINE", "READY", "STATE", "HOW TO GET IT"), rows, empty="")
    context.answer([asdict(each) for each in states], *table)
