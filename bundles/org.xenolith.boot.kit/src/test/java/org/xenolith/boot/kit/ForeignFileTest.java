// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ForeignFileTest {
  @Test
  void filesThatCannotBeEnteredAreNamedWithWhatHelps() {
    byte[] bzImage = new byte[0x210];
    System.arraycopy("HdrS".getBytes(StandardCharsets.ISO_8859_1), 0, bzImage, 0x202, 4);
    Map<byte[], String> files = Map.of(bzImage, "an x86 bzImage, which a PC boots when org.xenolith.boot.pvh is installed.", bytes(
        "MZ\0\0\0\0\0"), "an EFI program",
        bytes("'\5\31V\0"), "a U-Boot uImage", bytes("\u00d0\r\u00fe\u00ed\0"), "a device tree", bytes("ANDROID!\0"),
        "an Android boot image", bytes("\u00fd7zXZ\0"), "a compressed file", bytes("#!/bin/sh\n"), "text.");
    files.forEach((file, what) -> {
      String said = ForeignFile.describe(file).orElseThrow();
      assertTrue(said.startsWith(what), said);
      assertTrue(said.indexOf(". ") < said.length() - 2 && said.endsWith("."), said);
    });
  }

  @Test
  void whatMayBeCodeIsLeftAlone() {
    assertEquals(Optional.empty(), ForeignFile.describe(new byte[0]));
    assertEquals(Optional.empty(), ForeignFile.describe(new byte[] {0, 0, 0, 0x14}));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
