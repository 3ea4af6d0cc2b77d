// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;

/** What firmware is told, and what becomes of it. */
class FwCfgPortTest {
  private final FwCfgPort port = new FwCfgPort();

  @Test
  void aNumberIsLittleEndian() {
    port.number(5, 2, 0x0104);
    assertArrayEquals(new byte[] {4, 1}, port.content(5));
    assertEquals(0, port.content(6).length);
    assertEquals(0, port.content(FwCfgPort.KEYS + 7).length);
  }

  @Test
  void keysAndNamesThatCannotBeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> port.item(FwCfgPort.DIRECTORY, new byte[1]));
    assertThrows(IllegalArgumentException.class, () -> port.item(FwCfgPort.FIRST_FILE, new byte[1]));
    for (String name : new String[] {"", "x".repeat(56), "ä", "a b"}) {
      assertThrows(IllegalArgumentException.class, () -> port.file(name, new byte[1]), name);
    }
  }

  @Test
  void aSnapshotHasAllAndAResetNothing() {
    port.number(1, 4, 3);
    port.file("etc/one", new byte[] {7});
    StateRecord record = port.state().save();
    port.machineReset();
    assertEquals(Set.of(), port.files().keySet());
    port.state().restore(record);
    assertEquals(Set.of("etc/one"), port.files().keySet());
    assertArrayEquals(new byte[] {7}, port.content(FwCfgPort.FIRST_FILE));
    assertArrayEquals(new byte[] {3, 0, 0, 0}, port.content(1));
  }

  @Test
  void aDamagedRecordIsRefused() {
    port.file("etc/one", new byte[] {7});
    byte[] whole = (byte[]) port.state().save().get("items");
    for (int length = 0; length < whole.length; length++) {
      StateRecord cut = new StateRecord();
      cut.put("items", Arrays.copyOf(whole, length));
      assertThrows(StateMismatch.class, () -> port.state().restore(cut), Integer.toString(length));
    }
  }
}
