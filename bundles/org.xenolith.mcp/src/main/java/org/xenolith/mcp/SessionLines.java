// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransport;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * The SDK's way of lines, in which what is sent is written by who sends it, whole: the SDK's own gives it to a sink that refuses what comes while another thread is in it, and nobody hears that an answer is
 * lost.
 */
final class SessionLines implements McpServerTransportProvider {
  private final ProtocolJson json;
  private final OutputStream out;
  private final StdioServerTransportProvider provider;

  SessionLines(ProtocolJson json, InputStream in, OutputStream out) {
    this.json = json;
    this.out = out;
    provider = new StdioServerTransportProvider(json, in, OutputStream.nullOutputStream());
  }

  @Override
  public void setSessionFactory(McpServerSession.Factory factory) {
    provider.setSessionFactory(transport -> factory.create(new McpServerTransport() {
      @Override
      public Mono<Void> sendMessage(JSONRPCMessage message) {
        return Mono.fromCallable(() -> write(message));
      }

      @Override
      public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return transport.unmarshalFrom(data, type);
      }

      @Override
      public Mono<Void> closeGracefully() {
        return transport.closeGracefully();
      }
    }));
  }

  private Void write(JSONRPCMessage message) throws IOException {
    byte[] text = json.writeValueAsBytes(message);
    synchronized (out) {
      out.write(text);
      out.write('\n');
      out.flush();
    }
    return null;
  }

  @Override
  public Mono<Void> notifyClients(String method, Object params) {
    return provider.notifyClients(method, params);
  }

  @Override
  public Mono<Void> closeGracefully() {
    return provider.closeGracefully();
  }

  @Override
  public List<String> protocolVersions() {
    return provider.protocolVersions();
  }
}
