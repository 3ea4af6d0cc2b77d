// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;

class ProfileRequestTest {
  private static final class Empty implements Profile {
    @Override
    public void write(Path folder) {}

    @Override
    public void close() {}
  }

  @Test
  void periodIsANumberOfInstructionsThatLeavesTimeForTheGuest() {
    assertEquals(100, ProfileRequest.period("100"));
    assertEquals(100_003, ProfileRequest.PERIOD);
    for (String text : List.of("99", "", "-200", "1e6", "100k", "1".repeat(19))) {
      BadInput refused = assertThrows(BadInput.class, () -> ProfileRequest.period(text), text);
      assertEquals("profile-period", refused.option().orElseThrow());
      assertTrue(OptionName.onCommandLine(refused.getMessage()).equals("--profile-period " + text
          + ": expected at least 100 instructions"), refused.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> new ProfileRequest(99, List.of()));
  }

  @Test
  void requestKeepsItsFiles() {
    List<String> symbols = new ArrayList<>(List.of("vmlinux"));
    ProfileRequest request = new ProfileRequest(100, symbols);
    symbols.clear();
    assertEquals(List.of("vmlinux"), request.symbols());
  }

  @Test
  void bestProfilerBeginsAndWithoutOneTheUserIsToldWhatToInstall() {
    ProfileRequest request = new ProfileRequest(100, List.of());
    Profile best = new Empty();
    assertSame(best, request.begin(null, List.of((machine, asked) -> new Empty(), (machine, asked) -> asked == request ? best
        : new Empty())));
    BadInput none = assertThrows(BadInput.class, () -> request.begin(null, List.of()));
    assertEquals("profile", none.option().orElseThrow());
    assertTrue(none.getMessage().contains("org.xenolith.profile"), none.getMessage());
  }
}
