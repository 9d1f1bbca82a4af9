/** Asking for a WebSocket where a refusal is expected, which `fetch` cannot. @module */

/** The refusal. */
export interface Refusal {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const headers = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
  origin: "http://localhost:3000",
};

/** Asks, and reads as much as the answer says it is long. */
export async function askUpgrade(
  url: string,
  path: string,
  authorization: string,
): Promise<Refusal> {
  const { hostname, port, host } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const lines = Object.entries({ host, ...headers, authorization })
    .map(([name, value]) => `${name}: ${value}\r\n`);
  await connection.write(new TextEncoder().encode(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`));
  const decoder = new TextDecoder();
  const bytes = new Uint8Array(4096);
  let text = "";
  for (;;) {
    const read = await connection.read(bytes);
    text += decoder.decode(bytes.subarray(0, read ?? 0), { stream: true });
    if (read === null || isWhole(text)) break;
  }
  const [head = "", body = ""] = text.split(/\r\n\r\n(.*)/s);
  const contentType = /^content-type: ([^;\r]+)/im.exec(head)?.[1] ?? "";
  return { status: Number(/^HTTP\/1.1 (\d+)/.exec(head)?.[1]), contentType, body };
}

function isWhole(text: string): boolean {
  const [head = "", body] = text.split(/\r\n\r\n(.*)/s);
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  return body !== undefined && length !== undefined && body.length >= Number(length);
}
