// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.host;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TapNetworkTest {
  @Test
  void namesThatNoInterfaceHasAreRefused() {
    for (String name : List.of("", "a/b", "sixteen-letters-x", "a b", "tap%d")) {
      String said = assertThrows(IllegalArgumentException.class, () -> new TapNetwork().open(Map.of("", List.of(name)), null)).getMessage();
      assertTrue(said.startsWith("tap=" + name + ": name an interface"), said);
    }
  }

  @Test
  void anInterfaceThatIsNoTapCannotBeHad() {
    // The loopback is there on every Linux, and whoever asks has no right to it, or it is of another kind.
    String said = assertThrows(IOException.class, () -> new TapNetwork().open(Map.of("", List.of("lo")), null)).getMessage();
    assertTrue(said.contains("ip tuntap add lo mode tap user $USER") || said.startsWith("/dev/net/tun: ") || said.startsWith("tap: only"),
        said);
  }

  @Test
  void aFileThatIsNotThereHasItsReason() {
    assertTrue(TapCalls.open("/no/such/file") == -2);
    assertTrue(TapCalls.reason(2).contains("none"));
  }
}
