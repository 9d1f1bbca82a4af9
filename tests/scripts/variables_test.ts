import { assertEquals, assertThrows } from "@std/assert";
import { numberFrom } from "../../scripts/variables.ts";

Deno.test("numberFrom() reads whole numbers, and throws for what is none", () => {
  const variable = "SOAK_SECONDS_OF_THIS_TEST";
  try {
    assertEquals(numberFrom(variable, 7), 7);
    Deno.env.set(variable, "");
    assertEquals(numberFrom(variable, 7), 7);
    Deno.env.set(variable, "20");
    assertEquals(numberFrom(variable, 7), 20);
    for (const wrong of ["5m", "-1", "1e3", "NaN"]) {
      Deno.env.set(variable, wrong);
      assertThrows(() => numberFrom(variable, 7), Error, `Cannot read ${variable}: "${wrong}"`);
    }
  } finally {
    Deno.env.delete(variable);
  }
});
