// What the types promise a CommonJS module: compiled, not run.
import sdk = require("@nokycnumber/sdk");
import testing = require("@nokycnumber/sdk/testing");

export const client: sdk.NoKYCNumber = new testing.Replies().client();
export const call: Promise<sdk.WithResponse<sdk.Account>> = client.account.get();
