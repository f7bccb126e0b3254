"""Accounts: who pays, and what they may do."""
