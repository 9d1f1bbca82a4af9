/** Eight tables, made on first use, to process eight bytes per step: the n-th advances a byte past n zero bytes. */
let tables: readonly Uint32Array[] = [];

function makeTables(): readonly Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
    return crc;
  });
  const made = [first];
  for (let n = 1; n < 8; n++) {
    const before = made[n - 1] ?? first;
    made.push(before.map((crc) => (crc << 8) ^ (first[crc >>> 24] ?? 0)));
  }
  return made;
}

/** Returns the checksum that POSIX `cksum` prints. */
export function cksum(bytes: Uint8Array): number {
  const crc = advance(advance(0, bytes), lengthBytes(bytes.length));
  return ~crc >>> 0;
}

function advance(start: number, bytes: Uint8Array): number {
  if (tables.length === 0) tables = makeTables();
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;
  if (!t0 || !t1 || !t2 || !t3 || !t4 || !t5 || !t6 || !t7) throw new Error("unreachable");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let crc = start;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    const high = crc ^ view.getUint32(at);
    const low = view.getUint32(at + 4);
    crc = (t7[high >>> 24] ?? 0) ^ (t6[(high >>> 16) & 255] ?? 0) ^
      (t5[(high >>> 8) & 255] ?? 0) ^ (t4[high & 255] ?? 0) ^
      (t3[low >>> 24] ?? 0) ^ (t2[(low >>> 16) & 255] ?? 0) ^
      (t1[(low >>> 8) & 255] ?? 0) ^ (t0[low & 255] ?? 0);
  }
  for (; at < bytes.length; at++) {
    crc = (crc << 8) ^ (t0[(crc >>> 24) ^ (bytes[at] ?? 0)] ?? 0);
  }
  return crc;
}

/** Returns the bytes of the length, lowest first, without trailing zeros. */
function lengthBytes(length: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  return Uint8Array.from(bytes);
}
