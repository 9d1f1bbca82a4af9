/** Removes the fence that marks text from a container for models. */
export function unfenced(text: string): string {
  return /^<<<.* ([0-9a-f]{8}): .*\n([^]*)\n>>>\1$/.exec(text)?.[2] ?? text;
}
