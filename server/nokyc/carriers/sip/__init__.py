"""SIP trunks as an operator configures them; the protocol itself is in `nokyc_voice`."""
