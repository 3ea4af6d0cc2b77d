// SPDX-License-Identifier: EPL-2.0
package org.xenolith.product.ui;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisplayServerTest {
  private static final int FIRST_PORT = 6000;

  @TempDir
  Path folder;

  @Test
  void aCompositorIsASocketInTheFolderOfTheSession() throws IOException {
    Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", folder.toString(), "WAYLAND_DISPLAY", "wayland-0");
    assertFalse(DisplayServer.answers(environment));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(folder.resolve("wayland-0")));
      assertTrue(DisplayServer.answers(environment));
    }
    assertFalse(DisplayServer.answers(environment), "the socket is there, and nobody behind it");
  }

  @Test
  void aServerOfAnotherHostIsAPort() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress("localhost", 0));
      int number = ((InetSocketAddress) server.getLocalAddress()).getPort() - FIRST_PORT;
      assertTrue(DisplayServer.answers(Map.of("DISPLAY", "localhost:" + number + ".0")));
      assertTrue(DisplayServer.answers(Map.of("DISPLAY", ":" + number)), "without a name it may be one of this host's");
      server.close();
      assertFalse(DisplayServer.answers(Map.of("DISPLAY", "localhost:" + number + ".0")));
    }
  }

  @Test
  void nobodyIsNoServerAndWhatIsntUnderstoodIsLeftToTheLibrary() {
    assertFalse(DisplayServer.answers(Map.of()));
    assertTrue(DisplayServer.answers(Map.of("DISPLAY", "/private/tmp/launch/org.xquartz")));
  }
}
