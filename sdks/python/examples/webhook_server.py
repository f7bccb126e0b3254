"""A webhook receiver with nothing but the standard library: WEBHOOK_SECRET=whsec_… python webhook_server.py"""

import os
from http.server import BaseHTTPRequestHandler, HTTPServer

from nokycnumber import SignatureVerificationError, construct_event
from nokycnumber.events import SmsReceivedEvent


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            event = construct_event(body, self.headers.get("X-NoKYC-Signature"), os.environ["WEBHOOK_SECRET"])
        except SignatureVerificationError:
            self.send_response(400)
        else:
            if isinstance(event, SmsReceivedEvent):
                print("from", event.data.object.from_e164, flush=True)
            self.send_response(204)
        self.end_headers()


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8000"))), Handler).serve_forever()
