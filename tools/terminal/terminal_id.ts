import { z } from "zod";

/** Which terminal. */
export const terminalId = z.string().min(1).max(64).describe("From open_terminal");
