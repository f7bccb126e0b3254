"""What agents say on their own account, and the short answers that they understand, in each language we speak.

Nothing here promises anything: a message is noted, and that is all that is said of it.
"""

import re
from dataclasses import dataclass

DEFAULT = "en"
PHRASES: "dict[str, Phrases]"


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language. `{name}`, `{number}` and `{reason}` are filled in with what the party said itself."""

    opening: str
    """The API document's script."""
    who: str
    """The opening of somebody who screens calls."""
    ask_name: str
    ask_reason: str
    ask_number: str
    number_again: str
    read_back: str
    unclear: str
    still_there: str
    cannot_hear: str
    goodbye: str
    one_moment: str
    announce: str
    """To the number's owner, who picked up."""
    nobody: str
    no_reason: str
    plus: str
    """Before a number that is read back with its country."""
    yes: str
    no: str
    bye: str
    same_number: str
    """Patterns, the last four."""

    @property
    def pieces(self) -> tuple[str, ...]:
        """Of numbers that are read back."""
        return tuple(dict.fromkeys(filter(None, read_back(self, "+0123456789"))))

    @property
    def lasting(self) -> tuple[str, ...]:
        """Those without anything to be filled in."""
        return (
            self.opening, self.who, self.ask_name, self.ask_reason, self.ask_number, self.goodbye, self.one_moment,
            self.still_there, self.cannot_hear, self.unclear, self.number_again,
        )  # fmt: skip


def phrases(language: str) -> Phrases:
    """English where we have none."""
    return PHRASES.get(language, PHRASES[DEFAULT])


def says(pattern: str, text: str) -> bool:
    """Whether a text has one of the words."""
    return re.search(rf"(?<!\w)(?:{pattern})(?!\w)", text.replace("\u2019", "'"), re.IGNORECASE) is not None


def read_back(words: Phrases, number: str) -> tuple[str, ...]:
    """The sentence that reads a number back, in pieces that are all said again in other calls; "" is a short rest."""
    before, after = (part.strip(" .:,、") for part in words.read_back.split("{number}"))
    digits: list[str] = []
    for pair in spell(number).removeprefix("+ ").split(", "):
        digits += [*pair.split(), ""]
    plus = [words.plus] if number.startswith("+") else []
    return (*([before] if before else []), *plus, *digits, after)


def spell(number: str) -> str:
    """Digits as they are read out: in pairs, one by one."""
    digits = number.removeprefix("+")
    pairs = [digits[max(0, end - 2) : end] for end in range(len(digits), 0, -2)][::-1]
    return ("+ " if number.startswith("+") else "") + ", ".join(" ".join(pair) for pair in pairs)


PHRASES = {
    "en": Phrases(
        opening="I'm unavailable right now. Leave your name, the reason for the call, and a callback number.",
        who="Hello. Please tell me your name and what your call is about.",
        ask_name="What is your name, please?",
        ask_reason="What is your call about?",
        ask_number="Which number can you be called back on?",
        number_again="Please say the number once more, digit by digit.",
        read_back="I have noted {number}. Is that right?",
        unclear="Sorry, I did not understand that.",
        still_there="Are you still there?",
        cannot_hear="I cannot hear you. Please say something, or press zero to leave a message.",
        goodbye="Thank you. Your message has been noted. Goodbye.",
        one_moment="Thank you. One moment, please.",
        announce="Call from {name}. {reason}. Press 1 to accept, 2 to decline, 3 for voicemail.",
        nobody="a caller who gave no name",
        no_reason="No reason was given",
        plus="plus",
        yes=r"yes|yeah|yep|right|correct|exactly|that's it|sure|ok|okay",
        no=r"no|nope|wrong|not (?:right|correct)|incorrect",
        bye=r"bye|goodbye|that's all|nothing else|that is all",
        same_number=r"(?:this|same|the) number(?: i'm| i am)?(?: calling from)?",
    ),
    "fr": Phrases(
        opening="Je ne suis pas disponible pour le moment. Laissez votre nom, la raison de votre appel"
        " et un numéro où vous rappeler.",
        who="Bonjour. Indiquez-moi votre nom et l'objet de votre appel, s'il vous plaît.",
        ask_name="Quel est votre nom, s'il vous plaît ?",
        ask_reason="Quel est l'objet de votre appel ?",
        ask_number="À quel numéro peut-on vous rappeler ?",
        number_again="Répétez le numéro, chiffre par chiffre, s'il vous plaît.",
        read_back="J'ai noté le {number}. Est-ce exact ?",
        unclear="Pardon, je n'ai pas compris.",
        still_there="Êtes-vous toujours là ?",
        cannot_hear="Je ne vous entends pas. Parlez, ou appuyez sur zéro pour laisser un message.",
        goodbye="Merci. Votre message est noté. Au revoir.",
        one_moment="Merci. Un instant, s'il vous plaît.",
        announce="Appel de {name}. {reason}. Appuyez sur 1 pour accepter, 2 pour refuser, 3 pour la messagerie.",
        nobody="quelqu'un qui n'a pas donné son nom",
        no_reason="Sans motif indiqué",
        plus="plus",
        yes=r"oui|ouais|exact|exactement|c'est (?:ça|bien ça|exact|correct|juste)|tout à fait|d'accord",
        no=r"non|pas (?:exact|correct|ça)|faux|incorrect",
        bye=r"au revoir|c'est tout|rien d'autre|bonne journée|salut",
        same_number=r"(?:ce|le même|à ce) numéro",
    ),
    "es": Phrases(
        opening="Ahora no estoy disponible. Deje su nombre, el motivo de la llamada y un número de contacto.",
        who="Hola. Dígame su nombre y el motivo de su llamada, por favor.",
        ask_name="¿Cómo se llama, por favor?",
        ask_reason="¿Cuál es el motivo de su llamada?",
        ask_number="¿A qué número se le puede llamar?",
        number_again="Repita el número, cifra por cifra, por favor.",
        read_back="He anotado el {number}. ¿Es correcto?",
        unclear="Perdone, no le he entendido.",
        still_there="¿Sigue ahí?",
        cannot_hear="No le oigo. Diga algo, o pulse cero para dejar un mensaje.",
        goodbye="Gracias. Su mensaje queda anotado. Adiós.",
        one_moment="Gracias. Un momento, por favor.",
        announce="Llamada de {name}. {reason}. Pulse 1 para aceptar, 2 para rechazar, 3 para el buzón de voz.",
        nobody="alguien que no ha dicho su nombre",
        no_reason="Sin motivo indicado",
        plus="más",
        yes=r"sí|si|correcto|exacto|eso es|así es|vale|claro",
        no=r"no|incorrecto|mal",
        bye=r"adiós|adios|hasta luego|eso es todo|nada más",
        same_number=r"(?:este|el mismo) número",
    ),
    "de": Phrases(
        opening="Ich bin gerade nicht erreichbar. Nennen Sie Ihren Namen, den Grund Ihres Anrufs"
        " und eine Rückrufnummer.",
        who="Guten Tag. Nennen Sie mir bitte Ihren Namen und den Grund Ihres Anrufs.",
        ask_name="Wie ist Ihr Name, bitte?",
        ask_reason="Worum geht es?",
        ask_number="Unter welcher Nummer sind Sie erreichbar?",
        number_again="Bitte nennen Sie die Nummer noch einmal, Ziffer für Ziffer.",
        read_back="Ich habe notiert: {number}. Stimmt das?",
        unclear="Entschuldigung, das habe ich nicht verstanden.",
        still_there="Sind Sie noch da?",
        cannot_hear="Ich höre Sie nicht. Bitte sprechen Sie, oder drücken Sie die Null für eine Nachricht.",
        goodbye="Vielen Dank. Ihre Nachricht ist notiert. Auf Wiederhören.",
        one_moment="Danke. Einen Augenblick, bitte.",
        announce="Anruf von {name}. {reason}. Drücken Sie 1 zum Annehmen, 2 zum Ablehnen, 3 für die Mailbox.",
        nobody="jemandem, der keinen Namen genannt hat",
        no_reason="Kein Grund genannt",
        plus="plus",
        yes=r"ja|jawohl|genau|richtig|stimmt|korrekt|okay|ok",
        no=r"nein|nee|falsch|nicht richtig|stimmt nicht",
        bye=r"tschüss|auf wiederhören|auf wiedersehen|das ist alles|das war's|das wäre alles",
        same_number=r"(?:diese|dieselbe|dieser|derselben) nummer",
    ),
    "ja": Phrases(
        opening="ただいま電話に出られません。お名前、ご用件、折り返しの電話番号をお話しください。",
        who="お電話ありがとうございます。お名前とご用件をお話しください。",
        ask_name="お名前をお願いします。",
        ask_reason="ご用件は何でしょうか。",
        ask_number="折り返しの電話番号をお願いします。",
        number_again="もう一度、番号を一桁ずつお願いします。",
        read_back="{number}、でよろしいでしょうか。",
        unclear="申し訳ありません、聞き取れませんでした。",
        still_there="もしもし、お電話口にいらっしゃいますか。",
        cannot_hear="お声が聞こえません。お話しになるか、伝言を残すにはゼロを押してください。",
        goodbye="ありがとうございました。ご用件を承りました。失礼いたします。",
        one_moment="ありがとうございます。少々お待ちください。",
        announce="{name}さんからお電話です。{reason}。出る場合は1、断る場合は2、留守番電話は3を押してください。",
        nobody="お名前のない方",
        no_reason="ご用件は不明です",
        plus="プラス",
        yes=r"はい|ええ|そうです|合って.*",
        no=r"いいえ|違い.*|ちがい.*",
        bye=r"失礼します|さようなら|以上です",
        same_number=r"この番号.*|同じ番号.*",
    ),
}
