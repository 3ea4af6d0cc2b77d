// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateRecord;

/** Permanent ports with nobody on the other side, at a hand-over, and after a restore. */
class PortsTest {

  @Test
  void pinsKeepTheirLevelsWhenTheModelGoesAndInASnapshot() {
    GpioPort pins = new GpioPort();
    pins.set(3, true);
    pins.drive(1, 1);
    assertEquals(8, pins.inputs(), "nobody listens on either side");
    List<Long> heard = new ArrayList<>();
    pins.onInput(() -> heard.add(pins.inputs()));
    pins.set(3, true);
    pins.set(0, true);
    assertEquals(List.of(9L), heard, "told of changes only");

    StateRecord saved = pins.state().save();
    pins.set(3, false);
    pins.state().restore(saved);
    assertEquals(9, pins.inputs());
  }

  @Test
  void outputsAreToldToWhoeverIsConnectedNow() {
    GpioPort pins = new GpioPort();
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();
    pins.connect((levels, driven) -> first.add(levels + "/" + driven));
    pins.drive(2, 3);
    pins.connect((levels, driven) -> second.add(levels + "/" + driven));
    pins.drive(1, 3);
    assertEquals(List.of("2/3"), first);
    assertEquals(List.of("1/3"), second);
  }

  @Test
  void aClockRunsUntilSomebodyGatesIt() {
    ClockGatePort gate = new ClockGatePort();
    assertTrue(gate.running());
    gate.drive(false);
    assertFalse(gate.running());
  }

  /** Where a gate leads is asked at each access: a bus master keeps the gate, not the way. */
  @Test
  void aGateAsksAtEachAccessWhereItLeads() {
    List<String> seen = new ArrayList<>();
    DmaPort[] way = {null};
    DmaGate gate = () -> {
      if (way[0] == null) {
        throw ExternalAbort.INSTANCE;
      }
      return way[0];
    };
    assertThrows(ExternalAbort.class, () -> gate.read(0, 4));
    way[0] = noting(seen, 7);
    assertEquals(7, gate.read(0x1000, 4));
    gate.write(0x2000, 2, 5);
    gate.read(0x3000, new byte[4], 1, 3);
    gate.write(0x4000, new byte[4], 2, 2);
    assertEquals(List.of("read 1000 4", "write 2000 2 5", "into 3000 1 3", "from 4000 2 2"), seen);
    way[0] = null;
    assertThrows(ExternalAbort.class, () -> gate.write(0, new byte[1], 0, 1));
  }

  private static DmaPort noting(List<String> seen, long answer) {
    return new DmaPort() {
      @Override
      public void read(long address, byte[] into, int offset, int length) {
        seen.add("into %x %d %d".formatted(address, offset, length));
      }

      @Override
      public void write(long address, byte[] from, int offset, int length) {
        seen.add("from %x %d %d".formatted(address, offset, length));
      }

      @Override
      public long read(long address, int size) {
        seen.add("read %x %d".formatted(address, size));
        return answer;
      }

      @Override
      public void write(long address, int size, long value) {
        seen.add("write %x %d %d".formatted(address, size, value));
      }
    };
  }
}
