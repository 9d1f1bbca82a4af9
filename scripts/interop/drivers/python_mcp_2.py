"""The official client in Python, 2.x."""

import asyncio

import mcp_types as types
from mcp import Client, StdioServerParameters
from mcp.client.subscriptions import ResourceUpdated

from driver import SCENARIO, heard, judge
from official import Official, run

MODERN = SCENARIO["revision"] == "2026-07-28"


class PythonMcp2(Official):
    async def hear(self, message):
        if isinstance(message, types.ResourceUpdatedNotification):
            self.updated.set()

    async def cancel(self):
        task = asyncio.create_task(self.call(SCENARIO["cancellation"]))
        await heard("reached")
        task.cancel()
        judge("cancellation", await heard("gone"), "the call went on")

    async def update(self):
        if not MODERN:
            await super().update()
            return
        uri = SCENARIO["update"]["uri"]
        async with self.client.listen(resource_subscriptions=[uri]) as events:
            await self.call(SCENARIO["update"])
            event = await anext(aiter(events))
            judge("updates", isinstance(event, ResourceUpdated) and event.uri == uri, event)


async def main():
    official = PythonMcp2(types)
    client = Client(
        StdioServerParameters(**SCENARIO["server"]),
        mode="auto" if MODERN else "legacy",
        elicitation_callback=official.answer,
        logging_callback=official.log,
        log_level="debug" if MODERN else None,
        message_handler=official.hear,
    )
    async with client:
        official.client = client
        if not MODERN:
            await client.set_logging_level("debug")
        await run(official, client.protocol_version)


asyncio.run(main())
