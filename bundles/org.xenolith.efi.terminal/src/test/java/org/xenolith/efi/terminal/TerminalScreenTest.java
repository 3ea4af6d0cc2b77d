// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.terminal;

import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.TextOutputContract;

/** The screen of a terminal. */
class TerminalScreenTest extends TextOutputContract {
  @Override
  protected Screen screen() {
    TerminalBench bench = new TerminalBench();
    return new Screen() {
      @Override
      public FakeFirmware firmware() {
        return bench.firmware;
      }

      @Override
      public long protocol() {
        return bench.protocol(Protocol.SIMPLE_TEXT_OUTPUT);
      }

      @Override
      public String shown() {
        return bench.sent();
      }
    };
  }
}
