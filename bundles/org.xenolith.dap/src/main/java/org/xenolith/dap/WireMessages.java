// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.eclipse.lsp4j.debug.OutputEventArguments;
import org.eclipse.lsp4j.debug.services.IDebugProtocolClient;
import org.eclipse.lsp4j.debug.services.IDebugProtocolServer;
import org.eclipse.lsp4j.jsonrpc.MessageIssueException;
import org.eclipse.lsp4j.jsonrpc.debug.json.DebugMessageJsonHandler;
import org.eclipse.lsp4j.jsonrpc.debug.messages.DebugNotificationMessage;
import org.eclipse.lsp4j.jsonrpc.debug.messages.DebugRequestMessage;
import org.eclipse.lsp4j.jsonrpc.debug.messages.DebugResponseMessage;
import org.eclipse.lsp4j.jsonrpc.json.JsonRpcMethod;
import org.eclipse.lsp4j.jsonrpc.messages.Message;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.eclipse.lsp4j.jsonrpc.services.ServiceEndpoints;
import org.eclipse.lsp4j.jsonrpc.validation.ReflectiveMessageValidator;

/** Messages of the protocol as JSON, by LSP4J's types of them, numbered as they are sent. */
final class WireMessages {
  /** It keeps nothing of what it has read; what it knows of the protocol's types is found once. */
  private static final DebugMessageJsonHandler JSON = json();
  private int sent;

  private static DebugMessageJsonHandler json() {
    var methods = new LinkedHashMap<String, JsonRpcMethod>(ServiceEndpoints.getSupportedMethods(IDebugProtocolServer.class));
    methods.putAll(ServiceEndpoints.getSupportedMethods(IDebugProtocolClient.class));
    return new DebugMessageJsonHandler(methods, GsonBuilder::disableHtmlEscaping);
  }

  /** What can't be read of a message, and which request it was, if that could be read. */
  static final class BadMessage extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Optional<DebugRequestMessage> request;

    BadMessage(String message, Optional<DebugRequestMessage> request) {
      super(message);
      this.request = request;
    }

    Optional<DebugRequestMessage> request() {
      return request;
    }
  }

  /** A request that has come; empty if it is another message, which nobody has asked for. */
  Optional<DebugRequestMessage> request(String text) throws BadMessage {
    try {
      Message message = JSON.parseMessage(text);
      new ReflectiveMessageValidator(each -> {}).consume(message);
      return message instanceof DebugRequestMessage request ? Optional.of(request) : Optional.empty();
    } catch (MessageIssueException e) {
      throw new BadMessage(e.getIssues().getFirst().getText(), e.getRpcMessage() instanceof DebugRequestMessage request ? Optional.of(
          request) : Optional.empty());
    } catch (JsonParseException | IllegalStateException | ClassCastException | NumberFormatException | NullPointerException e) {
      throw new BadMessage("it is no message of the Debug Adapter Protocol", Optional.empty());
    }
  }

  byte[] response(DebugRequestMessage request, Object body) {
    DebugResponseMessage response = to(request);
    response.setResult(body);
    return frame(response);
  }

  byte[] refusal(DebugRequestMessage request, String why) {
    DebugResponseMessage response = to(request);
    response.setError(new ResponseError(ResponseErrorCode.RequestFailed, why, null));
    return frame(response);
  }

  /** Refuses whatever a text is. */
  byte[] refusal(String text, String why) {
    try {
      Optional<DebugRequestMessage> request = request(text);
      return request.isPresent() ? refusal(request.get(), why) : says(why);
    } catch (BadMessage e) {
      return e.request().isPresent() ? refusal(e.request().get(), why) : says(why);
    }
  }

  private DebugResponseMessage to(DebugRequestMessage request) {
    DebugResponseMessage response = new DebugResponseMessage();
    // LSP4J's id is that of the request.
    response.setId(request.getId());
    response.setResponseId(++sent);
    response.setMethod(request.getMethod());
    return response;
  }

  byte[] event(String name, Object body) {
    DebugNotificationMessage event = new DebugNotificationMessage();
    event.setId(++sent);
    event.setMethod(name);
    event.setParams(body);
    return frame(event);
  }

  /** What people are to know. */
  byte[] says(String sentence) {
    OutputEventArguments output = new OutputEventArguments();
    output.setCategory("important");
    output.setOutput(sentence + "\n");
    return event("output", output);
  }

  private byte[] frame(Message message) {
    byte[] body = JSON.serialize(message).getBytes(StandardCharsets.UTF_8);
    byte[] header = ("Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[header.length + body.length];
    System.arraycopy(header, 0, frame, 0, header.length);
    System.arraycopy(body, 0, frame, header.length, body.length);
    return frame;
  }
}
