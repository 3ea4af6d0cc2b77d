// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.HistoryOption.Settings;

class HistoryOptionTest {
  @Test
  void itSaysMemoryAndHowOften() {
    assertEquals(new Settings(512L << 20, 150_000_000), HistoryOption.settings(""));
    assertEquals(new Settings(64L << 20, 150_000_000), HistoryOption.settings("64"));
    assertEquals(new Settings(1024L << 20, 20_000_000), HistoryOption.settings("1024,every=20"));
  }

  @Test
  void whatCanNotBeMeantIsRefused() {
    for (String text : List.of("15", "-1", "x", "2000000", "64,", "64,every=0", "64,every=-1", "64,every=x", "64M", "99999999999999999999",
        ",every=2")) {
      String says = assertThrows(BadInput.class, () -> HistoryOption.settings(text), text).getMessage();
      assertTrue(says.startsWith("⟦history⟧ '" + text + "': expected MiB"), says);
    }
  }
}
