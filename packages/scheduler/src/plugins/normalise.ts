/** Scales scores in place so that the highest is 100; reversed, so that the lowest is. */
export function normaliseByMax(scores: number[], reverse: boolean): void {
  let max = 0
  for (const score of scores) if (score > max) max = score
  for (let index = 0; index < scores.length; index++) {
    if (max === 0) scores[index] = reverse ? 100 : 0
    else {
      const scaled = Math.trunc((100 * (scores[index] ?? 0)) / max)
      scores[index] = reverse ? 100 - scaled : scaled
    }
  }
}
