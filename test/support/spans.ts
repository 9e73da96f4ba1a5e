import {
  type Context,
  type Span,
  type SpanContext,
  type SpanOptions,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'

/** A span that has ended. */
export interface EndedSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentId: string | undefined
  readonly attributes: Readonly<Record<string, unknown>>
  readonly exceptions: readonly string[]
}

/** Keeps what ends, in memory: as much of a tracer as these tests need. */
export function recordingProvider(): {
  readonly provider: TracerProvider
  readonly ended: readonly EndedSpan[]
} {
  const ended: EndedSpan[] = []
  let made = 0
  const id = (length: number): string => (++made).toString(16).padStart(length, '0')

  function startSpan(name: string, options: SpanOptions = {}, context?: Context): Span {
    const parent = context === undefined ? undefined : trace.getSpanContext(context)
    const spanContext: SpanContext = { traceId: parent?.traceId ?? id(32), spanId: id(16), traceFlags: 1 }
    const exceptions: string[] = []
    const span: Span = {
      spanContext: () => spanContext,
      setAttribute: () => span,
      setAttributes: () => span,
      addEvent: () => span,
      addLink: () => span,
      addLinks: () => span,
      setStatus: () => span,
      updateName: () => span,
      isRecording: () => true,
      recordException: (error) => {
        exceptions.push(typeof error === 'string' ? error : (error.message ?? ''))
      },
      end: () => {
        const { traceId, spanId } = spanContext
        const attributes = { ...options.attributes }
        ended.push({ name, traceId, spanId, parentId: parent?.spanId, attributes, exceptions })
      },
    }
    return span
  }

  const tracer: Tracer = {
    startSpan,
    startActiveSpan: () => {
      throw new Error('nothing here starts active spans')
    },
  }
  return { provider: { getTracer: () => tracer }, ended }
}
