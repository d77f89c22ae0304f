import { answerText } from './answer.js'
import type { Exchange } from './exchange.js'

/** The answer to paths that nothing serves. */
export function notFoundPage(exchange: Exchange): void {
  answerText(exchange, 404, '404 page not found\n')
}
