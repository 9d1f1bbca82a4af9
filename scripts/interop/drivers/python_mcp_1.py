"""The official client in Python, 1.x, which speaks only the older revisions."""

import asyncio

from mcp import ClientSession, StdioServerParameters, types
from mcp.client.stdio import stdio_client

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
    if isinstance(message, types.ServerNotification):
        if isinstance(message.root, types.ResourceUpdatedNotification):
            updated.set()


def text_of(result):
    return "\n".join(part.text for part in result.content if part.type == "text")


async def call_tools(session):
    terminal, unstructured = None, []
    for call in SCENARIO["calls"]:
        tool, arguments = call["tool"], with_terminal(call["arguments"], terminal)
        result = await attempt("tools", session.call_tool(tool, arguments), tool)
        if result is None:
            continue
        text = text_of(result)
        judge("tools", not result.isError and text != "", text, tool)
        if not isinstance(result.structuredContent, dict):
            unstructured.append(tool)
        if tool == "open_terminal":
            terminal = terminal_in(text)
    judge("structured content", unstructured == [], f"none of {unstructured}")
    call = SCENARIO["error"]
    result = await attempt("errors", session.call_tool(call["tool"], call["arguments"]))
    if result is not None:
        judge("errors", result.isError and call["contains"] in text_of(result), text_of(result))


async def read(session):
    listed = [str(resource.uri) for resource in (await session.list_resources()).resources]
    if not set(listed) <= set(SCENARIO["resources"]):
        report("resources", FAILS, f"unknown in {listed}")
    templates = (await session.list_resource_templates()).resourceTemplates
    patterns = [template.uriTemplate for template in templates]
    for uri in SCENARIO["resources"]:
        result = await attempt("resources", session.read_resource(uri), uri)
        if result is not None:
            judge("resources", result.contents[0].text != "", "empty", uri)
    for pattern in SCENARIO["templates"]:
        judge("templates", pattern in patterns, f"not among {patterns}", pattern)


async def prompt(session):
    for one in SCENARIO["prompts"]:
        name = one["name"]
        result = await attempt("prompts", session.get_prompt(name, one["arguments"]), name)
        if result is not None:
            judge("prompts", len(result.messages) > 0, "no message", name)


async def complete(session):
    wanted = SCENARIO["completion"]
    reference = types.ResourceTemplateReference(type="ref/resource", uri=wanted["uri"])
    argument = {"name": wanted["argument"], "value": wanted["value"]}
    result = await attempt("completion", session.complete(reference, argument))
    if result is not None:
        values = result.completion.values
        judge("completion", values == wanted["expected"], values)


async def progress(session):
    call, heard_of = SCENARIO["progress"], []

    async def on_progress(done, _total, _message):
        heard_of.append(done)

    trying = session.call_tool(call["tool"], call["arguments"], progress_callback=on_progress)
    if await attempt("progress", trying) is not None:
        judge("progress", heard_of and heard_of == sorted(set(heard_of)), heard_of)


async def cancel(session):
    """It says nothing to the server when a task is canceled, so the notification is written by hand."""
    call = SCENARIO["cancellation"]
    number = session._request_id
    task = asyncio.create_task(session.call_tool(call["tool"], call["arguments"]))
    await heard("reached")
    params = types.CancelledNotificationParams(requestId=number)
    notification = types.CancelledNotification(method="notifications/cancelled", params=params)
    await session.send_notification(types.ClientNotification(notification))
    judge("cancellation", await heard("gone"), "the call went on")
    task.cancel()


async def update(session):
    call = SCENARIO["update"]
    await session.subscribe_resource(call["uri"])
    await session.call_tool(call["tool"], call["arguments"])
    await asyncio.wait_for(updated.wait(), 20)
    report("updates", WORKS)
    await session.unsubscribe_resource(call["uri"])


async def ask(session):
    before = len(questions)
    for call in (SCENARIO["question"], SCENARIO["refusal"]):
        await session.call_tool(call["tool"], call["arguments"])
    judge("questions", len(questions) == before + 2, questions[before:])


async def main():
    server = StdioServerParameters(**SCENARIO["server"])
    async with stdio_client(server) as (reading, writing):
        async with ClientSession(
            reading,
            writing,
            elicitation_callback=answer,
            logging_callback=log,
            message_handler=on_message,
        ) as session:
            greeted = await session.initialize()
            report("connect", WORKS, str(greeted.protocolVersion))
            await session.set_logging_level("debug")
            await call_tools(session)
            await read(session)
            await prompt(session)
            await complete(session)
            await progress(session)
            await cancel(session)
            await attempt("updates", update(session))
            await attempt("questions", ask(session))
            judge("logging", len(logged) > 0, "no log message")


asyncio.run(main())
