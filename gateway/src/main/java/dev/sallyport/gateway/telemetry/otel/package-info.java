/**
 * Traces, and the numbers of {@code telemetry}, sent by OTLP over HTTP. The one package that knows
 * the SDK of OpenTelemetry: nothing of it is loaded unless a configuration says where to send to.
 *
 * <p>{@code OtelExport} opens it; {@code OtelSpans} begins a span for what a client asks for and
 * one for each server that it goes on to, {@code OtelSpan} is such a span, and passes on where in
 * its trace a request stands (W3C Trace Context, un-prefixed in {@code _meta} by SEP-414). What
 * spans say follows the conventions of OpenTelemetry for MCP; docs/traces.md has the list and the
 * bounds.
 */
@NullMarked
package dev.sallyport.gateway.telemetry.otel;

import org.jspecify.annotations.NullMarked;
