// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a client sends: lines, each a message. One that is none gets an error for an answer and goes no further, as the SDK would hear nothing any more after it. When there are no more, what was
 * asked is still answered. Whether somebody is there is answered at once, whatever is executed. What a client gives up is told to who executes it. Sources: JSON-RPC 2.0, section 5.1; Model Context Protocol, 2025-11-25, transports.
 */
final class ClientLines {
  /** Bytes of a line at most: no call has as many. */
  private static final int LONGEST = 1 << 20;
  /** Where a call's number stands among what the protocol says of it. */
  static final String ID = "org.xenolith/id";
  private static final String META = "_meta";
  private static final String CALL = "tools/call";
  private static final String CANCELLED = "notifications/cancelled";
  private static final int PARSE_ERROR = -32700;
  private static final int INVALID_REQUEST = -32600;
  private static final String INITIALIZE = "initialize";
  private static final String INITIALIZED = "notifications/initialized";
  private static final String PING = "ping";
  /** How long is waited at the end for what was asked: longer than any call takes. */
  static final long PATIENCE_MILLISECONDS = 620_000;
  private final ProtocolJson json = new ProtocolJson();
  private final InputStream in;
  private final ForwardedLines forwarded;
  private final AnswerLines answers;
  private final CallsUnderway calls;
  /** Whether the client has said that it is initialized. */
  private boolean begun;

  /** @param to gets the lines that are messages. @param calls are told what is asked and given up. @param patience milliseconds for which answers are waited for at the end */
  ClientLines(InputStream in, OutputStream to, AnswerLines answers, CallsUnderway calls, long patience) {
    this.calls = calls;
    this.in = in;
    this.answers = answers;
    forwarded = new ForwardedLines(to, answers, patience);
  }

  /** Reads until there is no more, or nobody takes it any more. */
  void read() throws IOException, InterruptedException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean tooLong = false;
    byte[] bytes = new byte[1 << 13];
    for (int count; (count = in.read(bytes)) >= 0;) {
      for (int i = 0; i < count; i++) {
        if (bytes[i] != '\n') {
          tooLong |= line.size() >= LONGEST;
          if (!tooLong) {
            line.write(bytes[i]);
          }
        } else {
          line(line.toString(StandardCharsets.UTF_8), tooLong);
          line.reset();
          tooLong = false;
        }
      }
    }
    if (line.size() > 0) {
      // One that nobody ended before the end.
      line(line.toString(StandardCharsets.UTF_8), tooLong);
    }
    forwarded.end();
  }

  private void line(String text, boolean tooLong) throws IOException, InterruptedException {
    if (tooLong) {
      refuse(null, PARSE_ERROR, "a line has more than " + LONGEST + " bytes");
      return;
    }
    if (text.isBlank()) {
      return;
    }
    JSONRPCMessage message;
    try {
      message = McpSchema.deserializeJsonRpcMessage(json, text);
    } catch (IOException e) {
      refuse(null, PARSE_ERROR, "a line is no JSON object");
      return;
    } catch (RuntimeException e) {
      refuse(null, INVALID_REQUEST, "a line is no message of JSON-RPC 2.0");
      return;
    }
    if (!McpSchema.JSONRPC_VERSION.equals(message.jsonrpc())) {
      // The SDK would hear nothing any more after a notification of another version.
      refuse(message instanceof JSONRPCRequest request ? request.id() : null, INVALID_REQUEST, "a line is no message of JSON-RPC 2.0");
      return;
    }
    if (message instanceof JSONRPCNotification told && CANCELLED.equals(told.method())) {
      if (told.params() instanceof Map<?, ?> said && said.get("requestId") != null) {
        calls.cancel(said.get("requestId"));
      }
      return; // The SDK has no place for it.
    }
    begun |= message instanceof JSONRPCNotification told && INITIALIZED.equals(told.method());
    String taken = text;
    if (message instanceof JSONRPCRequest request) {
      if (PING.equals(request.method())) {
        answer(request.id(), "result", Map.of());
        return;
      }
      if (!begun && !INITIALIZE.equals(request.method())) {
        refuse(request.id(), INVALID_REQUEST, "'" + request.method() + "' comes before '" + INITIALIZED + "'; '" + INITIALIZE
            + "' and that come first"); // The SDK would keep it until then, for ever if need be.
        return;
      }
      taken = named(request).orElse(text);
    }
    forwarded.add(taken, message instanceof JSONRPCRequest);
  }

  /** A call of a tool with its number in it, which the SDK tells nobody; empty if it is none. */
  private Optional<String> named(JSONRPCRequest request) throws IOException {
    if (!CALL.equals(request.method()) || request.id() == null || !(request.params() instanceof Map<?, ?> said)) {
      return Optional.empty();
    }
    Map<Object, Object> params = new LinkedHashMap<>(said);
    Map<Object, Object> meta = new LinkedHashMap<>(said.get(META) instanceof Map<?, ?> given ? given : Map.of());
    meta.put(ID, request.id());
    params.put(META, meta);
    calls.asked(request.id());
    return Optional.of(json.writeValueAsString(new JSONRPCRequest(request.jsonrpc(), request.method(), request.id(), params)));
  }

  /** @param id of the request; null if that isn't known */
  private void refuse(Object id, int code, String why) throws IOException {
    answer(id, "error", Map.of("code", code, "message", why));
  }

  private void answer(Object id, String kind, Map<String, Object> what) throws IOException {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("jsonrpc", "2.0");
    answer.put("id", id);
    answer.put(kind, what);
    answers.line(json.writeValueAsBytes(answer));
  }
}
