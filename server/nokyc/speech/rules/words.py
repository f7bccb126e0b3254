"""What callers say in four languages, as patterns. `{name}` is one to three capitalised words, `{word}` is one.

Patterns run on text whose apostrophes are straight; they ignore case but for names.
"""

NAMES: dict[str, tuple[str, ...]] = {
    "en": (
        r"(?:this is|my name is|my name's|i am called) {name}",
        r"it's {name}(?= (?:calling|here|from|speaking)|[,.!]|$)",
        r"(?:^|[.!?,] ?){name} (?:here|speaking|calling)\b",
    ),
    "fr": (
        r"(?:je m'appelle|mon nom est|ici|de la part de) {name}",
        r"(?:c'est|je suis) {name}",
        r"(?:^|[.!?,] ?){name} à l'appareil\b",
        r"(?:^|[.!?,] ?){name} de (?:l'|la |chez |votre )",
    ),
    "es": (
        r"(?:me llamo|mi nombre es|soy|de parte de) {name}",
        r"(?:le habla|te habla|habla|le llama|te llama) {name}",
    ),
    "de": (
        r"(?:hier ist die|hier ist der|hier ist|hier spricht|mein name ist|ich heiße) {name}",
        r"(?:ich bin's,?|ich bin die|ich bin der|ich bin) {name}",
        r"(?:^|[.!?,] ?){name} (?:am apparat|hier|mein name)\b",
    ),
}
"""How callers say who they are."""

_NO_NAMES = """
    dr mr mrs ms prof
    hello hi hey good morning afternoon evening i sorry thank thanks please bye yes no ok okay
    bonjour bonsoir salut coucou merci oui non allô allo monsieur madame je vous tu il elle excusez désolé
    hola buenas buenos días tardes noches gracias sí señor señora yo usted perdón adiós
    hallo guten tag morgen abend danke ja nein herr frau ich sie bitte entschuldigung
    monday tuesday wednesday thursday friday saturday sunday lundi mardi mercredi jeudi vendredi samedi dimanche
    montag dienstag mittwoch donnerstag freitag samstag sonntag
"""
NO_NAMES = frozenset(_NO_NAMES.split())
"""Capitalised where a name could be, and none."""

CALLBACKS: dict[str, str] = {
    "en": r"\b(?:(?:call|ring|phone) (?:me|us) back|(?:call|ring|phone|text) (?:me|us)\b(?! (?:yesterday|twice))"
    r"|give (?:me|us) a (?:call|ring)|return my call|(?:me|us) a call back|(?:reach|contact) (?:me|us)"
    r"|get back to (?:me|us))",
    "fr": r"\b(?:rappel(?:ez|le|er)(?:[- ](?:moi|nous))|(?:me|nous) rappeler|merci de rappeler"
    r"|(?:me|nous) (?:joindre|contacter|recontacter)"
    r"|(?:joignez|contactez)-(?:moi|nous))",
    "es": r"\b(?:ll[aá]m(?:a|en?)(?:me|nos)|(?:me|nos) (?:puede|puedes|podría|podrías)"
    r" (?:llamar|localizar|contactar|devolver la llamada)"
    r"|devu[eé]lv(?:an?|e)(?:me|nos) la llamada|devolver(?:me|nos) la llamada"
    r"|(?:puede|puedes) (?:llamar|localizar|contactar)(?:me|nos))",
    "de": r"(?:\bruf(?:en|t)? (?:sie )?(?:mich|uns)\b|\b(?:mich|uns)\b[^.!?]{0,40}\b(?:zurückrufen|anrufen)|\brückruf\b"
    r"|\berreichen (?:mich|uns)\b|\b(?:mich|uns) erreichen\b|\bmeld(?:e|en sie|et)? (?:sich|dich|euch)\b)",
}
"""A wish to be called."""

NOT_NEEDED: dict[str, str] = {
    "en": r"\bno need to (?:call|ring)|\b(?:don't|do not) (?:call|need to call)",
    "fr": r"\b(?:pas besoin|inutile) de (?:me |nous )?rappeler|\bne (?:me |nous )?rappelez pas",
    "es": r"\bno (?:hace falta|es necesario)[^.]{0,20} llam|\bno me llame",
    "de": r"\b(?:kein rückruf|nicht zurückrufen|rufen sie (?:mich )?nicht)",
}
"""The same words, meant otherwise."""

REASONS: dict[str, str] = {
    "en": r"(?:calling (?:you )?(?:about|regarding|because of|because)|it's about|this is about|question about)",
    "fr": r"(?:(?:appelle|c'est) pour|question sur|(?:appelle|question) concernant"
    r"|(?:appelle|c'est|question) (?:au sujet|à propos)(?: (?:de|du|des)|(?= d')))",
    "es": r"(?:llamo (?:por|para|sobre|acerca de)|es (?:sobre|acerca de)|pregunta (?:sobre|acerca de))",
    "de": r"(?:rufe (?:sie )?an,? (?:wegen|weil|um)|es geht um|frage (?:zu|wegen|über))",
}
"""What comes before a reason in the caller's words."""

TOPICS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("wrong number", "has the wrong number", {
        "en": r"wrong number|misdialed",
        "fr": r"trompée? de numéro|faux numéro|mauvais numéro",
        "es": r"equivocado de número|número equivocado",
        "de": r"verwählt|falsche nummer",
    }),
    ("urgent", "calls about an emergency", {
        "en": r"emergency|urgent",
        "fr": r"urgen(?:t|ce)",
        "es": r"emergencia|urgente|urgencia",
        "de": r"notfall|dringend",
    }),
    ("payment", "calls about a payment", {
        "en": r"invoice|payment|charged|refund|\bbill\b",
        "fr": r"factur|paiement|rembours|prélèvement",
        "es": r"factura|\bpago\b|cobrado|cobro|reembols",
        "de": r"rechnung|zahlung|abgebucht|erstatt",
    }),
    ("appointment", "calls about an appointment", {
        "en": r"appointment|reschedule",
        "fr": r"rendez-vous",
        "es": r"\bcita\b",
        "de": r"\btermin",
    }),
    ("delivery", "calls about a delivery", {
        "en": r"parcel|package|deliver(?:y|ed)|courier",
        "fr": r"colis|livr(?:é|aison|eur)",
        "es": r"paquete|entrega",
        "de": r"paket|geliefert|lieferung|zustell",
    }),
    ("order", "calls about an order", {
        "en": r"\border\b(?! to)",
        "fr": r"commande",
        "es": r"pedido",
        "de": r"bestell",
    }),
    ("job", "calls about a job", {
        "en": r"\bjob\b|\binterview\b",
        "fr": r"le poste\b|un poste\b|entretien|emploi",
        "es": r"\bpuesto\b|empleo|entrevista",
        "de": r"\bstelle\b|bewerbung|vorstellungsgespräch",
    }),
    ("problem", "reports a problem", {
        "en": r"broken|doesn't work|not working|complain|out of order",
        "fr": r"en panne|cassé|ne (?:marche|fonctionne) (?:pas|plus)|réclamation|plainte",
        "es": r"\brot[ao]s?\b|\bsin (?:internet|luz|agua|línea|servicio)|aver[ií]a|no funciona|queja|reclamaci",
        "de": r"kaputt|defekt|funktioniert nicht|beschwer|reklamation",
    }),
    ("thanks", "says thank you", {
        "en": r"say thank|thank you so much|thanks a lot|thank you very much",
        "fr": r"(?:te|vous) remercier|merci (?:beaucoup|infiniment|mille fois|encore)",
        "es": r"dar(?:te|le|os) las gracias|muchas gracias|mil gracias",
        "de": r"\bbedanken\b|vielen dank|tausend dank",
    }),
)  # fmt: skip
"""Word, English phrase and patterns of what calls are about; the first that fits."""
