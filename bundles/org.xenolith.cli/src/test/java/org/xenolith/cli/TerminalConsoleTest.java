// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;

class TerminalConsoleTest {
  @Test
  void keysThatRaiseSignalsOrStopTheFlowAreTheGuests() throws IOException {
    try (Terminal terminal = new DumbTerminal(new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream())) {
      Attributes cooked = terminal.getAttributes();
      cooked.setLocalFlag(LocalFlag.ISIG, true);
      cooked.setInputFlag(InputFlag.IXON, true);
      cooked.setLocalFlag(LocalFlag.TOSTOP, true);
      Attributes raw = TerminalConsole.everyKey(cooked);
      assertFalse(raw.getLocalFlag(LocalFlag.ISIG));
      assertFalse(raw.getInputFlag(InputFlag.IXON));
      assertTrue(raw.getLocalFlag(LocalFlag.TOSTOP));
      assertTrue(cooked.getLocalFlag(LocalFlag.ISIG));
    }
  }
}
