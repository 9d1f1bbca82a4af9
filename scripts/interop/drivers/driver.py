"""What every driver in Python has in common: the scenario, and how results are printed."""

import asyncio
import json
import re
import sys

SCENARIO = json.load(open(sys.argv[1]))
WORKS, NOT_OFFERED, FAILS = "works", "not offered by the client", "fails"


def report(feature, result, detail=None, item=None):
    """Prints a result."""
    line = {"feature": feature, "item": item, "result": result, "detail": detail}
    print(json.dumps({key: value for key, value in line.items() if value is not None}), flush=True)


def judge(feature, holds, detail=None, item=None):
    """Prints that something works, or why not."""
    report(feature, WORKS if holds else FAILS, None if holds else str(detail)[:300], item)


async def attempt(feature, trying, item=None):
    """Awaits something; returns its value, or None after having printed that it failed."""
    try:
        return await trying
    except Exception as error:  # Whatever a client raises is a result.
        report(feature, FAILS, f"{type(error).__name__}: {error}"[:300], item)
        return None


def sent(result):
    """Returns a result as it was sent: the names of attributes differ."""
    return result.model_dump(by_alias=True, mode="json")


def with_terminal(arguments, terminal):
    """Puts the terminal's id where it belongs."""
    return {name: terminal if value == "TERMINAL_ID" else value for name, value in arguments.items()}


def terminal_in(text):
    """Returns the id in what open_terminal answered."""
    found = re.search(r"terminal_id\W+([0-9a-f]{20})", text)
    return found and found.group(1)


async def heard(word=None):
    """Returns the next line of the frame, or checks that it is this one."""
    line = (await asyncio.to_thread(sys.stdin.readline)).strip()
    return line if word is None else line == word
