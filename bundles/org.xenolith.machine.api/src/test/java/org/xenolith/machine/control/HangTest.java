// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class HangTest {

  @Test
  void aHangNamesWhoHasNotComeBackAndSinceWhen() {
    assertEquals("/uart@9000000: org.xenolith.hw.pl011 1.0.0 has not come back for 3 s",
        new Hang("/uart@9000000", "org.xenolith.hw.pl011", "1.0.0", "write", 3_900_000_000L, List.of()).toString());
    assertEquals("org.xenolith.hw.pl011 1.0.0 has not come back for 4 s",
        new Hang("", "org.xenolith.hw.pl011", "1.0.0", "", 4_000_000_000L, List.of()).toString(), "no device is known");
  }
}
