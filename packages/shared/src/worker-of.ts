/** Starts workers from a script that the page holds as text, so that they work from a file too. */
export function workerOf(id: string): () => Worker {
  const source = new Blob([document.getElementById(id)!.textContent!], { type: "text/javascript" });
  return () => {
    const url = URL.createObjectURL(source);
    const worker = new Worker(url);
    worker.addEventListener("message", () => URL.revokeObjectURL(url), { once: true });
    return worker;
  };
}
