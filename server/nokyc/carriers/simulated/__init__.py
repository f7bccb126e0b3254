"""The simulated carrier: test mode, demonstrations, and numbers whose carrier is `simulated`."""
