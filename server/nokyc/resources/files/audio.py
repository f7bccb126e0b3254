"""Audio in formats that PCM WAV is not: MP3 in and out, by FFmpeg's libraries (the package `av`) where they are there.

Everything here takes a while; callers run it in a thread.
"""

import io
from importlib.util import find_spec
from pathlib import Path

from nokyc.kit.audio import AudioError, read_wav
from nokyc.kit.resampling import RATE_HZ

MP3_BITS_PER_SEC = 32_000


def has_mp3() -> bool:
    """Whether MP3 can be read and written on this machine."""
    return find_spec("av") is not None


def decode(data: bytes, *, max_sec: int) -> bytes:
    """The sound of a WAV file, or of an MP3 file where that can be read, as 8 kHz mono 16-bit PCM.

    Raises:
        AudioError: it is none, or it lasts longer than `max_sec`.
    """
    try:
        return read_wav(data, max_sec=max_sec)
    except AudioError:
        if data.startswith(b"RIFF") or not has_mp3():
            raise
    return _decode_mp3(data, max_sec)


def encode_mp3(wav: Path, mp3: Path) -> None:
    """Write an MP3 file of a WAV file. Raises AudioError."""
    import av

    try:
        with av.open(str(wav), "r") as source, av.open(str(mp3), "w", format="mp3") as target:
            heard = source.streams.audio[0]
            layout = "mono" if heard.channels == 1 else "stereo"  # WAV files do not say where their channels are
            stream = target.add_stream("libmp3lame", rate=heard.rate, layout=layout, bit_rate=MP3_BITS_PER_SEC)
            resampler = av.AudioResampler(format="s16p", layout=layout, rate=heard.rate)
            for frame in source.decode(heard):
                for part in resampler.resample(frame):
                    target.mux(stream.encode(part))
            target.mux(stream.encode(None))
    except (av.FFmpegError, IndexError) as error:
        raise AudioError(f"not audio: {type(error).__name__}") from None


def _decode_mp3(data: bytes, max_sec: int) -> bytes:
    import av

    pcm = bytearray()
    most = max_sec * RATE_HZ * 2
    try:
        with av.open(io.BytesIO(data), "r", format="mp3") as source:
            resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
            for frame in source.decode(source.streams.audio[0]):
                for part in resampler.resample(frame):
                    pcm += bytes(part.planes[0])[: part.samples * 2]
                if len(pcm) > most:
                    raise AudioError(f"the audio lasts longer than {max_sec} s")
    except (av.FFmpegError, IndexError) as error:
        raise AudioError(f"not audio: {type(error).__name__}") from None
    if not pcm:
        raise AudioError("there is no sound in it")
    return bytes(pcm)
