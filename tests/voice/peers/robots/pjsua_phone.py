"""A phone made of PyPI's pjsua2-python (GPL, so it stays a program of its own). Its orders come from robot.py."""

import json
import os
import select
import sys
import wave
from pathlib import Path
from typing import Any

import pjsua2 as pj

POLL_MS = 10
RATE = 8_000
FRAME_USEC = 20_000


def say(event: str, **details: Any) -> None:
    print(json.dumps({"event": event, **details}), flush=True)  # noqa: T201  # it is the protocol


class Call(pj.Call):
    """Its audio goes to the phone's recorder, and the phone's tone to it."""

    def __init__(self, phone: "Phone", call_id: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(phone.account, call_id)
        self.phone = phone

    def onCallState(self, prm: Any) -> None:  # noqa: N802  # the library calls it so
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_EARLY:
            say("early", status=info.lastStatusCode)
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            say("established")
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.phone.over(self)
            say("closed", status=info.lastStatusCode, text=info.lastReason)

    def onCallMediaState(self, prm: Any) -> None:  # noqa: N802
        info = self.getInfo()  # which owns what it lists
        for index, media in enumerate(info.media):
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                audio = self.getAudioMedia(index)
                self.phone.tone.startTransmit(audio)
                audio.startTransmit(self.phone.recorder)
            say("media", status=media.status)

    def onDtmfDigit(self, prm: Any) -> None:  # noqa: N802
        say("digit", digit=prm.digit)

    def onCallTsxState(self, prm: Any) -> None:  # noqa: N802
        """Requests of the dialog that were answered, by whichever side they came."""
        transaction = prm.e.body.tsxState.tsx
        accepted = transaction.method == "INVITE" and transaction.statusCode // 100 == 2  # which ends it at once
        if transaction.state == (pj.PJSIP_TSX_STATE_TERMINATED if accepted else pj.PJSIP_TSX_STATE_COMPLETED):
            asked = "sent" if transaction.role == pj.PJSIP_ROLE_UAC else "received"
            say(asked, method=transaction.method, status=transaction.statusCode)


class Recorder(pj.AudioMediaPort):
    """The library's own is done with its file when it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = bytearray()
        form = pj.MediaFormatAudio()
        form.init(pj.PJMEDIA_FORMAT_PCM, RATE, 1, FRAME_USEC, 16)
        self.createPort("recorder", form)

    def onFrameReceived(self, frame: Any) -> None:  # noqa: N802
        self.heard += bytes(frame.buf)


class Account(pj.Account):
    def __init__(self, phone: "Phone") -> None:
        super().__init__()
        self.phone = phone

    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802
        call = self.phone.take(Call(self.phone, prm.callId))
        answer = pj.CallOpParam()
        for status in self.phone.settings.get("answers", [180, 200]):
            answer.statusCode = status
            call.answer(answer)


class Phone:
    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.calls: list[Call] = []
        self.endpoint = pj.Endpoint()
        self.endpoint.libCreate()
        config = pj.EpConfig()
        config.uaConfig.threadCnt = 0
        config.uaConfig.mainThreadOnly = True
        config.medConfig.clockRate = RATE
        config.medConfig.noVad = True
        config.medConfig.ecTailLen = 0
        config.logConfig.consoleLevel = 0
        config.logConfig.level = 5
        config.logConfig.msgLogging = 1
        config.logConfig.filename = str(Path(settings["folder"]) / "pjsua.log")
        self.endpoint.libInit(config)
        transport = pj.TransportConfig()
        transport.port = settings["port"]
        transport.boundAddress = "127.0.0.1"
        self.endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
        self.endpoint.libStart()
        self.endpoint.audDevManager().setNullDev()
        for codec in self.endpoint.codecEnum2():
            wanted = codec.codecId.split("/")[0].lower() in settings.get("codecs", ["pcma"])
            self.endpoint.codecSetPriority(codec.codecId, 200 if wanted else 0)
        self.tone = pj.ToneGenerator()
        self.tone.createToneGenerator(RATE, 1)
        self.sing()
        self.recorder = Recorder()
        self.account = Account(self)
        self.account.create(self.identity())

    def sing(self) -> None:
        tone = pj.ToneDesc()
        tone.freq1, tone.freq2, tone.on_msec, tone.off_msec, tone.volume = self.settings["hz"], 0, 10_000, 0, 8_000
        self.tone.play(pj.ToneDescVector([tone]), True)

    def identity(self) -> Any:
        config = pj.AccountConfig()
        config.idUri = f"sip:{self.settings['user']}@127.0.0.1:{self.settings['port']}"
        config.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
        config.mediaConfig.transportConfig.publicAddress = "127.0.0.1"
        config.mediaConfig.transportConfig.port = 20_000 + self.settings["port"] % 10_000
        config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_ALWAYS
        config.callConfig.timerSessExpiresSec = self.settings.get("session_sec", 1_800)
        config.callConfig.timerMinSESec = 90
        config.callConfig.prackUse = self.settings.get("prack", pj.PJSUA_100REL_OPTIONAL)
        return config

    def take(self, call: Call) -> Call:
        self.calls.append(call)
        return call

    def over(self, call: Call) -> None:
        self.calls.remove(call)
        with wave.open(str(Path(self.settings["folder"]) / "heard.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(bytes(self.recorder.heard))

    def obey(self, order: dict[str, Any]) -> None:
        param = pj.CallOpParam(True)
        if order["do"] == "dial":
            call = self.take(Call(self))
            call.makeCall(order["uri"], param)
            return
        call = self.calls[0]
        match order["do"]:
            case "hang_up":
                call.hangup(pj.CallOpParam())
            case "hold":
                call.setHold(param)
            case "resume":
                param.opt.flag |= pj.PJSUA_CALL_UNHOLD
                call.reinvite(param)
            case "update":
                call.update(param)
            case "press":
                call.dialDtmf(order["digits"])

    def run(self) -> None:
        say("ready")
        while True:
            self.endpoint.libHandleEvents(POLL_MS)
            if select.select([sys.stdin], [], [], 0)[0]:
                line = sys.stdin.readline()
                if not line:
                    break
                self.obey(json.loads(line))
        self.endpoint.libDestroy()
        os._exit(0)  # what is left of the library does not survive Python's own clearing up


if __name__ == "__main__":
    Phone(json.loads(sys.argv[1])).run()
