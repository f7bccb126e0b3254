"""Speech: ears, mouth, translation and understanding. Every engine is optional and sits behind `port.py`."""
