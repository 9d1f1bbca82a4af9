/** Prefixes of addresses as Go's `netip` reads and masks them, with its errors. @module */

/** A prefix in its masked form, or what Go says is wrong. */
export type Prefix = { readonly ok: true; readonly text: string } | {
  readonly ok: false;
  readonly problem: string;
};

/** Reads `10.1.2.3/8` as `10.0.0.0/8`. A prefix of IPv6 is kept as it is. */
export function readPrefix(written: string): Prefix {
  const wrong = (problem: string): Prefix => ({
    ok: false,
    problem: `netip.ParsePrefix("${written}"): ${problem}`,
  });
  const [address = "", bits] = written.split("/");
  if (bits === undefined) return wrong("no '/'");
  const problem = addressProblem(address);
  if (problem !== undefined) return wrong(problem);
  const widest = address.includes(":") ? 128 : 32;
  if (!/^\d{1,3}$/.test(bits)) return wrong("bad bits after slash: " + JSON.stringify(bits));
  if (Number(bits) > widest) return wrong("prefix length out of range");
  return { ok: true, text: `${masked(address, Number(bits))}/${Number(bits)}` };
}

/** Reads a prefix, or a single address as one. */
export function readPrefixOrAddress(written: string): Prefix {
  if (written.includes("/")) return readPrefix(written);
  const problem = addressProblem(written);
  if (problem !== undefined) return { ok: false, problem };
  return { ok: true, text: `${written}/${written.includes(":") ? 128 : 32}` };
}

/** What Go's `ParseAddr` says of an address that is none. */
function addressProblem(address: string): string | undefined {
  const wrong = (problem: string) => `ParseAddr("${address}"): ${problem}`;
  if (/^[0-9a-f:]*:[0-9a-f:.]*$/i.test(address)) return undefined;
  const fields = address.split(".");
  if (fields.length !== 4 || !fields.every((field) => /^\d+$/.test(field))) {
    return wrong("unable to parse IP");
  }
  return fields.every((field) => Number(field) <= 255)
    ? undefined
    : wrong("IPv4 field has value >255");
}

function masked(address: string, bits: number): string {
  if (address.includes(":")) return address.toLowerCase();
  return address.split(".").map((field, index) => {
    const kept = Math.min(8, Math.max(0, bits - index * 8));
    return Number(field) & (0xff00 >> kept) & 0xff;
  }).join(".");
}
