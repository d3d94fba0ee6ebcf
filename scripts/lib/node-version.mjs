// Imported first by every script. Syntax and imports stay old on purpose: an old Node must reach the sentence.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `ferrograd needs Node 20.19 or newer, this is ${process.versions.node}: install one from https://nodejs.org`,
  );
  process.exit(1);
}
