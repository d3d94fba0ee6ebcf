/** A worker from a script that the page holds as text, so that it works from a file too. */
export function startWorker(id: string): Worker {
  const source = new Blob([document.getElementById(id)!.textContent!], { type: "text/javascript" });
  const url = URL.createObjectURL(source);
  const worker = new Worker(url);
  worker.addEventListener("message", () => URL.revokeObjectURL(url), { once: true });
  return worker;
}
