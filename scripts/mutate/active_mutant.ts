/** The mutant that is active from the start: none, except in copies of this file. */
export const activeFromStart: number = 0;
