"""Ears: POST /audio/transcriptions."""

import json
import re
from collections.abc import Sequence
from typing import Any

from nokyc.kit.audio import write_wav
from nokyc.kit.jsontext import storable
from nokyc.speech.endpoint.http import Endpoint
from nokyc.speech.endpoint.multipart import form
from nokyc.speech.port import BYTES_PER_SEC, SpeechFailed, Transcript

MAX_AUDIO_SEC = 600
NO_SPEECH = 0.6
"""A segment that is so likely no speech was invented."""
UNDETERMINED = "und"
"""ISO 639-2, for an endpoint that does not say what language it heard."""
CHARS_PER_SEC, SPARE_CHARS = 40, 100
"""Nobody speaks so fast: what is longer was invented."""

_LANGUAGES = {
    "arabic": "ar", "chinese": "zh", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "finnish": "fi",
    "french": "fr", "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "italian": "it",
    "japanese": "ja", "korean": "ko", "norwegian": "no", "polish": "pl", "portuguese": "pt", "romanian": "ro",
    "russian": "ru", "spanish": "es", "swedish": "sv", "turkish": "tr", "ukrainian": "uk", "vietnamese": "vi",
}  # fmt: skip
"""verbose_json names languages in English."""
_CODE = re.compile("[a-z]{2,3}")


class EndpointSpeechToText:
    """The port's SpeechToText."""

    name = "endpoint"

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    async def transcribe(self, pcm: bytes, *, languages: Sequence[str] = ()) -> Transcript | None:
        model = self._endpoint.model("transcription", self._endpoint.config.stt_model)
        if len(pcm) > MAX_AUDIO_SEC * BYTES_PER_SEC:
            raise SpeechFailed(self.name, f"the audio is longer than {MAX_AUDIO_SEC} s", retryable=False)
        fields = [("model", model), ("response_format", "verbose_json"), ("temperature", "0")]
        if len(languages) == 1:
            fields.append(("language", languages[0]))
        body, content_type = form(fields, ("file", "speech.wav", "audio/wav", write_wav(pcm)))
        answer = await self._endpoint.fetch("/audio/transcriptions", body, content_type)
        try:
            found = _read(json.loads(answer), languages)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise SpeechFailed(self.name, "its transcription cannot be read", retryable=False) from None
        if found is not None and len(found.text) > SPARE_CHARS + CHARS_PER_SEC * len(pcm) / BYTES_PER_SEC:
            raise SpeechFailed(self.name, "its transcription is longer than anybody speaks", retryable=False)
        return found


def _read(answer: dict[str, Any], languages: Sequence[str]) -> Transcript | None:
    segments = answer.get("segments") or []
    spoken = [each for each in segments if each.get("no_speech_prob", 0.0) <= NO_SPEECH]
    text = " ".join(each["text"].strip() for each in spoken) if segments else answer["text"].strip()
    text = storable(text).strip()
    if not text:
        return None
    said = str(answer.get("language") or "").lower()
    default = languages[0] if len(languages) == 1 else UNDETERMINED
    language = _LANGUAGES.get(said) or (said if _CODE.fullmatch(said) else default)
    return Transcript(text, language)
