"""Find a number, activate it, send an SMS with it: NOKYC_API_KEY=sk_test_… python send_sms.py"""

from nokycnumber import NoKYCNumber


def main() -> None:
    with NoKYCNumber() as client:
        offer = client.numbers.available(country="fr", type="mobile").data[0]
        number = client.numbers.create(available_id=offer.id, billing_period="monthly")
        sms = client.sms.create(from_=number.id, to="+33612345678", body="Bonjour. Your code is 482917.")
        print(f"{sms.id} from {number.display}: {sms.status}, {sms.segments} segment, {sms.cost_usd} USD")


if __name__ == "__main__":
    main()
