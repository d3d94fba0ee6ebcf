/**
 * `npm test` runs a file in Node and in Chromium. What is more of the same, rows of a table, values for one place or
 * seeds of random graphs, these two divide: each takes every second, together all. One of them alone takes all, and so
 * do both in the long run.
 */
const SHARE = import.meta.env.FERROGRAD_SHARE;

/** Is the one at this place tried here? */
export const isOurs = (turn: number): boolean => !SHARE || turn % 2 === Number(SHARE);

/** Those that are tried here. */
export const ours = <T>(all: readonly T[]): readonly T[] => all.filter((_, turn) => isOurs(turn));
