"""Does the money add up? Every balance, hold, charge and day's sum is held against the ledger.

Each check is one statement over all accounts, and all of them see the same moment, so they can run beside the server
and on millions of rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nokyc.kit import ids
from nokyc.kit.money import usd
from nokyc.store.store import Connection

SHOWN = 100
"""Problems of one kind that are told one by one."""
TIMEOUT_SEC = 6 * 3_600.0
"""For one statement: there may be very many entries."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit looked at, and a sentence for each thing that is wrong."""

    accounts: int
    entries: int
    problems: list[str]

    @property
    def ok(self) -> bool:
        return not self.problems


async def verify(connection: Connection, *, quick: bool = False) -> Audit:
    """Audit everything; `quick`: the accounts' balances alone."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        return await examine(connection, quick=quick)


async def examine(connection: Connection, *, quick: bool = False) -> Audit:
    """The same as a part of a transaction, which should be one that sees a single moment."""
    counts = await connection.fetchrow(
        "SELECT (SELECT count(*) FROM accounts) AS accounts, (SELECT count(*) FROM ledger_entries) AS entries",
        timeout=TIMEOUT_SEC,
    )
    assert counts is not None
    problems = []
    for statement, explain in CHECKS[:1] if quick else CHECKS:
        rows = await connection.fetch(f"{statement} LIMIT {SHOWN + 1}", timeout=TIMEOUT_SEC)
        problems += [explain(row) for row in rows[:SHOWN]]
        if len(rows) > SHOWN:
            problems.append("and more of this kind")
    return Audit(counts["accounts"], counts["entries"], problems)


_BALANCES = """
WITH sums AS (
    SELECT e.account_id,
        coalesce(sum(e.amount_micro) FILTER (WHERE m.credit = 'balance'), 0)
            - coalesce(sum(e.amount_micro) FILTER (WHERE m.debit = 'balance'), 0) AS balance,
        coalesce(sum(e.amount_micro) FILTER (WHERE m.credit = 'held'), 0)
            - coalesce(sum(e.amount_micro) FILTER (WHERE m.debit = 'held'), 0) AS held
    FROM ledger_entries e JOIN ledger_moves m ON m.move = e.move GROUP BY e.account_id
)
SELECT coalesce(a.id, s.account_id) AS account_id, a.id IS NULL AS unknown,
    coalesce(a.balance_micro, 0) AS balance, coalesce(s.balance, 0) AS ledger_balance,
    coalesce(a.held_micro, 0) AS held, coalesce(s.held, 0) AS ledger_held
FROM accounts a FULL JOIN sums s ON s.account_id = a.id
WHERE a.id IS NULL OR a.balance_micro <> coalesce(s.balance, 0) OR a.held_micro <> coalesce(s.held, 0)
ORDER BY 1
"""


def _money(category: str) -> str:
    """What was held, posted and given back for each subject of a category."""
    return f"""
    SELECT account_id, subject_id,
        count(*) FILTER (WHERE move = 'post') AS posts, count(*) FILTER (WHERE move = 'void') AS voids,
        coalesce(sum(amount_micro) FILTER (WHERE move = 'hold'), 0)::bigint AS held,
        coalesce(sum(amount_micro) FILTER (WHERE move = 'post'), 0)::bigint AS posted,
        coalesce(sum(amount_micro) FILTER (WHERE move = 'void'), 0)::bigint AS voided
    FROM ledger_entries WHERE category = '{category}' GROUP BY account_id, subject_id
"""  # noqa: S608 - a category of ours


_MESSAGES = f"""
WITH money AS ({_money("sms")}), judged AS (
    SELECT coalesce(s.account_id, m.account_id) AS account_id, coalesce(s.id, m.subject_id) AS sms_id, CASE
        WHEN s.id IS NULL THEN 'does not exist, but the ledger has entries for it'
        WHEN m.posts > 0 AND m.voids > 0 THEN 'was charged and given back'
        WHEN m.posts > 1 THEN 'was charged more than once'
        WHEN m.voids > 1 THEN 'was given back more than once'
        WHEN s.direction = 'inbound' THEN NULL
        WHEN s.status = 'queued' AND coalesce(m.held - m.posted - m.voided, 0) <> coalesce(s.cost_micro, 0)
            THEN 'is queued, and its hold is not its cost'
        WHEN s.status = 'failed' AND (coalesce(m.posts, 0) > 0 OR m.held <> m.voided)
            THEN 'failed, and its money was not given back'
        WHEN s.status IN ('sent', 'delivered', 'undelivered') AND s.price_micro > 0 AND coalesce(m.posts, 0) = 0
            THEN 'was sent and never charged'
        WHEN s.status IN ('sent', 'delivered', 'undelivered')
            AND (coalesce(m.posted, 0) <> coalesce(s.cost_micro, 0) OR m.held <> m.posted)
            THEN 'was not charged what it was held for and shows'
    END AS problem
    FROM sms s FULL JOIN money m ON m.account_id = s.account_id AND m.subject_id = s.id
)
SELECT account_id, sms_id, problem FROM judged WHERE problem IS NOT NULL
"""  # noqa: S608 - no value of anybody's

# That an account's holds are those of its messages and calls follows from these and from the balances.
_CALLS = f"""
WITH money AS ({_money("call")}), judged AS (
    SELECT coalesce(c.account_id, m.account_id) AS account_id, coalesce(c.id, m.subject_id) AS call_id, CASE
        WHEN c.id IS NULL THEN 'does not exist, but the ledger has entries for it'
        WHEN m.posts > 1 THEN 'was charged more than once'
        WHEN m.voids > 1 THEN 'was given back more than once'
        WHEN coalesce(m.held, 0) <> c.held_micro THEN 'was not held for what it says'
        WHEN c.ended_at IS NULL AND (m.posts > 0 OR m.voids > 0) THEN 'is not over, and its hold is gone'
        WHEN c.ended_at IS NOT NULL AND coalesce(m.posted, 0) <> coalesce(c.cost_micro, -1)
            THEN 'was not charged what it shows'
        WHEN c.ended_at IS NOT NULL AND coalesce(m.held - m.posted - m.voided, 0) <> 0
            THEN 'is over, and its hold is not'
        WHEN c.answered_at IS NULL AND c.cost_micro > 0 THEN 'was not answered, and cost something'
    END AS problem
    FROM calls c FULL JOIN money m ON m.account_id = c.account_id AND m.subject_id = c.id
)
SELECT account_id, call_id, problem FROM judged WHERE problem IS NOT NULL
"""  # noqa: S608 - no value of anybody's

_DAYS = """
WITH paid AS (
    SELECT account_id, (created_at AT TIME ZONE 'UTC')::date AS day, category, sum(amount_micro) AS micro
    FROM ledger_entries WHERE move IN ('post', 'charge') GROUP BY 1, 2, 3
)
SELECT account_id, day, category, coalesce(u.cost_micro, 0) AS cost, coalesce(p.micro, 0) AS ledger
FROM usage_days u FULL JOIN paid p USING (account_id, day, category)
WHERE coalesce(u.cost_micro, 0) <> coalesce(p.micro, 0)
ORDER BY 1, 2, 3
"""


def _explain_balance(row: Any) -> str:
    account = ids.show("acct", row["account_id"])
    if row["unknown"]:
        return f"{account}: does not exist, but the ledger has entries for it"
    wrong = [
        f"{name} is {usd(int(row[name]))} USD, the ledger says {usd(int(row[f'ledger_{name}']))} USD"
        for name in ("balance", "held")
        if row[name] != row[f"ledger_{name}"]
    ]
    return f"{account}: {'; '.join(wrong)}"


def _explain_message(row: Any) -> str:
    message = "a message without an id" if row["sms_id"] is None else ids.show("sms", row["sms_id"])
    return f"{ids.show('acct', row['account_id'])}: {message} {row['problem']}"


def _explain_call(row: Any) -> str:
    call = "a call without an id" if row["call_id"] is None else ids.show("call", row["call_id"])
    return f"{ids.show('acct', row['account_id'])}: {call} {row['problem']}"


def _explain_day(row: Any) -> str:
    return (
        f"{ids.show('acct', row['account_id'])}: usage of {row['category']} on {row['day']} is"
        f" {usd(int(row['cost']))} USD, the ledger says {usd(int(row['ledger']))} USD"
    )


CHECKS: list[tuple[str, Callable[[Any], str]]] = [
    (_BALANCES, _explain_balance),
    (_MESSAGES, _explain_message),
    (_CALLS, _explain_call),
    (_DAYS, _explain_day),
]
"""Statement, and the sentence for each row that it finds."""
