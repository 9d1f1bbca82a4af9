"""The official client in Python, 2.x."""

import asyncio
import json

import mcp_types as types
from mcp import Client, StdioServerParameters
from mcp.client.subscriptions import ResourceUpdated

from driver import FAILS, SCENARIO, WORKS, attempt, heard, judge, report, terminal_in, with_terminal

questions = []
logged = []
updated = asyncio.Event()


async def answer(_context, params):
    questions.append(params.message)
    if SCENARIO["refusal"]["declines"] in params.message:
        return types.ElicitResult(action="decline")
    return types.ElicitResult(action="accept", content={"confirm": True})


async def log(params):
    logged.append(params.data)


async def on_message(message):
    if isinstance(message, types.ResourceUpdatedNotification):
        updated.set()


def text_of(result):
    return "\n".join(part.text for part in result.content if part.type == "text")


async def call_tools(client):
    terminal, unstructured = None, []
    for call in SCENARIO["calls"]:
        tool, arguments = call["tool"], with_terminal(call["arguments"], terminal)
        result = await attempt("tools", client.call_tool(tool, arguments), tool)
        if result is None:
            continue
        text = text_of(result)
        judge("tools", not result.is_error and text != "", text, tool)
        if not isinstance(result.structured_content, dict):
            unstructured.append(tool)
        if tool == "open_terminal":
            terminal = terminal_in(text)
    judge("structured content", unstructured == [], f"none of {unstructured}")


async def call_wrongly(client):
    call = SCENARIO["error"]
    result = await attempt("errors", client.call_tool(call["tool"], call["arguments"]))
    if result is not None:
        judge("errors", result.is_error and call["contains"] in text_of(result), text_of(result))


async def read(client):
    listed = [str(resource.uri) for resource in (await client.list_resources()).resources]
    templates = (await client.list_resource_templates()).resource_templates
    patterns = [template.uri_template for template in templates]
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


async def complete(client):
    wanted = SCENARIO["completion"]
    reference = types.ResourceTemplateReference(uri=wanted["uri"])
    argument = {"name": wanted["argument"], "value": wanted["value"]}
    result = await attempt("completion", client.complete(reference, argument))
    if result is not None:
        values = result.completion.values
        judge("completion", values == wanted["expected"], values)


async def progress(client):
    call, heard_of = SCENARIO["progress"], []

    async def on_progress(done, _total, _message):
        heard_of.append(done)

    trying = client.call_tool(call["tool"], call["arguments"], progress_callback=on_progress)
    if await attempt("progress", trying) is not None:
        judge("progress", heard_of and heard_of == sorted(set(heard_of)), heard_of)


async def cancel(client):
    call = SCENARIO["cancellation"]
    task = asyncio.create_task(client.call_tool(call["tool"], call["arguments"]))
    await heard("reached")
    task.cancel()
    judge("cancellation", await heard("gone"), "the call went on")


async def update(client):
    call = SCENARIO["update"]
    if SCENARIO["revision"] == "2026-07-28":
        async with client.listen(resource_subscriptions=[call["uri"]]) as events:
            await client.call_tool(call["tool"], call["arguments"])
            event = await anext(aiter(events))
            judge("updates", isinstance(event, ResourceUpdated) and event.uri == call["uri"], event)
    else:
        await client.subscribe_resource(call["uri"])
        await client.call_tool(call["tool"], call["arguments"])
        await asyncio.wait_for(updated.wait(), 20)
        report("updates", WORKS)
        await client.unsubscribe_resource(call["uri"])


async def ask(client):
    before = len(questions)
    for call in (SCENARIO["question"], SCENARIO["refusal"]):
        await client.call_tool(call["tool"], call["arguments"])
    judge("questions", len(questions) == before + 2, questions[before:])


async def main():
    server = StdioServerParameters(**SCENARIO["server"])
    modern = SCENARIO["revision"] == "2026-07-28"
    client = Client(
        server,
        mode="auto" if modern else "legacy",
        elicitation_callback=answer,
        logging_callback=log,
        log_level="debug" if modern else None,
        message_handler=on_message,
    )
    async with client:
        report("connect", WORKS, client.protocol_version)
        if not modern:
            await client.set_logging_level("debug")
        await call_tools(client)
        await call_wrongly(client)
        await read(client)
        await prompt(client)
        await complete(client)
        await progress(client)
        await cancel(client)
        await attempt("updates", update(client))
        await attempt("questions", ask(client))
        judge("logging", len(logged) > 0, "no log message")


asyncio.run(main())
