const WIDTH = 24;

/** A line on the terminal that says how far the work is and what is under way; silent where there is no terminal. */
export function progressBar(total, stream = process.stderr) {
  let done = 0;
  const draw = (label) => {
    const filled = Math.round((WIDTH * done) / total);
    const bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
    stream.write(`\r\u001b[K${bar} ${done}/${total} ${label}`);
  };
  const running = stream.isTTY ? draw : () => {};
  return {
    show: running,
    advance() {
      done += 1;
      running("");
    },
    clear() {
      if (stream.isTTY) stream.write("\r\u001b[K");
    },
  };
}
