"""Many calls at once with the awaiting client."""

import asyncio

from nokycnumber import AsyncNoKYCNumber


async def main() -> None:
    async with AsyncNoKYCNumber(app="example/1.0") as client:
        account, numbers = await asyncio.gather(client.account.get(), client.numbers.list(status="active"))
        print(account.balance_usd, "USD,", len(numbers.data), "numbers")
        async for event in client.events.list(type="sms.*"):
            print(event.type, event.created)


if __name__ == "__main__":
    asyncio.run(main())
