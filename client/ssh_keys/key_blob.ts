/**
 * Decodes the base64 of a public key: fields, each after its length in four bytes.
 *
 * @module
 */

import { own } from "../wire.ts";

/** Minimum bits of an RSA key, as OpenSSH has advised since 2018. */
const MIN_RSA_BITS = 2_048;
/** OpenSSH accepts no longer ones. */
const MAX_RSA_BITS = 16_384;
const ED25519_BYTES = 32;

/** Length of an uncompressed point of each curve, in bytes. */
const pointBytes: Readonly<Record<string, number>> = {
  nistp256: 65,
  nistp384: 97,
  nistp521: 133,
};

/** Decodes base64 as strictly as OpenSSH: padded, no stray bits, no white space. */
export function decodeBlob(base64: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  try {
    return Uint8Array.fromBase64(base64, { lastChunkHandling: "strict" });
  } catch {
    return undefined;
  }
}

/** Returns the type in a blob's first field. */
export function innerType(blob: Uint8Array): string | undefined {
  const field = fieldAt(blob, 0);
  return field === undefined ? undefined : new TextDecoder().decode(field);
}

/** Returns why a blob is not a key of its type, or should not be authorized; `undefined` if it is fine. */
export function blobProblem(type: string, blob: Uint8Array): string | undefined {
  if (/-cert-v\d+@/.test(type)) {
    return "this is a certificate, which its owner presents at login and which is trusted through its " +
      "authority: pass the key itself (the .pub file without -cert in its name)";
  }
  if (type === "ssh-dss") {
    return "DSA keys are broken, and OpenSSH no longer accepts them: create an ed25519 key";
  }
  const inner = innerType(blob);
  if (inner !== type) {
    return inner !== undefined && /^[\w@.-]+$/.test(inner)
      ? `it says ${type}, but its base64 holds a key of type ${inner}`
      : "its base64 is damaged: copy the whole line of the .pub file";
  }
  const [, ...fields] = readFields(blob) ?? [];
  if (fields.length === 0) {
    return "its base64 is truncated, or something is appended to it: copy the whole line of the .pub file";
  }
  return fieldsProblem(type, fields);
}

function fieldsProblem(type: string, fields: readonly Uint8Array[]): string | undefined {
  const hasShape = fitsShape(type, fields);
  if (hasShape === undefined) {
    return `${type} is not a key type that OpenSSH knows: create an ed25519 key`;
  }
  if (!hasShape) {
    const isNumbers = type === "ssh-rsa" && fields.length === 2;
    return isNumbers
      ? "its numbers are not those of an RSA key: copy the whole line of the .pub file"
      : `its base64 is not that of an ${type} key: copy the whole line of the .pub file`;
  }
  const bits = type === "ssh-rsa" ? bitsOf(fields[1] ?? new Uint8Array()) : MIN_RSA_BITS;
  return bits < MIN_RSA_BITS
    ? `an RSA key of ${bits} bits is too weak, the minimum is ${MIN_RSA_BITS}: create an ed25519 key`
    : undefined;
}

/**
 * Returns whether a blob is a complete key, even a weak one, or of an unknown type. sshd ignores
 * any other, such as one that ends after its type.
 */
export function isWholeKey(type: string, blob: Uint8Array): boolean {
  const [inner, ...fields] = readFields(blob) ?? [];
  if (inner === undefined || new TextDecoder().decode(inner) !== type) return false;
  return fitsShape(type, fields) ?? fields.some(({ length }) => length > 0);
}

/** Returns whether the fields after the type are valid for it; `undefined` for an unknown type. */
function fitsShape(type: string, fields: readonly Uint8Array[]): boolean | undefined {
  const [first = new Uint8Array(), second = new Uint8Array()] = fields;
  switch (type) {
    case "ssh-ed25519":
      return fields.length === 1 && first.length === ED25519_BYTES;
    case "sk-ssh-ed25519@openssh.com":
      return fields.length === 2 && first.length === ED25519_BYTES;
    case "ssh-rsa":
      return fields.length === 2 && areRsaNumbers(first, second);
    case "ecdsa-sha2-nistp256":
    case "ecdsa-sha2-nistp384":
    case "ecdsa-sha2-nistp521":
      return fields.length === 2 && isPoint(type.slice("ecdsa-sha2-".length), first, second);
    case "sk-ecdsa-sha2-nistp256@openssh.com":
      return fields.length === 3 && isPoint("nistp256", first, second);
    default:
      return undefined;
  }
}

function areRsaNumbers(exponent: Uint8Array, modulus: Uint8Array): boolean {
  const isOdd = [exponent, modulus].every((number) => (number.at(-1) ?? 0) % 2 === 1);
  const isPositive = [exponent, modulus].every((number) => (number[0] ?? 0x80) < 0x80);
  return isOdd && isPositive && bitsOf(exponent) >= 2 && bitsOf(modulus) <= MAX_RSA_BITS;
}

function bitsOf(number: Uint8Array): number {
  const first = number.findIndex((byte) => byte !== 0);
  if (first === -1) return 0;
  return (number.length - first) * 8 - (Math.clz32(number[first] ?? 0) - 24);
}

function isPoint(curve: string, named: Uint8Array, point: Uint8Array): boolean {
  return new TextDecoder().decode(named) === curve && point.length === own(pointBytes, curve) &&
    point[0] === 4;
}

function readFields(blob: Uint8Array): readonly Uint8Array[] | undefined {
  const fields: Uint8Array[] = [];
  for (let at = 0; at < blob.length;) {
    const field = fieldAt(blob, at);
    if (field === undefined) return undefined;
    fields.push(field);
    at += 4 + field.length;
  }
  return fields;
}

function fieldAt(blob: Uint8Array, at: number): Uint8Array | undefined {
  if (at + 4 > blob.length) return undefined;
  const length = new DataView(blob.buffer, blob.byteOffset, blob.byteLength).getUint32(at);
  const end = at + 4 + length;
  return end > blob.length ? undefined : blob.subarray(at + 4, end);
}

/** A key's fingerprint as OpenSSH prints it: `SHA256:` and base64 without padding. */
export async function fingerprintOf(blob: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", blob));
  return `SHA256:${digest.toBase64({ omitPadding: true })}`;
}
