"""Voice activity: Silero VAD (MIT) as an ONNX model at 8 kHz, 32 ms at a time, with its memory."""

import threading
from typing import Any

from nokyc.speech.local.packages import require
from nokyc.speech.local.weights import Weights
from nokyc.speech.port import RATE_HZ, VadStream

WINDOW = 256
"""Samples: what the model was trained on at 8 kHz."""
CONTEXT = 32
"""Samples of the window before, which the model wants to see again."""


class Silero:
    """The port's Vad. One model serves any number of streams."""

    name = "silero-vad"

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._session: Any = None
        self._lock = threading.Lock()

    def load(self) -> None:
        """Load the model now. Raises SpeechUnavailable."""
        with self._lock:
            if self._session is None:
                path = self._weights.folder("silero") / "silero_vad.onnx"
                runtime = require("onnxruntime", self.name)
                options = runtime.SessionOptions()
                options.intra_op_num_threads = options.inter_op_num_threads = 1
                options.log_severity_level = 3
                self._session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def open(self) -> VadStream:
        self.load()
        return _Stream(self._session)


class _Stream:
    window_bytes = 2 * WINDOW

    def __init__(self, session: Any) -> None:
        import numpy as np

        self._np = np
        self._session = session
        self._state = np.zeros((2, 1, 128), dtype=np.float32)
        self._context = np.zeros(CONTEXT, dtype=np.float32)
        self._rate = np.array(RATE_HZ, dtype=np.int64)

    def probability(self, window: bytes) -> float:
        np = self._np
        heard = np.frombuffer(window, dtype="<i2").astype(np.float32) / np.float32(32768)
        joined = np.concatenate([self._context, heard])[None]
        chance, self._state = self._session.run(None, {"input": joined, "state": self._state, "sr": self._rate})
        self._context = heard[-CONTEXT:]
        return float(chance[0][0])
