import { visible } from "../visible.ts";

/** More than this of what is to be run or typed is not put to the person. */
const MOST_CHARACTERS = 2_000;

/** What is to be run or typed, as a person is shown it: line by line, nothing hidden in it. */
export function putToPerson(text: string): string {
  const lines = text.slice(0, MOST_CHARACTERS).split("\n").map(visible).join("\n");
  const rest = text.length - MOST_CHARACTERS;
  return rest <= 0 ? lines : `${lines}\n… and ${rest} characters more, which are not shown`;
}
