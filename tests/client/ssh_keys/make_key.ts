/**
 * Makes real public keys, as lines of `.pub` files.
 *
 * @module
 */

/** The types that are made here. */
export type MadeType =
  | "ssh-ed25519"
  | "ecdsa-sha2-nistp256"
  | "ecdsa-sha2-nistp384"
  | "ssh-rsa";

/** How a key is made. */
export interface MakeOptions {
  /** Its type. @default {"ssh-ed25519"} */
  readonly type?: MadeType;
  /** Bits of an RSA key. @default {2048} */
  readonly bits?: number;
  /** Whether its base64 has a slash. @default It may */
  readonly hasSlash?: boolean;
}

/** One key, new each time: type and base64. None that the daemon would take for a placeholder. */
export async function makeKey(
  { type = "ssh-ed25519", bits = 2_048, hasSlash }: MakeOptions = {},
): Promise<string> {
  for (;;) {
    const text = blob(type, ...await fieldsOf(type, bits)).toBase64();
    const fits = hasSlash === undefined || hasSlash === text.includes("/");
    if (fits && !/todo/i.test(text)) return `${type} ${text}`;
  }
}

/** A key of 32 bytes that are given, without the pains of making a pair. */
export function ed25519Of(bytes: Uint8Array): string {
  return `ssh-ed25519 ${blob("ssh-ed25519", bytes).toBase64()}`;
}

/** The fields of a key, each after its length. */
export function blob(...fields: readonly (string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const parts = fields.flatMap((field) => {
    const bytes = typeof field === "string" ? new TextEncoder().encode(field) : field;
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.length);
    return [length, bytes];
  });
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

async function fieldsOf(type: MadeType, bits: number): Promise<(string | Uint8Array)[]> {
  switch (type) {
    case "ssh-ed25519":
      return [await rawKey("Ed25519")];
    case "ecdsa-sha2-nistp256":
      return ["nistp256", await rawKey({ name: "ECDSA", namedCurve: "P-256" })];
    case "ecdsa-sha2-nistp384":
      return ["nistp384", await rawKey({ name: "ECDSA", namedCurve: "P-384" })];
    case "ssh-rsa":
      return await rsaNumbers(bits);
  }
}

async function rawKey(algorithm: "Ed25519" | EcKeyGenParams): Promise<Uint8Array> {
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  if (!("publicKey" in pair)) throw new Error("Not a pair");
  return new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
}

async function rsaNumbers(modulusLength: number): Promise<Uint8Array[]> {
  const { publicKey } = await crypto.subtle.generateKey(
    {
      name: "RSASSA-PKCS1-v1_5",
      modulusLength,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: "SHA-256",
    },
    true,
    ["sign", "verify"],
  );
  const { n = "", e = "" } = await crypto.subtle.exportKey("jwk", publicKey);
  return [e, n].map((text) => positive(Uint8Array.fromBase64(text, { alphabet: "base64url" })));
}

/** A number whose first bit is set needs a zero in front, or it would be negative. */
function positive(number: Uint8Array): Uint8Array {
  return (number[0] ?? 0) < 0x80 ? number : new Uint8Array([0, ...number]);
}
