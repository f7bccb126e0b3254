"""SMS gateways under one harness: this platform, Kannel and Jasmin, before one SMSC and with one generator of load."""
