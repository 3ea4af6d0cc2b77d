// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.pci.kit.Capability.Express;
import org.xenolith.pci.kit.ConfigTable.BarKind;
import org.xenolith.regs.DeviceState;

/** Who looks into a function is shown its whole configuration space, by names. */
class ConfigRegistersTest {
  private static final ConfigTable ENDPOINT = ConfigTable.endpoint(0x1AF4, 0x1041, 0x02_0000, 1).subsystem(0x1AF4, 0x40)
      .bar(0, BarKind.MEMORY64, 0x4000).bar(2, BarKind.IO, 0x20).build();
  private static final ConfigTable BRIDGE = ConfigTable.bridge(0x1B36, 0xC, 0x06_0400, 0).bar(0, BarKind.MEMORY64, 0x4000)
      .capability(Capability.msix(4, 0, 0, 0x2000), 0xB0).capability(Capability.express(Express.ROOT_PORT), 0x70)
      .capability(Capability.powerManagement(true, true), 0x40).capability(Capability.advancedErrors(true), 0x100).build();

  /** Each byte by its offset with the register that shows it; no two show the same. */
  private static Map<Integer, String> bytes(ConfigTable table, Map<String, Long> values) {
    DeviceState state = new DeviceState();
    ConfigSpace space = new ConfigSpace(state, "config", table);
    space.reset();
    Map<Integer, String> bytes = new HashMap<>();
    state.visitRegisters((window, register, value, stored) -> {
      assertEquals("config", window);
      assertTrue(stored);
      values.put(register.name(), value);
      for (int i = 0; i < register.spec().size(); i++) {
        String other = bytes.put(register.spec().offset() + i, register.name());
        assertTrue(other == null, () -> register.name() + " and " + other);
      }
    });
    return bytes;
  }

  private static void showsAll(ConfigTable table, Map<String, Long> values) {
    Map<Integer, String> bytes = bytes(table, values);
    for (int at = 0; at < ConfigTable.SIZE; at++) {
      boolean there = (table.reset[at] | table.writable[at] | table.clearable[at]) != 0;
      assertTrue(!there || bytes.containsKey(at), "nothing shows the byte at 0x" + Integer.toHexString(at));
    }
  }

  @Test
  void anEndpointShowsEveryByteThatItHas() {
    Map<String, Long> values = new HashMap<>();
    showsAll(ENDPOINT, values);
    assertEquals(0x1AF4, values.get("Vendor ID"));
    assertEquals(0x02_0000, values.get("Class Code"));
    assertEquals(4, values.get("BAR0"));
    assertEquals(1, values.get("BAR2"));
    assertEquals(0x40, values.get("Subsystem ID"));
  }

  @Test
  void aBridgeShowsEveryByteThatItHas() {
    Map<String, Long> values = new HashMap<>();
    showsAll(BRIDGE, values);
    assertEquals(1, values.get("Header Type"));
    assertEquals(1, values.get("I/O Base"));
  }
}
