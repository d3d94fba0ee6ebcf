// Digits drawn on a canvas, recognized by a convolutional net that learned in a worker.
import {
  adam,
  averagePooling2d,
  conv2d,
  dense,
  flatten,
  fromPixels,
  maxPooling2d,
  reshape,
  sequential,
} from "ferrograd";
import { digits } from "ferrograd/datasets";
import { inWorker } from "ferrograd/worker";

/** A pen 3 pixels wide goes through points of 32 × 32: on a canvas, or where there is none (Node) over bytes. */
function draw(line: string) {
  const points = line.split(" ").map((point) => point.split(",").map(Number) as [number, number]);
  if (typeof OffscreenCanvas !== "undefined") {
    const canvas = new OffscreenCanvas(32, 32); // a page has a <canvas>, and pointer events
    const pen = Object.assign(canvas.getContext("2d")!, { lineWidth: 3, strokeStyle: "white" });
    for (const point of points) pen.lineTo(...point);
    pen.stroke();
    return canvas;
  }
  const data = new Uint8Array(32 * 32);
  for (const [i, [x, y]] of points.entries()) {
    const [fromX, fromY] = points[i - 1] ?? [x, y];
    for (let t = 0; t <= 1; t += 1 / 32) {
      const left = Math.floor(fromX + (x - fromX) * t) - 1;
      const middle = Math.floor(fromY + (y - fromY) * t);
      for (const row of [middle - 1, middle, middle + 1])
        data.fill(255, row * 32 + left, row * 32 + left + 3);
    }
  }
  return { data, width: 32, height: 32 };
}

const { train, test } = digits(); // 8 × 8 pixels from 0 to 1: how much of 4 × 4 is ink
const images = ({ x, length }: typeof train) => reshape(x, [length, 8, 8, 1]);
const filters = (count: number) => conv2d(count, 3, { padding: "same", activation: "relu" });
const model = sequential([filters(16), maxPooling2d(2), filters(32), flatten(), dense(10)], {
  inputShape: [8, 8, 1],
  seed: 1,
}).compile({
  optimizer: adam({ learningRate: 3e-3 }),
  loss: "sparseCategoricalCrossentropy",
  metrics: ["accuracy"],
});
const remote = await inWorker(model);
await remote.fit(images(train), train.y, { epochs: 8 });
console.log(`accuracy ${(await remote.evaluate(images(test), test.y)).accuracy.toFixed(3)}`);

const [one, two] = ["11,9 17,3 17,30", "8,8 12,3 20,3 22,9 8,29 25,29"];
const three = "9,4 22,4 15,13 22,20 21,27 14,30 8,27";
const drawn = averagePooling2d(4)(fromPixels([one, two, three].map(draw), { channels: 1 }));
const scores = (await remote.predict(drawn)).array() as number[][];
console.log(`drawn: ${scores.map((row) => row.indexOf(Math.max(...row))).join(" ")}`);
await remote.dispose();
