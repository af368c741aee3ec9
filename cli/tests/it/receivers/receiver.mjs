// A receiver as tutorials show it: parses the JSON, writes it again for the HMAC, and compares with `===`.
// For tests only: it has several weaknesses on purpose.
import { createHmac } from "node:crypto";
import { createServer } from "node:http";

const { APP_SECRET, VERIFY_TOKEN } = process.env;

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  if (request.method === "GET") {
    if (
      url.searchParams.get("hub.mode") === "subscribe" &&
      url.searchParams.get("hub.verify_token") === VERIFY_TOKEN
    ) {
      response.writeHead(200, { "Content-Type": "text/html" });
      response.end(url.searchParams.get("hub.challenge"));
    } else {
      response.writeHead(403).end();
    }
    return;
  }
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    try {
      const body = JSON.parse(Buffer.concat(chunks).toString());
      const hash = createHmac("sha256", APP_SECRET).update(JSON.stringify(body)).digest("hex");
      if (request.headers["x-hub-signature-256"] !== `sha256=${hash}`) {
        response.writeHead(401).end("Invalid signature");
        return;
      }
      response.writeHead(200).end("EVENT_RECEIVED");
    } catch (error) {
      response.writeHead(500).end("Internal Server Error");
    }
  });
});

server.listen(0, "127.0.0.1", () => console.log(server.address().port));
