// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.x64;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeX64Cpu;
import org.xenolith.testkit.x64.X64TestMachine;

class NestedTablesTest {
  @Test
  void recordsFromBeforeDevicesReadTheTablesAreRefused() {
    FakeHypervisor hypervisor = new FakeHypervisor(1);
    hypervisor.cpu(0).platformObjects(new X64TestMachine(cpu -> null).cpu, new FakeX64Cpu());
    DeviceModel model = hypervisor.install("p2m", new NestedTablesComponent());
    StateRecord now = model.state().save();
    assertDoesNotThrow(() -> model.state().restore(now));
    StateRecord before = new StateRecord();
    now.values().forEach((name, value) -> {
      if (!name.equals("entry-form")) {
        before.put(name, value);
      }
    });
    StateMismatch refused = assertThrows(StateMismatch.class, () -> model.state().restore(before));
    assertTrue(refused.getMessage().contains("entry-form"), refused::getMessage);
  }
}
