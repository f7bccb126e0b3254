"""Texts spoken for pages, each once: what a page plays is what callers hear, from the same cache."""

from collections.abc import Awaitable, Callable

from nokyc.http.errors import ApiError
from nokyc.kit.audio import write_wav
from nokyc.speech.port import SpeechFailed, SpeechUnavailable, VoiceUnknown
from nokyc.speech.prompts import PromptCache

OpenPrompts = Callable[[], Awaitable[PromptCache]]
"""Finds the speech process; raises SpeechUnavailable if there is none."""

NO_ENGINE = (
    "No speech engine runs here. On the server, `nokyc speech install` fetches one; then start it again with"
    " NOKYC_SPEECH=1 set."
)


class Speaker:
    """The mouth of one api process; the models are the speech process's."""

    def __init__(self, open_prompts: OpenPrompts) -> None:
        self._open = open_prompts
        self._prompts: PromptCache | None = None

    async def say(self, text: str, *, voice: str) -> bytes:
        """A WAV file. Raises ApiError 503 that says what is missing, or 400 for a voice that nobody has."""
        try:
            if self._prompts is None:
                self._prompts = await self._open()
            return write_wav(await self._prompts.get(text, voice=voice))
        except VoiceUnknown:
            message = f"No engine of this installation speaks {voice!r}."
            raise ApiError("voice_invalid", message, param="voice") from None
        except SpeechUnavailable as error:
            found = self._prompts is not None
            message = f"{error.engine} is not available: {error.how_to_get_it}." if found else NO_ENGINE
            self._prompts = None
            raise ApiError("service_unavailable", message) from None
        except SpeechFailed as error:
            raise ApiError("service_unavailable", f"It could not be spoken: {error.reason}.") from None
