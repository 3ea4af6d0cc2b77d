// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class BusLineTest {
  private static BusLine line(String text, BusLine... below) {
    return new BusLine(text, List.of(below));
  }

  @Test
  void whatIsIndentedMoreIsBelow() {
    assertEquals(List.of(line("host", line("port", line("bar"), line("function", line("bar 0"))), line("other")), line("host 2")),
        BusLine.of("host\n  port\n        bar\n    function\n          bar 0\n  other\n\nhost 2\n"));
  }

  @Test
  void nothingIsNoLine() {
    assertEquals(List.of(), BusLine.of(""));
  }
}
