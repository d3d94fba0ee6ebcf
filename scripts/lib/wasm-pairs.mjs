/**
 * Puts the products of two sums that share an operand before both sums: multiply, multiply, add, add
 * instead of multiply, add, multiply, add. LLVM and wasm-opt nest each product into its sum; V8 from
 * 13 on keeps that order, in which Zen 4 adds and multiplies at 0.8 times the rate. The same
 * operations, so the same bits. Text in, text out, in the layout of wasm-dis.
 *
 * @returns the text, and how many pairs were made
 */
export function pairProducts(text) {
  const functions = text.split(/^(?= \(func )/m);
  const parts = functions.map((part) =>
    part.startsWith(" (func ") ? pairsOf(part) : { text: part },
  );
  return {
    text: parts.map((part) => part.text).join(""),
    count: parts.reduce((sum, { count = 0 }) => sum + count, 0),
  };
}

function pairsOf(text) {
  const lines = text.split("\n");
  const result = [];
  let count = 0;
  for (let at = 0; at < lines.length; ) {
    const first = sumAt(lines, at);
    const second = first && sumAt(lines, first.end);
    if (!second || !shares(first, second)) {
      result.push(lines[at++]);
      continue;
    }
    result.push("(local.set $product0", ...first.product, ")");
    result.push("(local.set $product1", ...second.product, ")");
    for (const [i, { sum }] of [first, second].entries())
      result.push(`(local.set ${sum} (f32x4.add (local.get ${sum}) (local.get $product${i})))`);
    at = second.end;
    count++;
  }
  if (count === 0) return { text };
  const body = result.findIndex((line, i) => i > 0 && !line.startsWith("  (local "));
  result.splice(body, 0, "  (local $product0 v128)", "  (local $product1 v128)");
  return { text: result.join("\n"), count };
}

/** The statement sum = sum + product at a line: its local, the lines of the product, where it ends. */
function sumAt(lines, at) {
  const [, indent, sum] = lines[at].match(/^( *)\(local\.set (\$\w+)$/) ?? [];
  if (sum === undefined || lines[at + 1] !== `${indent} (f32x4.add`) return undefined;
  const end = lines.indexOf(`${indent})`, at) + 1;
  const operands = lines.slice(at + 2, end - 2);
  const own = `${indent}  (local.get ${sum})`;
  const product = operands.filter((line) => line !== own);
  const isProduct = product[0] === `${indent}  (f32x4.mul` && product.length < operands.length;
  return isProduct ? { sum, product, end } : undefined;
}

/** Does the second product begin with what the first one has read, and need nothing of its sum? */
function shares(first, second) {
  const [, local] = first.product[1].match(/\(local\.tee (\$\w+)$/) ?? [];
  return (
    second.product[1].endsWith(`(local.get ${local})`) &&
    !second.product.some((line) => line.endsWith(` ${first.sum})`))
  );
}
