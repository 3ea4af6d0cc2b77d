// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gic.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.machine.api.InterruptLine;

/** With entries of a layout of its own: state in bits 0 and 1, hardware 2, tell 3, group 4, priority 8 to 15, number from 16. */
class VirtualInterruptsTest {
  private static final int PENDING = 1;
  private static final int ACTIVE = 2;
  private static final int TELL = 8;
  private static final int ENABLE = 1;
  private static final int NO_PENDING = 1 << 3;
  private static final int BOTH_GROUPS = 3;

  private static final class Lists extends VirtualInterrupts {
    private final long[] entries = new long[COUNT];

    Lists() {
      super(new Layout(PENDING, ACTIVE, 4, TELL), new ArmCpu[0], new InterruptLine[0], new int[1], HCR_BITS, new int[1],
          VMCR_PRIORITY_MASK | BOTH_GROUPS, 0);
      reset();
    }

    @Override
    public long list(int cpu, int index) {
      return entries[index];
    }

    @Override
    public void setList(int cpu, int index, long value) {
      entries[index] = value;
    }

    @Override
    protected int group(long entry) {
      return (int) entry >> 4 & 1;
    }

    @Override
    protected int priority(long entry) {
      return (int) entry >> 8 & 0xFF;
    }

    @Override
    protected int number(long entry) {
      return (int) entry >> 16;
    }

    @Override
    public boolean preempts(int cpu, int index) {
      return true;
    }

    int mask(int group) {
      return groupMask(0, group);
    }
  }

  private final Lists lists = new Lists();

  private static long entry(int state, int priority, int number) {
    return state | priority << 8 | number << 16;
  }

  @Test
  void thePendingOneWithTheHighestPriorityIsGiven() {
    lists.setList(0, 0, entry(PENDING, 0x80, 40));
    lists.setList(0, 1, entry(PENDING, 0x40, 41));
    lists.setList(0, 2, entry(PENDING | ACTIVE, 0, 42));
    assertEquals(VirtualInterrupts.NONE, lists.highest(0));
    lists.setControl(0, ENABLE);
    assertEquals(VirtualInterrupts.NONE, lists.highest(0));
    lists.setGuest(0, BOTH_GROUPS);
    assertEquals(1, lists.highest(0));
    lists.activate(0, 1);
    assertEquals(entry(ACTIVE, 0x40, 41), lists.list(0, 1));
    assertEquals(0, lists.highest(0));
  }

  @Test
  void endsAreToldOrCounted() {
    lists.setList(0, 3, entry(ACTIVE | TELL, 0x40, 41));
    assertEquals(3, lists.deactivate(0, 41));
    assertEquals(8, lists.ended(0));
    assertEquals(7, lists.free(0));
    assertEquals(1, lists.reasons(0));
    assertEquals(VirtualInterrupts.NONE, lists.deactivate(0, 41));
    assertEquals(1, lists.control(0) >>> 27);
  }

  @Test
  void aHypervisorHearsWhatItAskedFor() {
    lists.setControl(0, NO_PENDING);
    assertEquals(1 << 3, lists.reasons(0));
    lists.setList(0, 0, entry(PENDING, 0, 1));
    assertEquals(0, lists.reasons(0));
  }

  @Test
  void binaryPointsHaveALeastValueAndMaskPriorities() {
    assertEquals(2, lists.binaryPoint(0, 0));
    assertEquals(3, lists.binaryPoint(0, 1));
    lists.setBinaryPoint(0, 1, 5);
    assertEquals(-1 << 3, lists.mask(0));
    assertEquals(-1 << 5, lists.mask(1));
    lists.setPriorityMask(0, 0xFF);
    assertEquals(0xF8, lists.priorityMask(0));
  }
}
