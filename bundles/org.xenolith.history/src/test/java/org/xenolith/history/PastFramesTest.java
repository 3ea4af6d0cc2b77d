// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.history.PastFrames.Frame;
import org.xenolith.history.PastFrames.Kind;

class PastFramesTest {
  private Socket one;
  private Socket other;

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      one = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
      other = server.accept();
    }
  }

  @AfterEach
  void close() throws IOException {
    one.close();
    other.close();
  }

  @Test
  void eachTextArrivesAsItIs() throws IOException {
    PastFrames from = new PastFrames(one);
    PastFrames to = new PastFrames(other);
    from.send(Kind.WORD, "at 1.5s");
    from.send(Kind.ANSWER, "");
    from.send(Kind.PROGRESS, "µ\n".repeat(100_000));
    assertEquals(new Frame(Kind.WORD, "at 1.5s"), to.receive());
    assertEquals(new Frame(Kind.ANSWER, ""), to.receive());
    assertEquals(new Frame(Kind.PROGRESS, "µ\n".repeat(100_000)), to.receive());
    from.close();
    assertThrows(EOFException.class, to::receive);
  }

  @Test
  void whatIsNoFrameIsRefusedBeforeItIsRead() throws IOException {
    one.getOutputStream().write(new byte[] {9, 0, 0, 0, 1, 'a'});
    String message = assertThrows(IOException.class, new PastFrames(other)::receive).getMessage();
    assertTrue(message.contains("no frame of kind 9"), message);
  }

  @Test
  void aLengthThatNobodyHasIsRefused() throws IOException {
    one.getOutputStream().write(new byte[] {1, 127, 0, 0, 0});
    assertThrows(IOException.class, new PastFrames(other)::receive);
  }
}
