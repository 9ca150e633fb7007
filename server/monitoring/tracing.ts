/** Traces by OpenTelemetry; the only module that knows it. Sampling, headers and resource follow its standard variables. */
import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { type Span, type SpanStart, TRACEPARENT, type Tracing } from './spans.js';

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;
/** A collector that does not answer must not hold up a stop. */
const CLOSE_MS = 5_000;

/** `endpoint`: address that takes OTLP over HTTP, `/v1/traces` included. */
export function createTracing(endpoint: string): Tracing {
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'charter' }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: endpoint, timeoutMillis: CLOSE_MS }))],
  });
  const tracer = provider.getTracer('charter');
  const contexts = new WeakMap<Span, Context>();
  return {
    begin: (start) => begin(tracer, contexts, start),
    // What could not be sent is lost, which is no reason to fail a stop.
    close: () => provider.shutdown().catch(() => undefined),
  };
}

function begin(tracer: Tracer, contexts: WeakMap<Span, Context>, { name, kind, parent, from, attributes }: SpanStart): Span {
  const above = typeof parent === 'string' ? remote(parent) : parent === null ? ROOT_CONTEXT : (contexts.get(parent) ?? ROOT_CONTEXT);
  const inner = tracer.startSpan(name, { kind: kinds[kind], ...(from === undefined ? {} : { startTime: from }), ...(attributes ? { attributes } : {}) }, above);
  const { traceId, spanId, traceFlags } = inner.spanContext();
  const span: Span = {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    end(how = {}) {
      if (how.name !== undefined) inner.updateName(how.name);
      if (how.attributes) inner.setAttributes(how.attributes);
      if (how.failed) inner.setStatus({ code: SpanStatusCode.ERROR, message: how.failed });
      inner.end(how.to);
    },
  };
  contexts.set(span, trace.setSpan(ROOT_CONTEXT, inner));
  return span;
}

function remote(traceparent: string): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent) ?? [];
  if (!traceId || !spanId || !flags) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true });
}
