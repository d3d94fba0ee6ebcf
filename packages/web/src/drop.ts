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
