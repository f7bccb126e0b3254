"""Audio: RTP, codecs, jitter, digits, recording, quality. Knows nothing of SIP, nor of calls as customers see them."""
