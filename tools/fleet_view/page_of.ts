/**
 * Puts a page together: its style and its script into its HTML.
 *
 * @throws {Error} If the style or the script would end its own element
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
