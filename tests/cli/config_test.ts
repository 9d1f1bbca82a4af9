import { assertEquals, assertRejects } from "@std/assert";
import { ConfigError, readConfig } from "../../cli/config.ts";

const complete = {
  CONTAINARIUM_SERVER_URL: "http://localhost:8080",
  CONTAINARIUM_JWT_TOKEN: "eyJ.a.b",
};

function config(variables: Readonly<Record<string, string>>): ReturnType<typeof readConfig> {
  return readConfig((name) => variables[name]);
}

Deno.test("readConfig() says in the vendor's words which variable is missing", async (t) => {
  for (const name of ["CONTAINARIUM_SERVER_URL", "CONTAINARIUM_JWT_TOKEN"]) {
    for (const value of [undefined, "", "  ", `\${${name}}`, "${user_config.jwt}"]) {
      await t.step(`${name}=${value}`, async () => {
        const { [name]: _left, ...rest }: Record<string, string> = complete;
        await assertRejects(
          () => Promise.try(() => config(value === undefined ? rest : { ...rest, [name]: value })),
          ConfigError,
          `${name} environment variable is required`,
        );
      });
    }
  }
});

Deno.test("readConfig() reads CONTAINARIUM_DEBUG as Go does, nonsense as off with a warning", () => {
  for (const value of ["1", "t", "T", "TRUE", "true", "True"]) {
    assertEquals(config({ ...complete, CONTAINARIUM_DEBUG: value }).debug, true, value);
  }
  for (const value of ["", "0", "false", "FALSE", "f"]) {
    const { debug, warnings } = config({ ...complete, CONTAINARIUM_DEBUG: value });
    assertEquals([debug, warnings.length], [false, 0], value);
  }
  const { debug, warnings } = config({ ...complete, CONTAINARIUM_DEBUG: "yes please" });
  assertEquals([debug, warnings.length], [false, 1]);
});
