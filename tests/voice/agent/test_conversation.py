"""What an agent says, asks, learns and when it ends."""

from dataclasses import replace

import pytest

from nokyc.speech.port import SpeechStarted, TurnEnded
from nokyc_voice.agent.moves import Ask, Detected, Failed, Finish, Heard, HungUp, Hush, Speak
from nokyc_voice.agent.phrases import PHRASES, phrases
from voice.agent.talk import PLAN, Talk

EN, FR = phrases("en"), phrases("fr")


def test_a_message_is_taken_confirmed_and_ended_politely() -> None:
    talk = Talk()
    assert talk.last == EN.opening
    talk.say("Hello, my name is Marc Dupont. I'm calling about the delivery on Monday.")
    assert talk.last == EN.ask_number
    talk.say("06 12 34 56 78.")
    assert talk.last == EN.read_back.format(number="0 6, 1 2, 3 4, 5 6, 7 8")
    talk.say("Yes, that's right.")
    assert talk.last == EN.goodbye
    talk.listen()
    result = talk.result
    assert (result.name, result.reason, result.callback_number) == (
        "Marc Dupont", "the delivery on Monday", "0612345678",
    )  # fmt: skip
    assert (result.ended_by, result.number_confirmed, result.turns, result.language) == ("done", True, 3, "en")
    assert talk.finish == Finish(result, hand_over=False)


def test_it_goes_on_in_the_callers_language_and_a_voice_of_it() -> None:
    talk = Talk(replace(PLAN, voice="warm_en"))
    talk.say("Bonjour, c'est Marc. Rappelez-moi quand vous pouvez.", language="fr")
    spoken = talk.moves[-1]
    assert isinstance(spoken, Speak)
    assert (spoken.text, spoken.language, spoken.voice) == (FR.ask_reason, "fr", "warm_fr")
    talk.say("Well, it is about a parcel.", language="en")
    assert talk.last == FR.ask_number, "the first turn decides"


def test_a_fixed_language_stays() -> None:
    talk = Talk(replace(PLAN, follow=False))
    talk.say("Bonjour, c'est Marc.", language="fr")
    assert talk.last == EN.ask_reason


def test_each_thing_is_asked_for_once() -> None:
    talk = Talk()
    for text in ("Hello?", "Why do you ask?", "I would rather not.", "I have none."):
        talk.say(text)
    assert [said for said in talk.said if said in (EN.ask_name, EN.ask_reason, EN.ask_number)] == [
        EN.ask_name, EN.ask_reason, EN.ask_number,
    ]  # fmt: skip
    assert talk.last == EN.goodbye


def test_bare_answers_are_understood() -> None:
    talk = Talk()
    talk.say("Hello?")
    talk.say("Sophie Martin.")
    talk.say("The invoice.")
    talk.say("Zero six one two three four five six seven eight.")
    assert "0 6, 1 2" in talk.last
    talk.say("Yes.")
    talk.listen()
    assert (talk.result.name, talk.result.reason) == ("Sophie Martin", "The invoice.")
    assert talk.result.callback_number == "0612345678"


def test_a_wrong_number_is_asked_for_again() -> None:
    talk = Talk()
    talk.say("This is Ann Lee, I'm calling about the flat, on 555 123 4567.")
    assert "5 5, 5 1, 2 3, 4 5, 6 7" in talk.last
    talk.say("No.")
    assert talk.last == EN.number_again
    talk.say("555 123 4568.")
    talk.say("Yes, correct.")
    talk.listen()
    assert (talk.result.callback_number, talk.result.number_confirmed) == ("5551234568", True)


def test_a_correction_at_once_is_read_back() -> None:
    talk = Talk()
    talk.say("This is Ann Lee, I'm calling about the flat, on 555 123 4567.")
    talk.say("No, it is 555 123 4568.")
    assert "5 5, 5 1, 2 3, 4 5, 6 8" in talk.last
    talk.say("Right.")
    talk.listen()
    assert (talk.result.callback_number, talk.result.number_confirmed) == ("5551234568", True)


def test_a_number_of_which_only_a_part_was_understood_is_asked_for_once_more() -> None:
    talk = Talk()
    talk.say("This is Ann Lee, I'm calling about the flat.")
    assert talk.last == EN.ask_number
    talk.say("It is 0 3 5.")
    assert talk.last == EN.number_again
    talk.say("0 3 0, 1 2 3 4, 5 6 7.")
    assert "0 3, 0 1, 2 3, 4 5, 6 7" in talk.last
    talk.say("Yes.")
    talk.listen()
    assert (talk.result.callback_number, talk.result.number_confirmed) == ("0301234567", True)


@pytest.mark.parametrize("rest", ["1 2 3, 4 5 6 7.", "0 3 0, 1 2 3, 4 5 6 7."])
def test_a_number_that_is_said_in_two_turns_is_one(rest: str) -> None:
    talk = Talk()
    talk.say("This is Ann Lee, I'm calling about the flat.")
    talk.say("0 3 0.")
    talk.say(rest, interrupt=True)
    talk.say("Yes.")
    talk.listen()
    assert talk.result.callback_number == "0301234567"


def test_digits_that_never_become_a_number_are_none() -> None:
    talk = Talk()
    talk.say("This is Ann Lee, I'm calling about the flat.")
    talk.say("It is 0 3 5.")
    talk.say("0 3.")
    assert talk.last == EN.goodbye
    talk.listen()
    assert talk.result.callback_number is None


def test_the_number_that_calls_needs_no_digits() -> None:
    talk = Talk(caller="+33612345678")
    talk.say("This is Ann Lee, I'm calling about the flat.")
    talk.say("On this number, please.")
    assert talk.last == EN.goodbye
    talk.listen()
    assert (talk.result.callback_number, talk.result.number_confirmed) == ("+33612345678", True)


def test_the_party_cuts_it_off_and_is_heard() -> None:
    talk = Talk()
    talk.say("This is Ann Lee, I'm calling about the flat.", interrupt=True)
    assert [type(move) for move in talk.moves[:3]] == [Speak, Hush, Speak]
    assert talk.last == EN.ask_number


def test_a_question_that_the_party_did_not_let_it_ask_is_asked_later() -> None:
    talk = Talk()
    talk.listen()
    talk.tell(SpeechStarted(talk.now))
    talk.tell(TurnEnded(talk.now, b""))
    talk.tell(SpeechStarted(talk.now))
    talk.tell(Heard(talk.now, "Hello?", "en"))
    talk.tell(TurnEnded(talk.now, b""))
    assert talk.last == EN.opening
    talk.tell(Heard(talk.now, "Anybody there?", "en"))
    assert talk.last == EN.ask_name


def test_what_noise_cut_off_is_said_again() -> None:
    talk = Talk()
    talk.say(None, interrupt=True)
    assert talk.said == [EN.opening, EN.opening]


def test_silence_is_asked_about_twice_then_handed_over() -> None:
    talk = Talk()
    for _ in range(3):
        talk.listen()
        talk.wait(6_000)
    assert talk.said == [EN.opening, EN.still_there, EN.cannot_hear]
    assert talk.result.ended_by == "silence"
    assert talk.finish is not None
    assert talk.finish.hand_over


@pytest.mark.parametrize(("digit", "ended_by", "hand_over"), [("0", "digit", True), ("#", "done", False)])
def test_keys(digit: str, ended_by: str, hand_over: bool) -> None:
    talk = Talk()
    talk.press(digit)
    talk.listen()
    assert talk.finish is not None
    assert (talk.result.ended_by, talk.finish.hand_over) == (ended_by, hand_over)
    other = Talk()
    other.press("7")
    assert other.finish is None


@pytest.mark.parametrize("what", ["hold_music", "machine"])
def test_what_is_no_person_ends_it(what: str) -> None:
    talk = Talk()
    talk.tell(Detected(talk.now, what))  # type: ignore[arg-type]
    assert (talk.result.ended_by, talk.finish and talk.finish.hand_over) == (what, False)
    assert talk.moves[-2] == Hush()


def test_an_engine_that_fails_leaves_the_voicemail() -> None:
    talk = Talk()
    talk.tell(Failed(talk.now))
    assert (talk.result.ended_by, talk.finish and talk.finish.hand_over) == ("unavailable", True)


def test_ears_that_do_not_answer_count_as_failed() -> None:
    talk = Talk()
    talk.say("Hello?")
    talk.listen()
    talk.tell(SpeechStarted(talk.now))
    talk.tell(TurnEnded(talk.now, b""))
    talk.wait(8_000)
    assert talk.result.ended_by == "unavailable"


def test_hanging_up_keeps_what_is_known() -> None:
    talk = Talk()
    talk.say("This is Ann Lee, I'm calling about the flat.")
    talk.tell(HungUp(talk.now))
    assert (talk.result.ended_by, talk.result.name) == ("caller_hangup", "Ann Lee")


@pytest.mark.parametrize(
    ("limits", "ended_by"),
    [({"max_sec": 5}, "max_sec"), ({"max_turns": 1}, "max_turns"), ({"max_cost_micro": 900}, "cost")],
)
def test_the_leash(limits: dict[str, int], ended_by: str) -> None:
    talk = Talk(replace(PLAN, **limits))  # type: ignore[arg-type]
    for text in ("Hello?", "Is it open today?", "And tomorrow?"):
        if talk.finish is None:
            talk.say(text)
    assert (talk.result.ended_by, talk.finish and talk.finish.hand_over) == (ended_by, True)


def test_two_agents_do_not_talk_forever() -> None:
    """Each hears what the other says; the first one ends it before its seconds or turns are used up."""
    talk = Talk()
    other = Talk(replace(PLAN, script=EN.opening))
    while talk.finish is None and other.finish is None:
        talk.say(other.last)
        if talk.finish is None:
            other.say(talk.last)
    ended = talk if talk.finish is not None else other
    assert ended.result.turns <= 6


def test_a_party_that_repeats_itself_is_a_machine() -> None:
    talk = Talk()
    for _ in range(3):
        if talk.finish is None:
            talk.say("Your call is important to us, please hold the line.")
    assert talk.result.ended_by == "loop"


def test_screening_asks_for_name_and_reason_alone() -> None:
    talk = Talk(replace(PLAN, addon="ai-screen"))
    assert talk.last == EN.who
    talk.say("Marc.")
    assert talk.last == EN.ask_name
    talk.say("Marc.")
    assert talk.last == EN.ask_reason
    talk.say("A delivery, call 06 12 34 56 78.")
    assert talk.last == EN.one_moment
    talk.listen()
    assert (talk.result.name, talk.result.ended_by, talk.result.addon) == ("Marc", "done", "ai-screen")


# --- with a language model ------------------------------------------------------------------------------------


def test_a_model_speaks_within_its_bounds() -> None:
    talk = Talk(replace(PLAN, script="The shop opens at 9."), chat=True)
    talk.say("Hello, when do you open?")
    assert isinstance(talk.moves[-1], Ask)
    system = talk.moves[-1].messages[0]
    assert "The shop opens at 9." in system.content
    assert "the caller's name" in system.content
    talk.reply("The shop opens at 9. What is your name, please?")
    assert talk.last == "The shop opens at 9. What is your name, please?"


@pytest.mark.parametrize(
    "reply",
    [
        None,
        "",
        "x" * 241,
        "Somebody will call you back tomorrow.",
        "I promise.",
        "Call 0800 123 456 instead.",
        "Call zero eight double, one two three four instead.",
        "**Sure!**",
        "One. Two. Three. Four. Five.",
        "Nous vous rappellerons.",
    ],
)
def test_what_goes_beyond_them_is_not_said(reply: str | None) -> None:
    talk = Talk(chat=True)
    talk.say("Hello?")
    talk.reply(reply)
    assert talk.last == EN.ask_name


def test_a_slow_model_is_not_waited_for_and_a_late_answer_is_dropped() -> None:
    talk = Talk(chat=True)
    talk.say("Hello?")
    talk.wait(3_000)
    assert talk.last == EN.ask_name
    talk.reply("Who is there?")
    assert talk.last == EN.ask_name
    talk.say("Ann Lee.")
    asked = talk.asked
    talk.tell(SpeechStarted(talk.now))
    talk.reply("What is it about?")
    assert (talk.last, talk.asked) == (EN.ask_name, asked), "the party speaks"


def test_every_language_has_every_phrase() -> None:
    for words in PHRASES.values():
        assert "{number}" in words.read_back
        assert "{name}" in words.announce
        assert "{reason}" in words.announce
