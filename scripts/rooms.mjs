// npm run rooms: draws the import graph, rooms from top to bottom, and fails where an arrow points up, in a circle or past the entries.
import { drawingOf, faultsOf, graphOf, HOUSES, insideFaults, outside } from "./lib/rooms.mjs";
import { Failure, main } from "./lib/run.mjs";

await main(() => {
  const faults = HOUSES.flatMap((house) => {
    const graph = graphOf(house);
    if (house.rooms) console.log([house.folder, ...drawingOf(graph, house.rooms), ""].join("\n"));
    return faultsOf(graph, house);
  });
  faults.push(...insideFaults(outside()));
  if (faults.length > 0) throw new Failure(faults.join("\n"));
});
