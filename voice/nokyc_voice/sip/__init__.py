"""SIP (RFC 3261): messages, transactions, dialogs, transports. Knows nothing of audio and of customers' calls."""
