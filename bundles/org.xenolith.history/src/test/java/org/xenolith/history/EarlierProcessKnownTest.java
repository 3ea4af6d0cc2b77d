// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.history.PastFrames.Frame;
import org.xenolith.history.PastFrames.Kind;

/** Others of this computer may connect before the second process does. */
class EarlierProcessKnownTest {
  private interface Says {
    void to(Socket socket) throws IOException;
  }

  private static Optional<PastFrames> known(Says says) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()); Socket other = new Socket(InetAddress
        .getLoopbackAddress(), server.getLocalPort())) {
      says.to(other);
      return EarlierProcess.known(server.accept(), "the secret");
    }
  }

  @Test
  void whoSaysTheSecretIsKnown() throws IOException {
    Optional<PastFrames> known = known(socket -> {
      PastFrames frames = new PastFrames(socket);
      frames.send(Kind.HELLO, "the secret");
      frames.send(Kind.ANSWER, "later");
    });
    assertEquals(new Frame(Kind.ANSWER, "later"), known.orElseThrow().receive());
  }

  @Test
  void othersAreNotAndNothingEndsByThem() throws IOException {
    assertTrue(known(socket -> new PastFrames(socket).send(Kind.HELLO, "another")).isEmpty());
    assertTrue(known(socket -> new PastFrames(socket).send(Kind.ANSWER, "the secret")).isEmpty());
    assertTrue(known(socket -> socket.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII))).isEmpty());
    assertTrue(known(Socket::shutdownOutput).isEmpty());
  }
}
