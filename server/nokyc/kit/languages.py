"""Languages by their ISO 639-1 codes, the countries that speak them, and the voices that belong to them."""

DEFAULT = "en"
_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en"
    " eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja"
    " jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb"
    " nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq"
    " sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
CODES = frozenset(_CODES.split())
"""ISO 639-1."""

_COUNTRIES = {
    "de": "at de li",
    "es": "ar bo cl co cr cu do ec es gt hn mx ni pa pe pr py sv uy ve",
    "fr": "bf bj cd cf cg ci fr ga gf gn gp mc ml mq nc ne pf pm re sn td tg wf yt",
    "ja": "jp",
}
_OF_COUNTRY = {country: language for language, countries in _COUNTRIES.items() for country in countries.split()}
VOICES = ("neutral_en", "neutral_fr", "neutral_es", "neutral_de", "neutral_jp", "warm_en", "warm_fr")
"""The voices of the API document, which everybody has: manner and language. `voice_…` are customers' own."""
_OF_VOICE = {"en": "en", "fr": "fr", "es": "es", "de": "de", "jp": "ja"}
_SUFFIX = {language: suffix for suffix, language in _OF_VOICE.items()}


def of_country(country: str | None) -> str:
    """The language to begin with in a country; English where we have no voice for theirs."""
    return _OF_COUNTRY.get(country or "", DEFAULT)


def of_tag(tag: str) -> str:
    """The language of a BCP 47 tag: `fr` for `fr-CA`."""
    return tag.partition("-")[0].lower()


def of_voice(voice: str) -> str | None:
    """What a voice speaks by nature; None for a customer's own."""
    return _OF_VOICE.get(voice.rpartition("_")[2]) if not voice.startswith("voice_") else None


def voice_for(language: str, *, like: str = "neutral_en") -> str:
    """The voice that speaks a language in the manner of another voice; that voice itself if there is none, or if it
    is a customer's own."""
    if like.startswith("voice_") or of_voice(like) == language:
        return like
    manner = like.partition("_")[0]
    for each in (manner, "neutral"):
        voice = f"{each}_{_SUFFIX.get(language)}"
        if voice in VOICES:
            return voice
    return like
