/**
 * Returns what a server printed without what differs between runs and machines: ports, times, marks,
 * durations, IDs, prompts, and usage of containers.
 */
export function settled(text: string): string {
  return text
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:8080")
    .replaceAll(/"local":"[^"]*"/g, '"local":"/home/me/site"')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "2026-11-20T08:00:00Z")
    .replaceAll(/\d{8}T\d{6}Z/g, "20261120T080000Z")
    .replaceAll(/(<<<\w+ |>>>)[0-9a-f]{8}/g, "$19f86d081")
    .replaceAll(
      /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g,
      "b78daded-5112-47c7-9f6f-76d420ac3389",
    )
    .replaceAll(/\b\d+(\.\d+)? ms\b/g, "52 ms")
    .replaceAll(/(terminal_id"?: ?"?)[0-9a-f]{20}/g, "$1c4a82ee7ce7e4099bb7b")
    .replaceAll(/^\S+@\S+:~[#$]/gm, "alice@alice-container:~$")
    .replaceAll(/cursor: row (\d+), column \d+/g, "cursor: row $1, column 26")
    .replaceAll(/\b(20|28)\.\d MB/g, (_all, whole) => whole === "20" ? "20.8 MB" : "28.4 MB")
    .replaceAll(/\b\d+(\.\d)? kB/g, "1.9 kB")
    .replaceAll(/^(alice +|cpu_s: )\d+(?= +20|$)/gm, "$10")
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .trim();
}
