"""Mood by the words in the source language, never in a translation. English by VADER (MIT) where it is installed.

Courtesy is no mood: `thank you`, `please` and a wish for a nice day end angry messages too, so they are left out.
"""

import importlib
import re
from functools import cache
from typing import Any

from nokyc.speech.port import Sentiment

POSITIVE_FROM = 0.5
NEGATIVE_FROM = -0.35
"""Of VADER's compound score, -1 to 1. Complaints are understated, and greetings overstated."""
NEGATION_REACH = 3
"""Words that one `not` turns round."""
MAX_CHARS = 20_000
"""Ten minutes of quick speech are half of it."""

COURTESY = re.compile(
    r"\b(?:(?:thank you|thanks|merci|gracias|danke|vielen dank)(?! so much for| for the| pour c| por la| für d)"
    r"(?: (?:very much|a lot|beaucoup|d'avance|de|sehr))?"
    r"|please|s'il (?:te|vous) plaît|por favor|bitte|good (?:morning|afternoon|evening|day)"
    r"|(?:have a |bonne |que tenga un |schönen )(?:nice |good |great |buen )?(?:day|evening|journée|soirée|d[ií]a|tag)"
    r"|(?:best|kind) regards|guten (?:tag|morgen|abend)|hello|hi|dear|sorry|wrong number"
    r"|excusez-moi|perdón|entschuldigung)\b",
    re.IGNORECASE,
)
FED_UP = re.compile(
    r"\b(?:(?:really )?fed up|sick of|had enough of|ripped off|n't good enough|not good enough)\b", re.IGNORECASE
)
"""Anger that VADER, which was made for short messages, does not know."""

_POSITIVE: dict[str, str] = {
    "en": "great wonderful excellent fantastic amazing love* happy glad congratulations perfect delighted superb"
    " brilliant awesome enjoyed pleased good*",
    "fr": "super magnifique excellent* génial* merveilleu* parfait* content* ravi* heureu* félicitations adore* aime"
    " fantastique* formidable* agréable bravo remercier enchanté* top",
    "es": "genial* maravillos* excelente* fantástic* perfect* content* feliz felices felicidades encanta* estupend*"
    " buenísim* increíble* magnífic* alegr* enhorabuena gracias",
    "de": "toll* wunderbar* ausgezeichnet* fantastisch* großartig* perfekt* glücklich* liebe glückwunsch* freue*"
    " super hervorragend* begeistert zufrieden* schön* bedanken",
}
_NEGATIVE: dict[str, str] = {
    "en": "angry terrible awful horrible unacceptable disappointed broken worst worse hate furious complaint upset"
    " problem* annoyed scam fraud emergency useless bad failed lawyer freezing",
    "fr": "mécontent* inadmissible* inacceptable* furieu* déçu* horrible* catastroph* scandaleu* nul* colère panne*"
    " arnaque* honte* pire* mauvais* problème* énervé* plainte avocat",
    "es": "enfadad* inaceptable* intolerable* terrible* horrible* decepcionad* rot* peor* desastre* furios*"
    " mal* molest* problema* estafa* vergüenza queja* indignad* emergencia abogad*",
    "de": "wütend* frechheit unverschämt* enttäuscht* kaputt* schrecklich* furchtbar* katastroph* ärger* schlecht*"
    " problem* betrug sauer stinksauer unzumutbar* schlimm* beschwer* notfall anwalt",
}
_NEGATIONS: dict[str, str] = {
    "en": "not no never don't isn't wasn't won't cannot can't didn't",
    "fr": "pas jamais aucun aucune sans plus",
    "es": "no nunca sin ningún ninguna jamás",
    "de": "nicht nie kein keine keinen ohne niemals",
}


def sentiment_of(text: str, language: str) -> Sentiment:
    """Neutral for a language that we have no words for."""
    plain = FED_UP.sub("angry", COURTESY.sub(" ", text[:MAX_CHARS].replace("\u2019", "'")))
    score = _score(plain, language)
    if score >= POSITIVE_FROM:
        return "positive"
    return "negative" if score <= NEGATIVE_FROM else "neutral"


def _score(text: str, language: str) -> float:
    vader = _vader() if language == "en" else None
    if vader is not None:
        return float(vader.polarity_scores(text)["compound"])
    return _by_words(text.lower(), language)


def _by_words(text: str, language: str) -> float:
    if language not in _POSITIVE:
        return 0.0
    good, bad, negations = _lists(language)
    total = 0
    for clause in re.split(r"[,.;:!?]", text):  # a negation ends with its clause
        words = re.findall(r"[\w']+", clause)
        for at, word in enumerate(words):
            weight = (good.fullmatch(word) is not None) - (bad.fullmatch(word) is not None)
            if weight and any(near in negations for near in words[max(0, at - NEGATION_REACH) : at]):
                weight = -weight
            total += weight
    return total / (abs(total) + 0.7)  # one word is enough: 0.59


@cache
def _lists(language: str) -> tuple[re.Pattern[str], re.Pattern[str], frozenset[str]]:
    return _pattern(_POSITIVE[language]), _pattern(_NEGATIVE[language]), frozenset(_NEGATIONS[language].split())


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word).replace(r"\*", r"\w*") for word in words.split()))


@cache
def _vader() -> Any:
    """None without the package: our own words do."""
    try:
        module = importlib.import_module("vaderSentiment.vaderSentiment")
    except ImportError:
        return None
    return module.SentimentIntensityAnalyzer()
