// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class InitrdPartsTest {
  @Test
  void eachBeginsAtAMultipleOfFourBytesBehindZeros() {
    assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 0, 0, 0, 6, 0, 0, 0, 7, 8}, InitrdParts.joined(List.of(new byte[] {1, 2, 3, 4, 5},
        new byte[] {6}, new byte[] {7, 8})));
  }

  @Test
  void oneAloneIsAsItWas() {
    byte[] one = {1, 2, 3};
    assertSame(one, InitrdParts.joined(List.of(one)));
  }

  @Test
  void archivesAreToldFromImages() {
    for (String mark : List.of("070701", "070702", "\u001f\u008b\b", "\u00fd7zXZ", "(\u00b5/\u00fd", "\2!L\u0018", "BZh9", "]\0\0")) {
      assertTrue(InitrdParts.isArchive(mark.getBytes(StandardCharsets.ISO_8859_1)), mark);
    }
    assertFalse(InitrdParts.isArchive(new byte[2048]));
    assertFalse(InitrdParts.isArchive(new byte[0]));
  }
}
