/** Takes files dropped anywhere on the page, which is marked while one hovers over it. */
export function acceptFiles(root: HTMLElement, take: (file: File) => void): void {
  const mark = (over: boolean) => root.classList.toggle("dropping", over);
  addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  addEventListener("dragleave", (event) => mark(event.relatedTarget !== null));
  addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    const [file] = event.dataTransfer?.files ?? [];
    if (file) take(file);
  });
}

/** A file's text; undefined where its bytes are no UTF-8. */
export async function readText(file: File): Promise<string | undefined> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    return undefined;
  }
}
