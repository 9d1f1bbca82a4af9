/** Bytes as Go's JSON writes them: a stray byte is U+FFFD, one for each. @module */

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
