/** The smallest program that answers `initialize` and one tool call on Deno: the reference for the server. */
const url = Deno.args[0] ?? "";
const authorization = Deno.args[1] ?? "";
const encoder = new TextEncoder();
let rest = "";
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    const { id, method } = JSON.parse(line);
    if (id === undefined) continue;
    let result: unknown = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: {} };
    if (method === "tools/call") {
      const response = await fetch(url, { headers: { authorization } });
      result = { content: [{ type: "text", text: await response.text() }] };
    }
    await Deno.stdout.write(encoder.encode(JSON.stringify({ jsonrpc: "2.0", id, result }) + "\n"));
  }
}
