import { assertEquals } from "@std/assert";
import { cksum } from "../../../client/terminal/cksum.ts";

const text = (content: string) => new TextEncoder().encode(content);

Deno.test("cksum() returns what POSIX cksum prints", () => {
  // Taken down from GNU coreutils 9.1.
  const sums: readonly (readonly [Uint8Array, number])[] = [
    [new Uint8Array(), 4294967295],
    [text("a"), 1220704766],
    [text("1234567"), 862279280],
    [text("12345678"), 2796357287],
    [text("123456789"), 930766865],
    [text("hello\n"), 3015617425],
    [Uint8Array.from({ length: 256 }, (_, byte) => byte), 1313719201],
    [new Uint8Array(100_000), 1260869142],
  ];
  assertEquals(sums.map(([bytes]) => cksum(bytes)), sums.map(([, sum]) => sum));
});

Deno.test("cksum() reads only its part of a buffer", () => {
  assertEquals(cksum(text("xxhello\n").subarray(2)), cksum(text("hello\n")));
});
