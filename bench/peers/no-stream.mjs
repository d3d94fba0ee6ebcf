/** What brain.js extends of Node's streams and browsers lack; nothing here uses it. */
export class Writable {}
