// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.flash.blank;

import static org.xenolith.regs.RegisterSpec.at;

import java.util.List;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.RegisterRow;

class BlankFlashContractTest extends DeviceModelContract {
  /** All that a window of 8 bytes has. */
  private static final List<RegisterRow> WORDS = List.of(new RegisterRow("first", at(0x0, "first").reset(0xFFFF_FFFFL)), new RegisterRow(
      "second", at(0x4, "second").reset(0xFFFF_FFFFL)));

  @Override
  protected DeviceModelFactory factory() {
    return new BlankFlashComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/flash@0").compatible("xenolith,blank-flash").window(0, 8).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return WORDS;
  }
}
