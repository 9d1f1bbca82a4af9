/**
 * Inserts the style and the script into the HTML of a page.
 *
 * @throws {Error} If the style or the script contains the end tag of its element
 */
export function pageOf(html: string, css: string, script: string): string {
  if (/<\/(?:style|script)|<!--/i.test(css + script)) {
    throw new Error("Cannot make the page: its style or script would end its element");
  }
  return html
    .replace("<style></style>", () => `<style>\n${css}</style>`)
    .replace(
      '<script type="module"></script>',
      () => `<script type="module">\n${script}</script>`,
    );
}
