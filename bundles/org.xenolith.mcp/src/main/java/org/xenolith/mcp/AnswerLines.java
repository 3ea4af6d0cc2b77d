// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What a client is sent: whole lines, whoever writes them, and no answer to what it has given up. */
final class AnswerLines extends OutputStream {
  private final OutputStream out;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final ProtocolJson json = new ProtocolJson();
  private final CallsUnderway calls;
  private long answered;

  /** @param calls say which answers are still waited for */
  AnswerLines(OutputStream out, CallsUnderway calls) {
    this.out = out;
    this.calls = calls;
  }

  /** One line, beside what is being written. */
  synchronized void line(byte[] text) throws IOException {
    out.write(text);
    out.write('\n');
    out.flush();
  }

  @Override
  public synchronized void write(int b) throws IOException {
    if (b != '\n') {
      line.write(b);
      return;
    }
    byte[] whole = line.toByteArray();
    line.reset();
    JSONRPCMessage message = message(whole);
    boolean told = message instanceof JSONRPCNotification || message instanceof JSONRPCRequest;
    if (told || !(message instanceof JSONRPCResponse response) || calls.answered(response.id())) {
      line(whole);
    }
    if (!told) {
      answered++;
      notifyAll();
    }
  }

  /** Null if it isn't known as one. */
  private JSONRPCMessage message(byte[] text) {
    try {
      return McpSchema.deserializeJsonRpcMessage(json, new String(text, StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) throws IOException {
    for (int i = 0; i < length; i++) {
      write(bytes[from + i]);
    }
  }

  /** Waits until so many answers have been written, or left out as nobody waits for them, or a time has passed. */
  synchronized void await(long wanted, long milliseconds) throws InterruptedException {
    long end = System.nanoTime() / 1_000_000 + milliseconds;
    for (long left = milliseconds; answered < wanted && left > 0; left = end - System.nanoTime() / 1_000_000) {
      wait(left);
    }
  }
}
