"""What agents will say in calls to come: sound that can be made before anybody waits for it."""

from collections.abc import Iterator

from nokyc.kit import languages
from nokyc_voice.agent.phrases import PHRASES, phrases
from nokyc_voice.agents import Agent

Sentence = tuple[str, str, str]
"""Text, voice, and the language that it is in."""


def opening(plan: Agent) -> Sentence:
    """What it begins with."""
    words = phrases(plan.language)
    text = words.who if plan.addon == "ai-screen" else plan.script or words.opening
    return text, plan.voice, plan.language


def repertoire(plan: Agent) -> Iterator[Sentence]:
    """All that holds nothing of a caller, the likeliest first; in every language that it may go on in."""
    yield opening(plan)
    spoken = [plan.language, *(each for each in PHRASES if plan.follow and each != plan.language)]
    for language in spoken:
        voice = plan.voice if language == plan.language else languages.voice_for(language, like=plan.voice)
        if language != plan.language and languages.of_voice(voice) not in (language, None):
            continue
        words = phrases(language)
        for text in (*words.lasting, *words.pieces):
            yield text, voice, language
