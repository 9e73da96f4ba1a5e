import { type Context, context, isSpanContextValid, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api'

const tracer = trace.getTracer('@andon/core')

/** W3C trace context of a span, or undefined while no tracing is set up. */
export function traceparentOf(span: Span): string | undefined {
  const spanContext = span.spanContext()
  if (!isSpanContextValid(spanContext)) return undefined
  const flags = spanContext.traceFlags.toString(16).padStart(2, '0')
  return `00-${spanContext.traceId}-${spanContext.spanId}-${flags}`
}

/** The context that a `traceparent` stands for; the root when it is absent or not one. */
export function contextOf(traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] =
    /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '') ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
  })
}

/** Runs `work` in a span that ends with it. */
export async function inSpan<T>(
  name: string,
  parent: Context,
  attributes: Readonly<Record<string, string | number>>,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = tracer.startSpan(name, { attributes: { ...attributes } }, parent)
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span))
  } catch (error) {
    span.recordException(error instanceof Error ? error : String(error))
    throw error
  } finally {
    span.end()
  }
}

/** W3C trace context of the span that is running, or undefined. */
export function currentTraceparent(): string | undefined {
  const span = trace.getActiveSpan()
  return span && traceparentOf(span)
}

export const currentContext = (): Context => context.active()
