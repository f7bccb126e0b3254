"""Kannel 1.4.5 of Debian: bearerbox with its SMPP SMSC, and one smsbox.

Tuned as its user guide says: the window as large as everybody's here (max-pending-submits, 10 by default), no
throughput limit, reconnection after a second (10 by default), logs of errors alone and no access log, receipts in
memory (dlr-storage = internal), and the queue in a file (store-type = file): without a store, a kill loses all that
waits; spool, with a file for each message, is slower. What awaits a receipt is lost with the memory, so for faults it
also runs with these in files.
"""

import shutil
import sys
from urllib.parse import quote

from gateways.gateway import PASSWORD, SYSTEM_ID, WINDOW, Gateway, kill, wait_for_port
from gateways.load import TEXT, Target
from nokyc.torture.ports import free_port

CONFIG = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = bench
smsbox-port = {box}
smsbox-interface = 127.0.0.1
log-file = {folder}/bearerbox.log
log-level = 3
dlr-storage = {receipts}
dlr-spool = {folder}/receipts
store-type = file
store-location = {folder}/store
box-allow-ip = 127.0.0.1
smsbox-max-pending = 1000

group = smsc
smsc = smpp
smsc-id = sink
host = 127.0.0.1
port = {smsc}
transceiver-mode = true
smsc-username = {system_id}
smsc-password = {password}
system-type = ""
msg-id-type = 0x00
max-pending-submits = {window}
reconnect-delay = 1
enquire-link-interval = 30

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {http}
sendsms-interface = 127.0.0.1
max-pending-requests = 1000
log-file = {folder}/smsbox.log
log-level = 3

group = sendsms-user
username = bench
password = bench
"""


class Kannel(Gateway):
    name = "Kannel 1.4.5"
    supports = "bearerbox, smsbox"
    receipts = "internal"

    def start(self) -> Target:
        programs = shutil.which("bearerbox"), shutil.which("smsbox")
        if None in programs:
            sys.exit("Kannel is not installed: apt-get install kannel")
        self._http, self._box = free_port(), free_port()
        (self.folder / "receipts").mkdir()
        self._config = self.folder / "kannel.conf"
        self._config.write_text(
            CONFIG.format(
                admin=free_port(), box=self._box, http=self._http, smsc=self.smsc_port, folder=self.folder,
                system_id=SYSTEM_ID, password=PASSWORD, window=WINDOW, receipts=self.receipts,
            )
        )  # fmt: skip
        self.restart()
        told = quote(f"http://127.0.0.1:{self.customer_port}/", safe="") + "{token}"
        text = quote(TEXT, safe="{}")
        query = f"username=bench&password=bench&from=33647000001&to=33612345678&text={text}&dlr-mask=3&dlr-url={told}"
        return Target(self._http, f"GET /cgi-bin/sendsms?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n")

    def restart(self) -> None:
        self.spawn(["bearerbox", self._config])
        wait_for_port(self._box)
        self.spawn(["smsbox", self._config])
        wait_for_port(self._http)

    def kill(self) -> None:
        for process in self.processes:
            kill(process)
        self.processes.clear()


class KannelWithFiles(Kannel):
    name = "Kannel 1.4.5, receipts in files"
    receipts = "spool"
