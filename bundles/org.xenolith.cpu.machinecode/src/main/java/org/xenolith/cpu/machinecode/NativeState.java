// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.machine.kit.HostMemory;

/** What generated code shares with a CPU: copies of what is in its fields, in the places of {@link StateLayout}. */
final class NativeState {
  private static final int GENERAL = 32;
  private static final int VECTORS = 64;
  /** x0 to x17 (Arm DEN 0028, section 2). */
  private static final int ARGUMENTS = 18;
  /** All exceptions masked, to nearest, no flags. */
  private static final int MXCSR_MASKED = 0x1F80;

  private final Cpu cpu;
  private final MemorySegment surviving = SurvivingMemory.allocate("state", StateLayout.SIZE);
  private final MemorySegment memory = surviving.asSlice(SurvivingMemory.HEAD);
  /** What code has in RBP. */
  private final long base = memory.address() + StateLayout.BEFORE;
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

  long base() {
    return base;
  }

  long word(int place) {
    return HostMemory.read64(null, base + place);
  }

  void word(int place, long value) {
    HostMemory.write64(null, base + place, value);
  }

  /** Code is to go on from what the CPU's fields say. */
  void fill() {
    MemorySegment.copy(cpu.x, 0, memory, ValueLayout.JAVA_LONG, StateLayout.BEFORE + StateLayout.general(0), GENERAL);
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
    for (int i = 0; i < ordinals.length; i++) {
      word(StateLayout.SYSTEM + 8 * i, c.sys[ordinals[i]]);
    }
    contexts();
  }

  /** Code has the vector registers. */
  void vectors() {
    MemorySegment.copy(cpu.v, 0, memory, ValueLayout.JAVA_LONG, StateLayout.BEFORE + StateLayout.VECTORS, VECTORS);
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

  /** The TLB's contexts are what the CPU's are. */
  void contexts() {
    Cpu c = cpu;
    word(StateLayout.READ, c.readContext);
    word(StateLayout.WRITE, c.writeContext);
    word(StateLayout.FETCH, c.fetchContext);
    word(StateLayout.USER_READ, c.userReadContext);
    word(StateLayout.USER_WRITE, c.userWriteContext);
  }

  /** The CPU's fields become what code has left, but for the program counter and the count of instructions. */
  void spill() {
    MemorySegment.copy(memory, ValueLayout.JAVA_LONG, StateLayout.BEFORE + StateLayout.general(0), cpu.x, 0, GENERAL);
    spillVectors();
    spillControls();
  }

  private void spillVectors() {
    if (word(StateLayout.VECTORS_OPEN) != 0) {
      MemorySegment.copy(memory, ValueLayout.JAVA_LONG, StateLayout.BEFORE + StateLayout.VECTORS, cpu.v, 0, VECTORS);
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
    long[] registers = cpu.sys;
    for (int i = 0; i < PlainRegisters.written(); i++) {
      registers[ordinals[i]] = word(StateLayout.SYSTEM + 8 * i);
    }
  }

  /** The CPU's registers that calls of firmware have arguments in become what code has left. */
  void spillArguments() {
    long[] x = cpu.x;
    for (int i = 0; i < ARGUMENTS; i++) {
      x[i] = word(StateLayout.general(i));
    }
  }

  /** Code has what such a call has put there. */
  void fillArguments() {
    long[] x = cpu.x;
    for (int i = 0; i < ARGUMENTS; i++) {
      word(StateLayout.general(i), x[i]);
    }
  }
}
