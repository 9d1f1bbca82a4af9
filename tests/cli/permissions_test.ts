import { assertEquals } from "@std/assert";
import { importFlags } from "../connect.ts";

const module = import.meta.resolve("../../cli/permissions.ts");

const script = `
const { giveUpPermissions } = await import(${JSON.stringify(module)});
const told = await giveUpPermissions({ files: ["/x/ca.pem"] });
const may = async (permission) => (await Deno.permissions.query(permission)).state === "granted";
console.log(JSON.stringify({
  told,
  env: await may({ name: "env", variable: "A" }),
  file: await may({ name: "read", path: "/x/ca.pem" }),
  token: await may({ name: "read", path: "/x/token" }),
}));
`;

/** What a process with these grants may do after it has given up what it does not need. */
async function afterwards(...grants: readonly string[]): Promise<unknown> {
  const url = `data:text/typescript;base64,${btoa(script)}`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "--no-check", ...importFlags, ...grants, url],
    stdin: "null",
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return JSON.parse(out || `"${err}"`);
}

Deno.test("the environment and a file granted by name are given up, the token's file is not", async () => {
  assertEquals<unknown>(await afterwards("--allow-env=A,B", "--allow-read=/x/ca.pem,/x/token"), {
    told: ["env: given up", "read /x/ca.pem: given up"],
    env: false,
    file: false,
    token: true,
  });
});

Deno.test("under a wider grant the token's file stays readable", async (t) => {
  for (const grant of ["--allow-read", "--allow-read=/x"]) {
    await t.step(grant, async () => {
      assertEquals<unknown>(await afterwards("--allow-env", grant), {
        told: ["env: given up", "read /x/ca.pem: still allowed"],
        env: false,
        file: true,
        token: true,
      });
    });
  }
});
