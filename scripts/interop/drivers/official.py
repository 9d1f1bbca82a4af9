"""What the drivers of both official clients in Python do: what differs is in the classes made from `Official`."""

import asyncio

from driver import FAILS, SCENARIO, WORKS, attempt, judge, report, sent, terminal_in, with_terminal


class Official:
    """A client, whose methods have the same names in both."""

    def __init__(self, types):
        self.types, self.client = types, None
        self.questions, self.logged, self.updated = [], [], asyncio.Event()

    async def answer(self, _context, params):
        """Answers a question for the user."""
        self.questions.append(params.message)
        if SCENARIO["refusal"]["declines"] in params.message:
            return self.types.ElicitResult(action="decline")
        return self.types.ElicitResult(action="accept", content={"confirm": True})

    async def log(self, params):
        """Notes a log message."""
        self.logged.append(params.data)

    async def call(self, call, **options):
        """Returns what a tool answers."""
        return await self.client.call_tool(call["tool"], call["arguments"], **options)

    async def cancel(self):
        """Starts a call, and cancels it once the daemon has got its request."""
        raise NotImplementedError

    async def update(self):
        """Subscribes to a resource, and hears of a change."""
        await self.client.subscribe_resource(SCENARIO["update"]["uri"])
        await self.call(SCENARIO["update"])
        await asyncio.wait_for(self.updated.wait(), 20)
        report("updates", WORKS)
        await self.client.unsubscribe_resource(SCENARIO["update"]["uri"])


def text_of(result):
    return "\n".join(part["text"] for part in result["content"] if part["type"] == "text")


async def run(official, revision):
    """Does everything with a client that is connected."""
    report("connect", WORKS, revision)
    await call_tools(official)
    await call_wrongly(official)
    await read(official.client)
    await prompt(official.client)
    await complete(official)
    await progress(official)
    await official.cancel()
    await attempt("updates", official.update())
    await attempt("questions", ask(official))
    judge("logging", len(official.logged) > 0, "no log message")


async def call_tools(official):
    terminal, unstructured = None, []
    for call in SCENARIO["calls"]:
        tool = call["tool"]
        filled = {**call, "arguments": with_terminal(call["arguments"], terminal)}
        made = await attempt("tools", official.call(filled), tool)
        if made is None:
            continue
        result = sent(made)
        text = text_of(result)
        judge("tools", not result["isError"] and text != "", text, tool)
        if not isinstance(result["structuredContent"], dict):
            unstructured.append(tool)
        if tool == "open_terminal":
            terminal = terminal_in(text)
    judge("structured content", unstructured == [], f"none of {unstructured}")


async def call_wrongly(official):
    made = await attempt("errors", official.call(SCENARIO["error"]))
    if made is not None:
        text = text_of(sent(made))
        judge("errors", sent(made)["isError"] and SCENARIO["error"]["contains"] in text, text)


async def read(client):
    listed = [resource["uri"] for resource in sent(await client.list_resources())["resources"]]
    templates = sent(await client.list_resource_templates())["resourceTemplates"]
    patterns = [template["uriTemplate"] for template in templates]
    for uri in SCENARIO["resources"]:
        result = await attempt("resources", client.read_resource(uri), uri)
        if result is not None:
            judge("resources", result.contents[0].text != "", "empty", uri)
    for pattern in SCENARIO["templates"]:
        judge("templates", pattern in patterns, f"not among {patterns}", pattern)
    if not set(listed) <= set(SCENARIO["resources"]):
        report("resources", FAILS, f"unknown in {listed}")


async def prompt(client):
    for one in SCENARIO["prompts"]:
        name = one["name"]
        result = await attempt("prompts", client.get_prompt(name, one["arguments"]), name)
        if result is not None:
            judge("prompts", len(result.messages) > 0, "no message", name)


async def complete(official):
    wanted = SCENARIO["completion"]
    reference = official.types.ResourceTemplateReference(type="ref/resource", uri=wanted["uri"])
    argument = {"name": wanted["argument"], "value": wanted["value"]}
    result = await attempt("completion", official.client.complete(reference, argument))
    if result is not None:
        values = result.completion.values
        judge("completion", values == wanted["expected"], values)


async def progress(official):
    heard_of = []

    async def on_progress(done, _total, _message):
        heard_of.append(done)

    trying = official.call(SCENARIO["progress"], progress_callback=on_progress)
    if await attempt("progress", trying) is not None:
        judge("progress", heard_of and heard_of == sorted(set(heard_of)), heard_of)


async def ask(official):
    before = len(official.questions)
    for call in (SCENARIO["question"], SCENARIO["refusal"]):
        await official.call(call)
    judge("questions", len(official.questions) == before + 2, official.questions[before:])
