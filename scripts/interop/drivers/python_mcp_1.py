"""The official client in Python, 1.x, which speaks only the older revisions."""

import asyncio

from mcp import ClientSession, StdioServerParameters, types
from mcp.client.stdio import stdio_client

from driver import SCENARIO, heard, judge
from official import Official, run


class PythonMcp1(Official):
    async def hear(self, message):
        if isinstance(message, types.ServerNotification):
            if isinstance(message.root, types.ResourceUpdatedNotification):
                self.updated.set()

    async def cancel(self):
        # It says nothing to the server when a task is canceled, so the notification is written by hand.
        number = self.client._request_id
        task = asyncio.create_task(self.call(SCENARIO["cancellation"]))
        await heard("reached")
        params = types.CancelledNotificationParams(requestId=number)
        notification = types.CancelledNotification(method="notifications/cancelled", params=params)
        await self.client.send_notification(types.ClientNotification(notification))
        judge("cancellation", await heard("gone"), "the call went on")
        task.cancel()


async def main():
    official = PythonMcp1(types)
    async with stdio_client(StdioServerParameters(**SCENARIO["server"])) as (reading, writing):
        async with ClientSession(
            reading,
            writing,
            elicitation_callback=official.answer,
            logging_callback=official.log,
            message_handler=official.hear,
        ) as session:
            official.client = session
            greeted = await session.initialize()
            await session.set_logging_level("debug")
            await run(official, str(greeted.protocolVersion))


asyncio.run(main())
