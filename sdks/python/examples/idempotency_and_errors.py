"""Keys of one's own, and what can go wrong."""

from nokycnumber import APIConnectionError, NoKYCNumber, NotFoundError, PaymentRequiredError, RateLimitError


def main() -> None:
    with NoKYCNumber(max_retries=2, timeout=10) as client:
        try:
            sms = client.sms.create(
                from_="num_000000000000", to="+33612345678", body="Hello", idempotency_key="order-1042"
            )
            print(sms.id)
        except PaymentRequiredError as error:
            print("top up first:", error)
        except NotFoundError as error:
            print(f"{error.message} Support would ask for {error.request_id}.")
        except RateLimitError as error:
            print("try again in", error.retry_after, "seconds")
        except APIConnectionError as error:
            print("no answer; repeat it with the same key:", error)


if __name__ == "__main__":
    main()
