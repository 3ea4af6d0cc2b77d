// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.xenolith.regs.DeviceState;

class CpuContextTest {
  @Test
  void stackPointersAndPstateAreKeptApartFromTheOtherRegisters() {
    DeviceState state = new DeviceState();
    CpuContext context = new CpuContext(state, "");
    context.x(30, 1);
    context.stackPointer(0, 2);
    context.stackPointer(1, 3);
    context.pc(4);
    context.pstate(5);
    assertArrayEquals(new long[] {1, 2, 3, 4, 5},
        new long[] {context.x(30), context.stackPointer(0), context.stackPointer(1), context.pc(), context.pstate()});
    CpuContext copy = new CpuContext(new DeviceState(), "");
    assertEquals(0, copy.stackPointer(1));
    DeviceState other = new DeviceState();
    CpuContext restored = new CpuContext(other, "");
    other.restore(state.save());
    assertEquals(3, restored.stackPointer(1));
    assertThrows(IndexOutOfBoundsException.class, () -> context.stackPointer(2));
  }
}
