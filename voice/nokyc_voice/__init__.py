"""Voice: SIP dialogs and their audio. Knows nothing of accounts, money or tables; all of that is behind `platform`."""
