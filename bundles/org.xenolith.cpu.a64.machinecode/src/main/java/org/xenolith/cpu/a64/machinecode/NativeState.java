// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.hostcode.kit.SurvivingMemory;
import org.xenolith.hostcode.kit.pages.Translations;
import org.xenolith.machine.kit.HostMemory;

/** What generated code shares with a CPU: copies of what is in its fields, in the places of {@link StateLayout}. */
final class NativeState {
  private static final int GENERAL = 32;
  private static final int VECTORS = 64;
  /** x0 to x17 (Arm DEN 0028, section 2). */
  static final int ARGUMENTS = 18;
  /** All exceptions masked, to nearest, no flags. */
  private static final int MXCSR_MASKED = 0x1F80;

  private final Cpu cpu;
  private final MemorySegment surviving = SurvivingMemory.allocate("state", StateLayout.SIZE);
  private final MemorySegment memory = surviving.asSlice(SurvivingMemory.HEAD);
  private final long begin = memory.address();
  private final int[] ordinals = new int[PlainRegisters.count()];

  NativeState(Cpu cpu) {
    this.cpu = cpu;
    for (int i = 0; i < ordinals.length; i++) {
      ordinals[i] = PlainRegisters.register(i).ordinal();
    }
  }

  /** It is the state of code that is executed there. */
  void belongsTo(long executed) {
    surviving.set(ValueLayout.JAVA_LONG, SurvivingMemory.OWN, SurvivingMemory.HEAD + StateLayout.BEFORE + StateLayout.PAGE);
    SurvivingMemory.belongsTo(surviving, executed, Translations.SIZE);
  }

  /** What code has in RBP. */
  long base() {
    return begin + StateLayout.BEFORE;
  }

  long word(int place) {
    return HostMemory.read64(null, at(place));
  }

  void word(int place, long value) {
    HostMemory.write64(null, at(place), value);
  }

  private long at(int place) {
    // No distance is negative: the JVM's compiler then knows all of them.
    return HostMemory.address(begin) + (StateLayout.BEFORE + place);
  }

  // A copy by the JVM asks for so much that it takes longer than these.

  private void fill(long[] from, int place, int count) {
    long to = at(place);
    for (int i = 0; i < count; i++) {
      HostMemory.write64(null, to + 8L * i, from[i]);
    }
  }

  private void spill(int place, long[] to, int count) {
    long from = at(place);
    for (int i = 0; i < count; i++) {
      to[i] = HostMemory.read64(null, from + 8L * i);
    }
  }

  /** Code is to go on from what the CPU's fields say. */
  void fill() {
    fill(cpu.x, StateLayout.general(0), GENERAL);
    word(StateLayout.VECTORS_OPEN, 0);
    word(StateLayout.NUMBERS_OPEN, 0);
    fillControls();
  }

  /** The same, but for general and vector registers, which are code's; the stack pointer is what its level and selection say. */
  void fillControls() {
    Cpu c = cpu;
    word(StateLayout.general(Cpu.SP), c.x[Cpu.SP]);
    if (c.fpTrapped) {
      closeVectors();
    }
    word(StateLayout.FLAGS, FlagCode.packed(c.nzcv()));
    word(StateLayout.LEFT, c.left);
    word(StateLayout.LEVEL, c.el);
    word(StateLayout.USER_STACK, c.sp[0]);
    word(StateLayout.USER_STACK_OPEN, c.el != 0 && c.spsel != 0 ? 1 : 0);
    word(StateLayout.ZERO_OPEN, c.registers.zvaAllowed() ? 1 : 0);
    word(StateLayout.MASKS, c.daif);
    word(StateLayout.INTERRUPTS, c.interruptsPossible() ? 1 : 0);
    word(StateLayout.DEBUGGED, c.debug.configured() ? 1 : 0);
    word(StateLayout.ARMED, c.memory.monitorArmed() ? 1 : 0);
    word(StateLayout.MONITOR_ADDRESS, c.memory.monitorAddress());
    word(StateLayout.MONITOR_SIZE, c.memory.monitorSize());
    word(StateLayout.MONITOR_LOW, c.memory.monitorLow());
    word(StateLayout.MONITOR_HIGH, c.memory.monitorHigh());
    closeCounters();
    for (int i = 0; i < ordinals.length; i++) {
      word(StateLayout.SYSTEM + 8 * i, c.sys[ordinals[i]]);
    }
    word(StateLayout.SYSTEM_WRITTEN, 0);
  }

  /** Apart, so that HotSpot still inlines what calls it. */
  private void closeCounters() {
    word(StateLayout.COUNTERS, 0);
    word(StateLayout.COUNTERS + StateLayout.COUNTER_BYTES, 0);
  }

  /** Code has the vector registers. */
  void vectors() {
    fill(cpu.v, StateLayout.VECTORS, VECTORS);
    word(StateLayout.VECTORS_OPEN, 1);
  }

  /** Code may have the host compute with floating point: whether it computes what the guest expects. */
  boolean numbers() {
    if (cpu.fpcr != 0) {
      return false;
    }
    if (word(StateLayout.VECTORS_OPEN) == 0) {
      vectors();
    }
    word(StateLayout.MXCSR, MXCSR_MASKED);
    word(StateLayout.NUMBERS_OPEN, 1);
    return true;
  }

  /** The host's flags of floating point, as those of FPSR: IOC, DZC, OFC, UFC, IXC. */
  private static int cumulative(long mxcsr) {
    return (int) (mxcsr & 1 | mxcsr >>> 1 & 0x1E);
  }

  /** The CPU's fields become what code has left, but for the program counter and the count of instructions. */
  void spill() {
    spill(StateLayout.general(0), cpu.x, GENERAL);
    spillVectors();
    spillControls();
  }

  private void spillVectors() {
    if (word(StateLayout.VECTORS_OPEN) != 0) {
      spill(StateLayout.VECTORS, cpu.v, VECTORS);
    }
    if (word(StateLayout.NUMBERS_OPEN) != 0) {
      cpu.fp.fpsr |= cumulative(word(StateLayout.MXCSR));
    }
  }

  /** Code has no vector registers any more. */
  private void closeVectors() {
    spillVectors();
    word(StateLayout.VECTORS_OPEN, 0);
    word(StateLayout.NUMBERS_OPEN, 0);
  }

  /** The same as {@link #spill}, but for general and vector registers other than the stack pointer. */
  void spillControls() {
    Cpu c = cpu;
    c.x[Cpu.SP] = word(StateLayout.general(Cpu.SP));
    c.nzcv(FlagCode.unpacked(word(StateLayout.FLAGS)));
    c.daif = (int) word(StateLayout.MASKS);
    if (word(StateLayout.USER_STACK_OPEN) != 0) {
      c.sp[0] = word(StateLayout.USER_STACK);
    }
    spillSystem();
    c.memory.monitor(word(StateLayout.ARMED) != 0, word(StateLayout.MONITOR_ADDRESS), (int) word(StateLayout.MONITOR_SIZE), word(
        StateLayout.MONITOR_LOW), word(
            StateLayout.MONITOR_HIGH));
  }

  /** The CPU's system registers become what code has left: those that a device may ask for. */
  void spillSystem() {
    if (word(StateLayout.SYSTEM_WRITTEN) == 0) {
      return;
    }
    word(StateLayout.SYSTEM_WRITTEN, 0);
    long[] registers = cpu.sys;
    for (int i = 0; i < PlainRegisters.written(); i++) {
      registers[ordinals[i]] = word(StateLayout.SYSTEM + 8 * i);
    }
  }

  /** The CPU's registers that calls of firmware have arguments in become what code has left. */
  void spillArguments() {
    spill(StateLayout.general(0), cpu.x, ARGUMENTS);
  }

  /** Code has what such a call has put there: into so many of them, from x0 on. */
  void fillResults(int count) {
    fill(cpu.x, StateLayout.general(0), count);
  }
}
