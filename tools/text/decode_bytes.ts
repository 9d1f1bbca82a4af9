const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads bytes as UTF-8. A byte that is none becomes the surrogate U+DC00 + byte, which no UTF-8 gives
 * and which is shown as `\u{dcff}`, so that no two outputs look alike.
 */
export function decodeBytes(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    // Not all of it is UTF-8: piece by piece, then.
  }
  const pieces: string[] = [];
  let start = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = characterLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    pieces.push(decoder.decode(bytes.subarray(start, at)));
    pieces.push(String.fromCharCode(0xdc00 + (bytes[at] ?? 0)));
    at += 1;
    start = at;
  }
  pieces.push(decoder.decode(bytes.subarray(start)));
  return pieces.join("");
}

/** How many bytes the character at `at` has; 0 where there is none. */
function characterLength(bytes: Uint8Array, at: number): number {
  const [first = 0, second = 0] = bytes.subarray(at, at + 2);
  if (first < 0x80) return 1;
  const length = first >= 0xc2 && first <= 0xdf
    ? 2
    : first >= 0xe0 && first <= 0xef
    ? 3
    : first >= 0xf0 && first <= 0xf4
    ? 4
    : 0;
  // Longer forms than needed, surrogates, and what is beyond Unicode.
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (length === 0 || second < lowest || second > highest) return 0;
  const rest = bytes.subarray(at + 2, at + length);
  const isWhole = rest.length === length - 2 && rest.every((byte) => byte >= 0x80 && byte <= 0xbf);
  return isWhole ? length : 0;
}
