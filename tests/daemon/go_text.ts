/** Text as Go writes it: bytes in JSON, where a stray byte is U+FFFD, and what it says of a time that is none. @module */

const chunkBytes = 4096;

/** The texts of the frames that these bytes go out in: a character that is cut is lost on both sides. */
export function chunkText(bytes: Uint8Array): readonly string[] {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    texts.push(goText(bytes.subarray(at, at + chunkBytes)));
  }
  return texts;
}

function goText(bytes: Uint8Array): string {
  const cut = cutBytes(bytes);
  const whole = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    bytes.subarray(0, bytes.length - cut),
  );
  return whole + "\uFFFD".repeat(cut);
}

/** How many bytes at the end are the beginning of a character; `TextDecoder` would make one U+FFFD of them. */
function cutBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return back < lengthOf(byte) ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

function lengthOf(lead: number): number {
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}

/** What Go's `time.Parse` says of a text that is no RFC 3339 time; undefined when it is one. */
export function goTimeProblem(text: string): string | undefined {
  const layout = "2006-01-02T15:04:05Z07:00";
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  return `parsing time "${text}" as "${layout}": cannot parse "${text}" as "2006"`;
}
