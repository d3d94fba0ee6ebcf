import { App } from "./app.ts";

new App(document.body, document.getElementById("worker")!.textContent!);
