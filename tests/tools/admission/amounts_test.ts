import { assertEquals } from "@std/assert";
import { amountsOf, formatUnits, inUnits, thousandths } from "../../../tools/admission/amounts.ts";

const GB = 1_000 ** 3;

Deno.test("amountsOf() counts a container as one, and its CPUs in thousandths, rounded up", () => {
  assertEquals(amountsOf({ cpu: "1.5", memory: "2GB", disk: "1000MB" }), {
    containers: 1,
    cpu: 1_500,
    memory: 2 * GB,
    disk: GB,
  });
  assertEquals(amountsOf({ cpu: "0-3" }).cpu, 4_000);
  assertEquals(amountsOf({ cpu: "0.0001" }).cpu, 1);
  const unknown = { containers: 1, cpu: undefined, memory: undefined, disk: undefined };
  for (const limits of [{}, { cpu: "50%", memory: "50%" }, { cpu: "", memory: "", disk: "" }]) {
    assertEquals(amountsOf(limits), unknown);
  }
});

Deno.test("thousandths() has no rounding error of the product", () => {
  assertEquals([thousandths(1.005), thousandths(0.29), thousandths(2)], [1_005, 290, 2_000]);
});

Deno.test("inUnits() and formatUnits() show CPUs and counts as they are, and bytes in words", () => {
  assertEquals(
    (["containers", "cpu", "memory", "disk"] as const).map((resource) =>
      formatUnits(resource, inUnits(resource, 3 * GB))
    ),
    [`${3 * GB}`, `${3 * GB / 1_000}`, "3.0 GB", "3.0 GB"],
  );
  assertEquals(formatUnits("snapshots", 3), "3");
  assertEquals(formatUnits("cpu", inUnits("cpu", 1_500)), "1.5");
});
