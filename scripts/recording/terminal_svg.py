"""Renders what a terminal showed, as JSON on stdin, as SVG on stdout, with Rich.

Its own template, since Rich's loads a font from elsewhere: this one has no reference, script or font.
"""

import io
import json
import re
import sys
from html import escape

from rich.console import Console
from rich.style import Style
from rich.text import Text

FORMAT = """\
<svg role="img" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<!-- By make recording, with Rich -->
<title>TITLE</title>
<desc>DESCRIPTION</desc>
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px;
  line-height: {line_height}px;
  white-space: pre;
}}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""

# Words two spaces apart, and runs of bars, are placed one by one: so columns stand
# under each other also where a font lacks the bars.
PIECES = re.compile(r"[\u2581-\u2593]+|  +|(?:(?!  |[\u2581-\u2593]).)+")


def styled(line: str) -> Text:
    """A line; what was typed after the prompt is bold."""
    prompt = line.startswith("$ ")
    text = Text()
    for number, piece in enumerate(PIECES.findall(line)):
        # Equal to look at, but apart.
        text.append(piece, Style(bold=prompt, meta={"piece": number}))
    if prompt:
        text.stylize(Style(color="#4ec98b"), 0, 1)
    return text


def main() -> None:
    """Reads, renders and writes."""
    shown = json.load(sys.stdin)
    console = Console(
        record=True, width=shown["cols"], file=io.StringIO(), legacy_windows=False,
        color_system="truecolor", force_terminal=True, _environ={},
    )
    lines = shown["text"].split("\n")
    for line in lines:
        console.print(styled(line), soft_wrap=True, highlight=False)
    svg = console.export_svg(title=shown["title"], code_format=FORMAT, unique_id="t")
    # Rich draws line ends, too.
    svg = re.sub(r"<text [^>]*>\n</text>", "", svg)
    svg = re.sub(r">\n\s+<", ">\n<", svg).replace("</text><text", "</text>\n<text")
    # Last, since the template takes braces for its own.
    svg = svg.replace("TITLE", escape(shown["title"]), 1)
    svg = svg.replace("DESCRIPTION", escape(shown["text"]), 1)
    sys.stdout.buffer.write(svg.encode())


main()
