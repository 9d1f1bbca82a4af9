"""What every driver of an agent framework does, by way of the framework's own interfaces."""

import asyncio
import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

from declarations import faults_in, listed_tools
from driver import FAILS, NOT_OFFERED, SCENARIO, WORKS, attempt, heard, judge, report, terminal_in, with_terminal

SERVER = SCENARIO["server"]
NEW = "2026-07-28"


@dataclass
class Answer:
    """What a tool's result becomes."""

    text: str
    failed: bool
    structured: object = None


class NotOffered(BaseException):
    """The framework cannot do this one, for the reason given."""


def nowhere(word, package, path=""):
    """Returns that a word is nowhere in a package's source, which shows that the package does not use what it names.

    Raises if it is there by now: then there is something new to try.
    """
    root = Path(importlib.util.find_spec(package).submodule_search_locations[0]) / path
    files = [root] if root.is_file() else sorted(root.rglob("*.py"))
    found = [file for file in files if word in file.read_text()]
    if found or not files:
        raise LookupError(f"{word} is in {found} of {root} by now")
    return f"`{word}` is nowhere in {'/'.join(filter(None, [package.replace('.', '/'), path]))}"


class Framework:
    """A framework connected to the server."""

    def __init__(self):
        self.questions, self.progress, self.logged = [], [], []

    #: The revision of MCP that was negotiated.
    version = None
    #: What the framework does not offer, and by what that is seen.
    lacks = {}

    async def read(self, uri):
        """Returns the resource's text."""
        raise NotImplementedError

    async def templates(self):
        """Returns the URIs of all templates."""
        raise NotImplementedError

    async def prompt(self, name, arguments):
        """Returns the messages of a prompt."""
        raise NotImplementedError

    async def declarations(self):
        """Returns triples of a tool's name, a style of `faults_in`, and the schema that a model gets."""
        raise NotImplementedError

    async def call(self, tool, arguments):
        """Returns the Answer of a tool."""
        raise NotImplementedError

    async def turn(self, tool, arguments):
        """Has a model that is none call a tool; returns the names of the tools it knows, and the result it reads."""
        raise NotImplementedError

    def accepts(self, message):
        """Notes a question, and returns whether the user agrees."""
        self.questions.append(message)
        return SCENARIO["refusal"]["declines"] not in message


async def run(connected):
    """Does everything with a framework, which an asynchronous context manager connects."""
    async with connected as framework:
        report("connect", WORKS, framework.version)
        await declare(framework)
        await call_tools(framework)
        await call_wrongly(framework)
        await read(framework)
        await prompt(framework)
        await progress(framework)
        await cancel(framework)
        await attempt("agent turn", turn(framework))
        await ask(framework)
        # No framework has them so far.
        for feature in ("completion", "updates"):
            report(feature, NOT_OFFERED, framework.lacks[feature])
        if offers(framework, "logging"):
            judge("logging", len(framework.logged) > 0, "no log message")
    # Some frameworks leave threads behind that never end.
    os._exit(0)


def offers(framework, feature):
    """Returns whether a framework has something, or says why not."""
    if feature not in framework.lacks:
        return True
    report(feature, NOT_OFFERED, framework.lacks[feature])
    return False


async def declare(framework):
    listed = await listed_tools()
    declared = await attempt("declarations", framework.declarations())
    for name, schema in listed.items():
        mine = [(style, made) for tool, style, made in declared or [] if tool == name]
        faults = [f"{style}: {fault}" for style, made in mine for fault in faults_in(style, schema, made)]
        judge("declarations", mine and not faults, "; ".join(faults) or "none", name)


async def call_tools(framework):
    terminal, unstructured = None, []
    for call in SCENARIO["calls"]:
        tool = call["tool"]
        answer = await attempt("tools", framework.call(tool, with_terminal(call["arguments"], terminal)), tool)
        if answer is None:
            continue
        judge("tools", not answer.failed and answer.text != "", answer.text, tool)
        if not isinstance(answer.structured, dict):
            unstructured.append(tool)
        if tool == "open_terminal":
            terminal = terminal_in(answer.text)
    if offers(framework, "structured content"):
        judge("structured content", unstructured == [], f"none of {unstructured}")


async def call_wrongly(framework):
    call = SCENARIO["error"]
    answer = await attempt("errors", framework.call(call["tool"], call["arguments"]))
    if answer is not None:
        judge("errors", answer.failed and call["contains"] in answer.text, answer.text)


async def read(framework):
    if offers(framework, "templates"):
        patterns = await attempt("templates", framework.templates()) or []
        for pattern in SCENARIO["templates"]:
            judge("templates", pattern in patterns, f"not among {patterns}", pattern)
    if not offers(framework, "resources"):
        return
    for uri in SCENARIO["resources"]:
        try:
            text = await attempt("resources", framework.read(uri), uri)
        except NotOffered as reason:
            report("resources", NOT_OFFERED, str(reason), uri)
            continue
        if text is not None:
            judge("resources", text != "", "empty", uri)


async def prompt(framework):
    if not offers(framework, "prompts"):
        return
    for one in SCENARIO["prompts"]:
        messages = await attempt("prompts", framework.prompt(one["name"], one["arguments"]), one["name"])
        if messages is not None:
            judge("prompts", len(messages) > 0, "no message", one["name"])


async def progress(framework):
    call, before = SCENARIO["progress"], len(framework.progress)
    if not offers(framework, "progress"):
        return
    if await attempt("progress", framework.call(call["tool"], call["arguments"])) is not None:
        done = framework.progress[before:]
        judge("progress", done and done == sorted(set(done)), done)


async def cancel(framework):
    call = SCENARIO["cancellation"]
    task = asyncio.create_task(framework.call(call["tool"], call["arguments"]))
    reached = asyncio.create_task(heard("reached"))
    await asyncio.wait({task, reached}, return_when=asyncio.FIRST_COMPLETED)
    if not reached.done():
        report("cancellation", FAILS, f"the call never reached the daemon: {task}")
        return
    task.cancel()
    gone = await heard("gone")
    if gone or offers(framework, "cancellation"):
        judge("cancellation", gone, "the call went on")
    await asyncio.gather(task, return_exceptions=True)


async def turn(framework):
    username = SCENARIO["update"]["arguments"]["username"]
    names, result = await framework.turn("get_container", {"username": username})
    missing = set(await listed_tools()) - set(names)
    judge("agent turn", not missing and username in result and "running" in result, f"{missing}: {result}")


async def ask(framework):
    if not offers(framework, "questions"):
        return
    before = len(framework.questions)
    for call in (SCENARIO["question"], SCENARIO["refusal"]):
        await attempt("questions", framework.call(call["tool"], call["arguments"]))
    judge("questions", len(framework.questions) == before + 2, framework.questions[before:])
