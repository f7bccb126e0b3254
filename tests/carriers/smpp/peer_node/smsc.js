// An SMSC on the npm library `smpp`. Says what it sees and takes orders as JSON lines over stdout and stdin.
'use strict';

const readline = require('readline');
const smpp = require('smpp');

smpp.encodings.default = 'ASCII'; // this library's name for GSM 03.38

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');
const sessions = new Set();
const next = []; // treatments of the submissions to come: a command_status, or 'silent'
let serial = 0;
let port = 0;
let server = null;

function listen() {
  server = smpp.createServer({}, (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    session.on('error', () => session.destroy());
    for (const kind of ['bind_transceiver', 'bind_transmitter', 'bind_receiver']) {
      session.on(kind, (pdu) => bind(session, pdu, kind));
    }
    session.on('submit_sm', (pdu) => submit(session, pdu));
    session.on('enquire_link', (pdu) => session.send(pdu.response()));
    session.on('unbind', (pdu) => session.send(pdu.response()));
  });
  server.listen(port, '127.0.0.1', () => {
    port = server.address().port;
    say({ listening: port });
  });
}

function bind(session, pdu, kind) {
  const known = pdu.system_id === 'nokyc' && pdu.password === 'secret';
  session.receives = known && kind !== 'bind_transmitter';
  session.send(pdu.response({ command_status: known ? 0 : smpp.ESME_RINVPASWD }));
}

function submit(session, pdu) {
  const treatment = next.shift() || 0;
  if (treatment === 'silent') return;
  if (treatment) {
    session.send(pdu.response({ command_status: treatment }));
    return;
  }
  const udh = pdu.short_message.udh;
  const text = pdu.short_message.message;
  say({ text, part: udh ? [...udh[0]].slice(2) : null, to: pdu.destination_addr });
  session.send(pdu.response({ message_id: `Node-${++serial}` }));
}

const orders = {
  next: ({ treatment }) => {
    next.push(treatment);
    say({ done: true });
  },
  vanish: () => {
    const closed = server;
    for (const session of sessions) session.destroy();
    closed.close(() => say({ done: true }));
  },
  listen,
  deliver: ({ pdu }) => {
    const receiver = [...sessions].find((session) => session.receives);
    receiver.deliver_sm(pdu, (answer) => say({ answered: answer.command_status }));
  },
};

readline
  .createInterface({ input: process.stdin })
  .on('line', (line) => {
    const order = JSON.parse(line);
    orders[order.order](order);
  })
  .on('close', () => process.exit(0));
listen();
