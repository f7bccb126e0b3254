"""Engines that run on this machine, offline. Nothing is loaded before it is used, and numpy only with them."""
