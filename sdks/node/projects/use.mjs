// An ES module that uses the package as it is installed.
import assert from "node:assert/strict";
import Default, { Decimal, NoKYCNumber, VERSION, generateTestHeader } from "@nokycnumber/sdk";
import { Replies } from "@nokycnumber/sdk/testing";

assert.equal(Default, NoKYCNumber);
assert.match(VERSION, /^\d+\.\d+\.\d+$/);
assert.match(generateTestHeader("{}", "whsec_a", 1), /^t=1,v1=[0-9a-f]{64}$/);
const replies = new Replies();
replies.add(200, { object: "account", balance_usd: 0.1 });
const account = await replies.client().account.get();
assert.equal(String(account.balance_usd.plus(new Decimal("0.2"))), "0.3");
console.log("ok");
