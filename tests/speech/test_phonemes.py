"""From espeak-ng's IPA to Kokoro's letters."""

import shutil

import pytest

from nokyc.speech.local import phonemes
from nokyc.speech.port import SpeechUnavailable

needs_espeak = pytest.mark.skipif(shutil.which(phonemes.PROGRAM) is None, reason="espeak-ng is not installed")


@needs_espeak
@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("Hello, choose my boat now!", "en", "həlˈO, ʧˈuz mI bˈOt nˈW!"),
        ("Bonjour, le message.", "fr", "bɔ̃ʒˈuʁ, lə mɛsˈaʒ."),
        ("Zug. Auto?", "de", "ʦˈuːk. ˈWtoː?"),
        ("Neue Bücher.", "de", "nˈYə bˈyːçɐ."),
        ("  ", "en", ""),
        ("...", "en", "."),
    ],
)
def test_letters(text: str, language: str, said: str) -> None:
    assert phonemes.Phonemes().of(text, language) == said


@needs_espeak
def test_text_is_never_an_option_of_the_program() -> None:
    assert phonemes.Phonemes().of("--help", "en") != ""
    assert "usage" not in phonemes.Phonemes().of("-h", "en").lower()


def test_without_the_program_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SpeechUnavailable, match="apt install espeak-ng"):
        phonemes.Phonemes().of("Hello", "en")
