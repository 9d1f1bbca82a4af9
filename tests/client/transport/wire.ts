/** A daemon that shows the bytes it gets. */

/** What arrived, as it arrived. */
export interface Wire extends AsyncDisposable {
  /** Its address. */
  readonly url: string;
  /** The requests of each connection, in the order in which the connections were made. */
  readonly connections: readonly (readonly string[])[];
}

/**
 * Listens, and answers every request whose head arrives.
 *
 * @param hostname Where it listens: `127.0.0.1`, `::1`
 * @param answer The head and body of each response; "" hangs up instead
 */
export function startWire(hostname: string, answer: string = json({ containers: [] })): Wire {
  const listener = Deno.listen({ hostname, port: 0 });
  const connections: string[][] = [];
  const serving = serve(listener, connections, new TextEncoder().encode(answer));
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return {
    url: `http://${host}:${listener.addr.port}`,
    connections,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

/** A response that carries JSON and keeps the connection. */
export function json(body: unknown): string {
  const text = JSON.stringify(body);
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
}

/** The first line of a request. */
export function requestLine(request: string): string {
  return request.slice(0, request.indexOf("\r\n"));
}

/** A header of a request, by its lowercase name. */
export function headerOf(request: string, name: string): string | undefined {
  return new RegExp(`^${name}: (.*)\r$`, "im").exec(request)?.[1];
}

async function serve(
  listener: Deno.TcpListener,
  connections: string[][],
  answer: Uint8Array,
): Promise<void> {
  const open: Promise<void>[] = [];
  for await (const connection of listener) {
    const requests: string[] = [];
    connections.push(requests);
    open.push(talk(connection, requests, answer));
  }
  await Promise.all(open);
}

async function talk(connection: Deno.TcpConn, requests: string[], answer: Uint8Array) {
  using _ = connection;
  const buffer = new Uint8Array(64 * 1024);
  try {
    for (;;) {
      const length = await connection.read(buffer);
      if (length === null) return;
      requests.push(new TextDecoder().decode(buffer.subarray(0, length)));
      if (answer.length === 0) return;
      await connection.write(answer);
    }
  } catch (error) {
    // A client that gives up resets the connection.
    if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
  }
}
