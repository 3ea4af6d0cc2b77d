// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.flash.cfi;

import static org.xenolith.regs.RegisterSpec.at;

import java.util.List;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.RegisterRow;

class CfiFlashContractTest extends DeviceModelContract {
  /** All that a bank of 8 bytes has: erased, and no value that is written alone stays. */
  private static final List<RegisterRow> WORDS = List.of(new RegisterRow("first", at(0x0, "first").reset(0xFFFF_FFFFL)), new RegisterRow(
      "second", at(0x4, "second").reset(0xFFFF_FFFFL)));

  @Override
  protected DeviceModelFactory factory() {
    return new CfiFlashComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/flash@0").compatible("cfi-flash").window(0, 8).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return WORDS;
  }
}
