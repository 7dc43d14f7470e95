package dev.sallyport.gateway.telemetry.otel;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;

/** The attributes of spans, as the conventions for MCP name them; they still move. */
final class Words {
  static final AttributeKey<String> METHOD = stringKey("mcp.method.name");
  static final AttributeKey<String> VERSION = stringKey("mcp.protocol.version");
  static final AttributeKey<String> RESOURCE = stringKey("mcp.resource.uri");
  static final AttributeKey<String> OPERATION = stringKey("gen_ai.operation.name");
  static final AttributeKey<String> TOOL = stringKey("gen_ai.tool.name");
  static final AttributeKey<String> PROMPT = stringKey("gen_ai.prompt.name");
  static final AttributeKey<String> REQUEST_ID = stringKey("jsonrpc.request.id");
  static final AttributeKey<String> STATUS = stringKey("rpc.response.status_code");
  static final AttributeKey<String> ERROR = stringKey("error.type");
  static final AttributeKey<String> TRANSPORT = stringKey("network.transport");
  static final AttributeKey<String> PROTOCOL = stringKey("network.protocol.name");
  static final AttributeKey<String> ADDRESS = stringKey("server.address");
  static final AttributeKey<Long> PORT = longKey("server.port");
  static final AttributeKey<String> ROUTE = stringKey("sallyport.route");
  static final AttributeKey<String> SERVER = stringKey("sallyport.server");
  static final AttributeKey<String> SESSION = stringKey("sallyport.session");

  static final String EXECUTE_TOOL = "execute_tool";
  static final String TCP = "tcp";
  static final String PIPE = "pipe";
  static final String HTTP = "http";

  private Words() {}
}
