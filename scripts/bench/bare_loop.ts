/**
 * The smallest program that answers `initialize` and calls of three tools on Deno, one request to the
 * daemon each: the reference for the server.
 */
const base = Deno.args[0] ?? "";
const authorization = Deno.args[1] ?? "";
const encoder = new TextEncoder();
let rest = "";
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) continue;
    let result: unknown = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: {} };
    if (method === "tools/call") {
      const { name, arguments: { username } } = params;
      const path = name === "get_metrics" ? "/v1/metrics" : "/v1/containers";
      const url = username === undefined ? base + path : `${base}${path}/${username}`;
      const response = await fetch(url, { headers: { authorization } });
      result = { content: [{ type: "text", text: await response.text() }] };
    }
    await Deno.stdout.write(encoder.encode(JSON.stringify({ jsonrpc: "2.0", id, result }) + "\n"));
  }
}
