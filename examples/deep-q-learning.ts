// Deep Q-learning (Mnih et al. 2015): a net learns what each of four moves is worth in a maze, from moves that are kept and
// drawn again, against an older copy of itself.
import { adam, dense, randomUniform, sequential } from "ferrograd";

const maze = "S.#..#......#.#G"; // four rows of four places, from S to G, not through #
const moves = [-4, 4, -1, 1]; // up, down, left, right
const place = (at: number) => Array.from(maze, (_, i) => (i === at ? 1 : 0));
function after(at: number, move: number): number {
  const leaves = (move === -1 && at % 4 === 0) || (move === 1 && at % 4 === 3);
  return leaves || (maze[at + move] ?? "#") === "#" ? at : at + move;
}

const make = (seed: number) =>
  sequential([dense(32, { activation: "relu" }), dense(4)], { inputShape: [16], seed });
const online = make(1).compile({ optimizer: adam({ learningRate: 5e-3 }), loss: "huber" });
const target = make(2);
target.setWeights(online.getWeights());

/** What each move is worth at each place: the next reward, and nine tenths of what comes after. */
const worthOf = (model: Pick<typeof target, "predict">, places: readonly number[]) =>
  model.predict(places.map(place)).array() as number[][];
function bestMove(at: number): number {
  const [worth] = worthOf(online, [at]);
  return worth!.indexOf(Math.max(...worth!));
}

const kept: { at: number; move: number; to: number }[] = [];
const chances = randomUniform([1500, 34], { seed: 3 }).array() as number[][];
for (let step = 0, at = 0; step < chances.length; step++) {
  const [explores, any, ...draws] = chances[step]!;
  const move = explores! < 0.3 ? Math.floor(any! * 4) : bestMove(at);
  const to = after(at, moves[move]!);
  kept.push({ at, move, to });
  at = maze[to] === "G" || step % 40 === 39 ? 0 : to;

  const drawn = draws.map((chance) => kept[Math.floor(chance * kept.length)]!);
  const ends = drawn.map(({ to }) => to);
  const next = worthOf(target, ends).map((worth) => Math.max(...worth));
  const wanted = worthOf(
    online,
    drawn.map(({ at }) => at),
  );
  drawn.forEach(({ move, to }, i) => {
    wanted[i]![move] = maze[to] === "G" ? 1 : 0.9 * next[i]!;
  });
  online.trainOnBatch(
    drawn.map(({ at }) => place(at)),
    wanted,
  );
  if (step % 25 === 0) target.setWeights(online.getWeights());
}

const path = [0];
while (maze[path.at(-1)!] !== "G" && path.length < 16)
  path.push(after(path.at(-1)!, moves[bestMove(path.at(-1)!)]!));
console.log(`path: ${path.join(" ")}`);
const worth = Math.max(...worthOf(online, [0])[0]!);
console.log(`worth of its start: ${worth.toFixed(2)}, right would be ${(0.9 ** 5).toFixed(2)}`);
