"""Go through all messages; pages are fetched as they are needed."""

from nokycnumber import NoKYCNumber


def main() -> None:
    total = 0
    with NoKYCNumber() as client:
        for sms in client.sms.list(direction="outbound", limit=100):
            print(sms.id, sms.status, sms.created_at.isoformat())
            total += 1
    print(total, "messages")


if __name__ == "__main__":
    main()
