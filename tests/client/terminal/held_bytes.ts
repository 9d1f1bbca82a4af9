/** Returns how much memory is in use: objects, and the buffers of arrays. */
export function heldBytes(): number {
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}
