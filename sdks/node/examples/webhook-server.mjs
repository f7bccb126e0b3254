// A webhook receiver with nothing but Node: WEBHOOK_SECRET=whsec_… node webhook-server.mjs
import { createServer } from "node:http";
import { constructEvent, SignatureVerificationError } from "@nokycnumber/sdk";

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    const header = request.headers["x-nokyc-signature"];
    const event = constructEvent(Buffer.concat(chunks), header, process.env.WEBHOOK_SECRET);
    if (event.type === "sms.received") console.log("from", event.data.object.from_e164);
    response.writeHead(204).end();
  } catch (error) {
    if (!(error instanceof SignatureVerificationError)) throw error;
    response.writeHead(400).end();
  }
}).listen(Number(process.env.PORT ?? 8000), "127.0.0.1");
