// Generated from package.json and the op table: `npm run generate`. Do not edit.
export const VERSION = "0.1.0";

/** The version, and the hash of the op table and the numerics version. */
export const BUILD = "0.1.0+7b432286";
