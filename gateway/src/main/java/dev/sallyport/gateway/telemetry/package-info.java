/**
 * What a gateway tells of itself in numbers. In come the exchanges that clients ask for, seen from
 * around {@code CallFlow}, and the answers of whoever turns requests away before a body is read;
 * out goes one page in the text format of Prometheus, which {@code Operations} serves as {@code
 * /metrics}.
 *
 * <p>{@code Telemetry} is what {@code Gateway}, {@code Routes} and whoever opens servers know;
 * {@code Metrics} is what {@code sallyport serve} gives them. {@code Spans} are told of the same
 * exchanges, and {@code Export} sends what there is: package {@code otel} is both, where it is
 * wanted. Names follow the conventions of OpenTelemetry for MCP where there are any, and start with
 * {@code sallyport_} where there are none. Every label has a bound: docs/metrics.md lists them.
 */
@NullMarked
package dev.sallyport.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
