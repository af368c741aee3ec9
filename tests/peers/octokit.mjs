// Answers for @octokit/webhooks-methods: first who it is, then one line for each that comes in.
//
// The library takes text only, and no empty one. Of other bodies it says nothing; they are signed
// with the HMAC of Node.js alone.
import { isUtf8 } from "node:buffer";
import { createHmac } from "node:crypto";
import { createInterface } from "node:readline";

import { sign, verify } from "@octokit/webhooks-methods";

const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

say({ name: "@octokit/webhooks-methods", version: sign.VERSION });
for await (const line of createInterface({ input: process.stdin })) {
  const { secret, body: encoded, signature } = JSON.parse(line);
  const body = Buffer.from(encoded, "base64");
  if (body.length > 0 && isUtf8(body)) {
    const text = body.toString("utf8");
    say({ signature: await sign(secret, text), accepts: await verify(secret, text, signature) });
  } else {
    const tag = createHmac("sha256", secret).update(body).digest("hex");
    say({ signature: `sha256=${tag}`, accepts: null });
  }
}
