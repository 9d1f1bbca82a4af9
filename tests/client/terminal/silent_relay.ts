/** A relay before a daemon that keeps terminals' connections open when the daemon is gone. @module */

/** A relay as clients see it. */
export interface SilentRelay extends AsyncDisposable {
  /** Its address. */
  readonly url: string;
  /** From now on the present terminals' connections carry nothing. */
  silence(): void;
}

interface Tunnel {
  readonly client: Deno.Conn;
  readonly daemon: Deno.Conn;
  isTerminal: boolean;
  isSilent: boolean;
}

/** Listens before the daemon at that address. A terminal never learns from it that the daemon hung up. */
export function startSilentRelay(daemonUrl: string): SilentRelay {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = Number(new URL(daemonUrl).port);
  const tunnels = new Set<Tunnel>();
  const serving = (async () => {
    const open: Promise<unknown>[] = [];
    for await (const client of listener) {
      const daemon = await Deno.connect({ hostname: "127.0.0.1", port });
      const tunnel: Tunnel = { client, daemon, isTerminal: false, isSilent: false };
      tunnels.add(tunnel);
      open.push(carry(tunnel).finally(() => tunnels.delete(tunnel)));
    }
    await Promise.all(open);
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    silence() {
      for (const tunnel of tunnels) if (tunnel.isTerminal) tunnel.isSilent = true;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const { client, daemon } of tunnels) for (const each of [client, daemon]) shut(each);
      await serving;
    },
  };
}

async function carry(tunnel: Tunnel): Promise<void> {
  const { client, daemon } = tunnel;
  const downward = copy(daemon, client, tunnel, () => {}).then(() => {
    if (!tunnel.isTerminal) shut(client);
  });
  await copy(client, daemon, tunnel, (text) => {
    tunnel.isTerminal ||= /^GET \S+\/terminal /.test(text);
  });
  for (const each of [client, daemon]) shut(each);
  await downward;
}

async function copy(
  from: Deno.Conn,
  to: Deno.Conn,
  tunnel: Tunnel,
  see: (text: string) => void,
): Promise<void> {
  const bytes = new Uint8Array(16_384);
  for (;;) {
    const length = await from.read(bytes).catch(() => null);
    if (length === null) return;
    const piece = bytes.subarray(0, length);
    see(new TextDecoder().decode(piece));
    if (tunnel.isSilent) continue;
    for (let at = 0; at < length;) {
      const written = await to.write(piece.subarray(at)).catch(() => 0);
      if (written === 0) break;
      at += written;
    }
  }
}

function shut(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
