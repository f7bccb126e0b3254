"""The operator's pages: carriers, routes, stock, accounts, and what was done."""
