// A CommonJS module that uses the package as it is installed.
const assert = require("node:assert/strict");
const { NoKYCNumber, NotFoundError } = require("@nokycnumber/sdk");
const { Replies } = require("@nokycnumber/sdk/testing");

const replies = new Replies();
replies.add(404, { error: { type: "invalid_request_error", code: "resource_missing", message: "No." } });
assert.ok(replies.client() instanceof NoKYCNumber);
replies.client().sms.get("sms_1").then(
  () => assert.fail("it was found"),
  (error) => {
    assert.ok(error instanceof NotFoundError);
    console.log("ok");
  },
);
