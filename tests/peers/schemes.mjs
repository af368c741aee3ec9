// Answers for the Node.js libraries of the scheme in the first argument: first who it is, then one line for each
// that comes in. Shopify's signature is that of its documentation, with the crypto of Node.js.
import { createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { Webhook as Standard } from "standardwebhooks";
import Stripe from "stripe";
import { Webhook as Svix } from "svix";

const stripe = new Stripe("sk_test_unused");

const shopify = (secret, body) => createHmac("sha256", secret).update(body).digest("base64");

const withId = (Library, prefix) => ({
  sign: ({ secret, id, timestamp }, body) => ({
    [`${prefix}-id`]: id,
    [`${prefix}-timestamp`]: `${timestamp}`,
    [`${prefix}-signature`]: new Library(secret).sign(id, new Date(timestamp * 1000), body),
  }),
  verify: ({ secret, headers }, body) => {
    // It throws if it rejects.
    new Library(secret).verify(body, headers);
    return true;
  },
});

const peers = {
  shopify: {
    sign: ({ secret }, body) => ({ "x-shopify-hmac-sha256": shopify(secret, body) }),
    verify: ({ secret, headers }, body) =>
      timingSafeEqual(Buffer.from(shopify(secret, body)), Buffer.from(headers["x-shopify-hmac-sha256"])),
  },
  stripe: {
    sign: ({ secret, timestamp }, payload) => ({
      "stripe-signature": stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }),
    }),
    verify: ({ secret, headers }, body) =>
      Boolean(stripe.webhooks.constructEvent(body, headers["stripe-signature"], secret)),
  },
  standard_webhooks: withId(Standard, "webhook"),
  svix: withId(Svix, "svix"),
};

const scheme = process.argv[2];
const library = { standard_webhooks: "standardwebhooks" }[scheme] ?? scheme;
const version = (name) => JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;
const who =
  scheme === "shopify"
    ? { name: "Shopify, with Node.js", version: process.version }
    : { name: library, version: version(library) };

const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

say(who);
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  const body = Buffer.from(asked.body, "base64").toString("utf8");
  let accepts = false;
  try {
    accepts = peers[scheme].verify(asked, body);
  } catch {
    // Rejected.
  }
  say({ headers: peers[scheme].sign(asked, body), accepts });
}
