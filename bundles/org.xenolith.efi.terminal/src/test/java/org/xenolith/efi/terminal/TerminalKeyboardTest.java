// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.terminal;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.TextInputContract;

/** The keys of a terminal. */
class TerminalKeyboardTest extends TextInputContract {
  @Override
  protected Keyboard keyboard() {
    TerminalBench bench = new TerminalBench();
    return new Keyboard() {
      @Override
      public FakeFirmware firmware() {
        return bench.firmware;
      }

      @Override
      public long input() {
        return bench.protocol(Protocol.SIMPLE_TEXT_INPUT);
      }

      @Override
      public long extended() {
        return bench.protocol(Protocol.SIMPLE_TEXT_INPUT_EX);
      }

      @Override
      public void types(String text) {
        bench.comes(text);
      }

      @Override
      public void pressesUp() {
        bench.comes("\033[A");
      }

      /** Nothing but characters and sequences comes from a terminal. */
      @Override
      public boolean knowsHeldKeys() {
        return false;
      }
    };
  }
}
