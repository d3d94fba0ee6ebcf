// Generated from package.json and the op table: `npm run generate`. Do not edit.
export const VERSION = "0.1.0";

/** The version and the op table. */
export const BUILD = "0.1.0+50871353";
