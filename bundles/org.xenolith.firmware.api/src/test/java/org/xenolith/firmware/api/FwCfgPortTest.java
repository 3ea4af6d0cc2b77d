// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  private static FwCfgFile device(String name, byte[] bytes) {
    return new FwCfgFile() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public int length() {
        return bytes.length;
      }

      @Override
      public byte[] content() {
        return bytes;
      }

      @Override
      public void written(int offset, byte[] more) {
        System.arraycopy(more, 0, bytes, offset, more.length);
      }
    };
  }

  @Test
  void aDevicesFileKeepsItsPlaceWhenItsModelIsGone() {
    FwCfgFile file = device("etc/middle", new byte[] {1, 2, 3});
    port.attach(file, null);
    port.file("etc/a", new byte[] {7});
    port.file("etc/z", new byte[] {8});
    int key = FwCfgPort.FIRST_FILE + 1;
    byte[] directory = port.content(FwCfgPort.DIRECTORY);
    assertArrayEquals(new byte[] {1, 2, 3}, port.content(key));
    assertTrue(port.isWritable(key));
    assertTrue(port.write(key, 1, new byte[] {9, 9}));
    assertArrayEquals(new byte[] {1, 9, 9}, port.content(key));
    for (long offset : new long[] {-1, 2, 3, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertFalse(port.write(key, offset, new byte[] {5, 5}), Long.toString(offset));
    }
    assertFalse(port.write(key - 1, 0, new byte[] {5}), "not a device's");
    assertArrayEquals(new byte[] {7}, port.content(key - 1));
    port.detach(device("etc/middle", new byte[3]));
    assertArrayEquals(new byte[] {1, 9, 9}, port.content(key), "another's");
    port.detach(file);
    assertArrayEquals(new byte[3], port.content(key));
    assertTrue(port.write(key, 0, new byte[] {5}), "it goes nowhere");
    assertArrayEquals(directory, port.content(FwCfgPort.DIRECTORY));
    port.machineReset();
    assertArrayEquals(new byte[3], port.content(FwCfgPort.FIRST_FILE), "the only one now");
    port.attach(file, null);
    assertArrayEquals(new byte[] {1, 9, 9}, port.content(FwCfgPort.FIRST_FILE));
  }

  @Test
  void aSnapshotHasTheNamesOfDevicesFiles() {
    port.attach(device("etc/b", new byte[2]), null);
    port.file("etc/a", new byte[] {7});
    StateRecord record = port.state().save();
    FwCfgPort other = new FwCfgPort();
    other.state().restore(record);
    assertArrayEquals(port.content(FwCfgPort.DIRECTORY), other.content(FwCfgPort.DIRECTORY));
    assertEquals(2, other.content(FwCfgPort.FIRST_FILE + 1).length);
    StateRecord earlier = new StateRecord();
    earlier.put("items", record.get("items"));
    new FwCfgPort().state().restore(earlier);
    byte[] whole = (byte[]) record.get("device-files");
    for (int length = 0; length < whole.length; length++) {
      StateRecord cut = new StateRecord();
      cut.put("items", record.get("items"));
      cut.put("device-files", Arrays.copyOf(whole, length));
      assertThrows(StateMismatch.class, () -> new FwCfgPort().state().restore(cut), Integer.toString(length));
    }
  }

  @Test
  void aFileIsOneThing() {
    port.attach(device("etc/b", new byte[2]), null);
    port.file("etc/a", new byte[] {7});
    assertThrows(IllegalArgumentException.class, () -> port.file("etc/b", new byte[2]));
    assertThrows(IllegalArgumentException.class, () -> port.attach(device("etc/a", new byte[1]), null));
    assertThrows(IllegalArgumentException.class, () -> port.attach(device("etc/b", new byte[3]), null));
    assertThrows(IllegalArgumentException.class, () -> port.attach(device("", new byte[3]), null));
  }
}
