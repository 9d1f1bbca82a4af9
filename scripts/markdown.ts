/** Replaces the text between two markers: `<!-- name:begin -->` and `<!-- name:end -->`. Throws if they are missing. */
export function between(page: string, name: string, text: string): string {
  const markers = new RegExp(`(<!-- ${name}:begin -->\\n)[\\s\\S]*(<!-- ${name}:end -->)`);
  if (!markers.test(page)) throw new Error(`The page has lost its ${name} markers`);
  return page.replace(markers, (_all, begin: string, end: string) => `${begin}\n${text}\n${end}`);
}

/** Returns a Markdown table, aligned as `deno fmt` aligns it. */
export function markdownTable(cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const [heads = []] = rows;
  const widths = heads.map((_head, at) => Math.max(3, ...rows.map((row) => row[at]?.length ?? 0)));
  const [head, ...body] = rows.map((row) =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [head, rule, ...body, ""].join("\n");
}

/** Returns a paragraph in lines of at most 100 characters, as `deno fmt` breaks it. */
export function paragraph(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > 100) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line, ""].join("\n");
}
