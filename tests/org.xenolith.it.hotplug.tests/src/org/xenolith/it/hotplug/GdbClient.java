// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A debugger as far as packets go. */
final class GdbClient implements AutoCloseable {
  private static final int PATIENCE_MILLISECONDS = 120_000;
  private final Socket socket;

  GdbClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLISECONDS);
  }

  void raw(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  void send(String packet) throws IOException {
    int sum = packet.chars().sum() & 0xFF;
    raw("$%s#%02x".formatted(packet, sum));
  }

  String ask(String packet) throws IOException {
    send(packet);
    return await();
  }

  /** The next packet. */
  String await() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int b; (b = next()) != '$';) {
      if (b != '+') {
        throw new IOException("unexpected: " + (char) b);
      }
    }
    for (int b; (b = next()) != '#';) {
      text.write(b);
    }
    next();
    next();
    raw("+");
    return text.toString(StandardCharsets.ISO_8859_1);
  }

  private int next() throws IOException {
    int b = socket.getInputStream().read();
    if (b < 0) {
      throw new IOException("the connection is closed");
    }
    return b;
  }

  /** Whether the other end says something or closes within half a second, without having been asked. */
  boolean closes() throws IOException {
    socket.setSoTimeout(500);
    try {
      next();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** A register of 64 bits. */
  long register(int number) throws IOException {
    return Long.reverseBytes(Long.parseUnsignedLong(ask("p" + Integer.toHexString(number)), 16));
  }

  /** Goes without a word. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
