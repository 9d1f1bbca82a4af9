import { assertEquals, assertThrows } from "@std/assert";
import { denoPackages, findDeno } from "../../launcher/find_deno.ts";
import { makeTempFolder, type TempFolder } from "../temp.ts";

const linux = "linux-x64";

/** Writes what npm installs: the package of Deno, and that of a system where Deno's own finds it. */
async function install(folder: TempFolder, at: string, isComplete = true): Promise<string> {
  const modules = `${folder.path}/node_modules`;
  const mine = `${modules}/@containarium/mcp-server`;
  for (const path of [mine, `${modules}/deno`, `${folder.path}/${at}`]) {
    await Deno.mkdir(path, { recursive: true });
  }
  await Deno.writeTextFile(`${modules}/deno/package.json`, `{"name": "deno"}`);
  if (isComplete) {
    await Deno.writeTextFile(`${folder.path}/${at}/package.json`, `{"name": "x"}`);
    await Deno.writeTextFile(`${folder.path}/${at}/deno`, "", { mode: 0o644 });
  }
  return `${mine}/launcher.js`;
}

Deno.test("findDeno() finds Deno where npm puts it, beside its package or inside", async (t) => {
  const places = [
    "node_modules/@deno/linux-x64-glibc",
    "node_modules/deno/node_modules/@deno/linux-x64-glibc",
  ];
  for (const place of places) {
    await t.step(place, async () => {
      await using folder = await makeTempFolder();
      const launcher = await install(folder, place);
      assertEquals(findDeno(launcher, linux), `${folder.path}/${place}/deno`);
    });
  }
});

Deno.test({
  name: "findDeno() prefers the one beside the launcher, and makes it executable",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using folder = await makeTempFolder();
    const deno = await folder.write("deno", "", { mode: 0o644 });
    assertEquals(findDeno(`${folder.path}/launcher.js`, linux), deno);
    assertEquals(((await Deno.stat(deno)).mode ?? 0) & 0o777, 0o755);
  },
});

Deno.test("findDeno() says what to do where Deno is missing", async () => {
  await using folder = await makeTempFolder();
  const launcher = await install(folder, "node_modules/@deno/linux-x64-glibc", false);
  assertThrows(() => findDeno(launcher, linux), Error, "without --omit=optional");
  assertThrows(() => findDeno(launcher, "sunos-x64"), Error, "There is no Deno for sunos-x64");
});

Deno.test("findDeno() knows the packages that Deno's own package names", async () => {
  const file = new URL("../../.deno/node_modules/deno/package.json", import.meta.url);
  const text = await Deno.readTextFile(file).catch(() => undefined);
  if (text === undefined) return;
  const named = Object.keys(JSON.parse(text).optionalDependencies);
  assertEquals(Object.values(denoPackages).toSorted(), named.toSorted());
});
