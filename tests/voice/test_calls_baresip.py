"""Calls between the engine and a real phone: audio both ways, measured."""

from pathlib import Path

from nokyc_voice.platform import Answered, MessageLeft, Place, Recorded, Rung, Say, Take, Trunk, Voicemail
from voice.audio import gaps_ms, heard_ms, level, read_wav, tone, write_wav
from voice.peers.baresip import Baresip, baresip
from voice.rig import PROMPT_HZ, Rig, rig


def trunk_to(phone: Baresip) -> Trunk:
    return Trunk("acme", (("127.0.0.1", phone.port),), ping_sec=0)


def place(phone: Baresip, **changes: object) -> Place:
    values: dict[str, object] = {
        "call_id": 1, "account_id": 2, "to": "+33612345678", "caller": "+33647189022", "caller_id": "+33647189022",
        "trunks": (trunk_to(phone),), "near": Say("one two three", "neutral_en"), "recording": False,
        "allowed_sec": 600, "max_sec": 3_600,
    }  # fmt: skip
    return Place(**(values | changes))  # type: ignore[arg-type]


def sound(folder: Path) -> Path:
    path = folder / "sound.wav"
    write_wav(path, tone(440, 10))
    return path


async def test_a_text_is_spoken_and_recorded(tmp_path: Path) -> None:
    async with rig(tmp_path) as desk, baresip(tmp_path / "phone", sound(tmp_path)) as phone:
        await desk.engine.place(place(phone, recording=True))
        ended = await desk.platform.ended(1)
        recorded = await desk.platform.told(Recorded)
        await phone.event("CALL_CLOSED")
        heard = phone.heard()

    assert [type(report) for report in desk.platform.reports if not isinstance(report, Recorded)][:2] == [Rung, Answered]
    assert (ended.outcome, ended.reason) == ("completed", "script_done")
    assert heard_ms(heard, 700) >= 540
    left, right = read_wav(recorded.path)
    assert heard_ms(left, 440) >= 800
    assert heard_ms(right, 700) >= 540
