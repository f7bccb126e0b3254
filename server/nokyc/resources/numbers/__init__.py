"""Numbers: leased lines, their stock, prices, pauses and renewals."""
