// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.MmioHandler;

/** An SMMU's registers and queues, without translation: remembers what it is told, and can be told to misbehave. */
final class FakeSmmu implements MmioHandler {
  static final long ENABLED = 0xD;
  private final Map<Long, Long> registers = new HashMap<>();
  private final MachineMemory memory;
  private final List<String> commands = new ArrayList<>();
  private int refused = -1;
  private int reason = 1;
  private boolean deaf;
  private boolean ignoring;
  /** Of CR0, IRQ_CTRL and GBPA: bits that never take effect. */
  private long stuck;
  private long stuckInterrupts;
  private final List<String> improper = new ArrayList<>();
  private Runnable forgetting = () -> {};
  private int sleeps;
  private int acknowledging;
  private int unacknowledged;

  FakeSmmu(MachineMemory memory) {
    this.memory = memory;
    cold();
    set(Registers.IDR0, 1 | 1 << 1 | 2 << 2 | 1 << 4 | 1 << 9 | 1 << 12 | 1 << 13 | 1 << 18 | 2 << 21 | 1 << 27);
    set(Registers.IDR1, 10 << 21 | 10 << 16 | 16);
    set(Registers.IDR5, 7 << 4 | 5);
  }

  /** Power goes and comes: all but the identification is gone. */
  void cold() {
    registers.keySet().removeIf(r -> r >= Registers.CR0);
  }

  long get(long register) {
    return registers.getOrDefault(register, 0L);
  }

  void set(long register, long value) {
    registers.put(register, value);
  }

  /** Commands since the last call: opcode and operand, in hexadecimal. */
  String told() {
    String told = String.join(" ", commands);
    commands.clear();
    return told;
  }

  /** The next command of that opcode is an error. */
  void refuse(int opcode) {
    refused = opcode;
  }

  /** The same with another reason, as CMDQ_CONS.ERR has it. */
  void refuse(int opcode, int because) {
    refused = opcode;
    reason = because;
  }

  /** Bits of CR0 and IRQ_CTRL that are acknowledged never, and of GBPA, that stay as they are written. */
  void stuck(long bits) {
    stuck = bits;
  }

  /** What is written to CR0 takes effect when CR0ACK was read so often. */
  void acknowledging(int reads) {
    acknowledging = reads;
  }

  /** The next command is consumed when CMDQ_CONS was read so often. */
  void slow(int reads) {
    deaf = true;
    sleeps = reads;
  }

  /** What is done when it is told to forget everything. */
  void onForgetting(Runnable action) {
    forgetting = action;
  }

  /** Bits of IRQ_CTRL that are acknowledged never. */
  void stuckInterrupts(long bits) {
    stuckInterrupts = bits;
  }

  /** What it was told while it was in use, which it doesn't take then (each register's "Accessing", 6.3). */
  List<String> improper() {
    return improper;
  }

  /** What is written to CR0 has no effect, or has. */
  void ignoreControl(boolean now) {
    ignoring = now;
  }

  /** Commands are consumed, or not. */
  void deaf(boolean now) {
    deaf = now;
  }

  /** Records an event; what has no room is lost. */
  void event(int kind, long stream, boolean write, long address) {
    long log2 = get(Registers.EVENTQ_BASE) & 0x1F;
    long prod = get(Registers.EVENTQ_PROD);
    long cons = get(Registers.EVENTQ_CONS);
    if ((prod - cons & (2L << log2) - 1) == 1L << log2) {
      set(Registers.EVENTQ_PROD, prod & 0x7FFF_FFFFL | ~cons & 1L << 31);
      return;
    }
    long at = (get(Registers.EVENTQ_BASE) & 0xF_FFFF_FFFF_F000L) + ((prod & (1L << log2) - 1) << 5);
    memory.write64(at, kind | stream << 32);
    memory.write64(at + 8, write ? 0 : 1L << 35);
    memory.write64(at + 16, address);
    set(Registers.EVENTQ_PROD, prod & 1L << 31 | prod + 1 & (2L << log2) - 1);
  }

  @Override
  public long read(long offset, int size) {
    if (offset == Registers.CMDQ_CONS && sleeps > 0 && --sleeps == 0) {
      deaf = false;
      consume();
    }
    if (offset == Registers.CR0ACK && unacknowledged > 0 && --unacknowledged == 0) {
      set(Registers.CR0ACK, get(Registers.CR0) & ~stuck);
      consume();
    }
    return get(offset);
  }

  @Override
  public void write(long offset, int size, long value) {
    boolean used = switch ((int) offset) {
      case Registers.STRTAB_BASE, Registers.STRTAB_BASE_CFG, Registers.CR2 -> (get(Registers.CR0ACK) & 1) != 0;
      case Registers.CMDQ_BASE, Registers.CMDQ_CONS -> (get(Registers.CR0ACK) & 8) != 0;
      case Registers.EVENTQ_BASE, Registers.EVENTQ_PROD -> (get(Registers.CR0ACK) & 4) != 0;
      case Registers.EVENTQ_IRQ_CFG0 -> (get(Registers.IRQ_CTRLACK) & 4) != 0;
      case Registers.GERROR_IRQ_CFG0 -> (get(Registers.IRQ_CTRLACK) & 1) != 0;
      default -> false;
    };
    if (used) {
      improper.add("0x%x".formatted(offset));
    }
    set(offset, value);
    switch ((int) offset) {
      case Registers.GBPA -> set(offset, value & (~(1L << 31) | stuck));
      case Registers.CR0 -> {
        unacknowledged = acknowledging;
        if (!ignoring && acknowledging == 0) {
          set(Registers.CR0ACK, value & ~stuck);
        }
      }
      case Registers.IRQ_CTRL -> set(Registers.IRQ_CTRLACK, value & ~stuckInterrupts);
      case Registers.CMDQ_PROD, Registers.GERRORN -> consume();
      default -> {
      }
    }
  }

  private void consume() {
    long log2 = get(Registers.CMDQ_BASE) & 0x1F;
    long mask = (2L << log2) - 1;
    while (!deaf && (get(Registers.CR0ACK) & 8) != 0 && (get(Registers.CMDQ_CONS) & mask) != get(Registers.CMDQ_PROD)
        && (get(Registers.GERROR) ^ get(Registers.GERRORN)) == 0) {
      long cons = get(Registers.CMDQ_CONS) & mask;
      long at = (get(Registers.CMDQ_BASE) & 0xF_FFFF_FFFF_F000L) + ((cons & (1L << log2) - 1) << 4);
      int opcode = (int) memory.read64(at) & 0xFF;
      if (opcode == refused) {
        refused = -1;
        set(Registers.CMDQ_CONS, cons | (long) reason << 24);
        set(Registers.GERROR, get(Registers.GERROR) ^ 1);
        return;
      }
      if (opcode == 4) {
        forgetting.run();
      }
      // CFGI_STE: the leaf is enough. CFGI_ALL: all streams.
      boolean right = memory.read64(at + 8) == (opcode == 3 ? 1 : opcode == 4 ? 31 : 0);
      commands.add(opcode == 0x46 ? "sync" : Integer.toHexString(opcode) + ":" + Long.toHexString(memory.read64(at) >>> 32) + (right ? ""
          : "?"));
      set(Registers.CMDQ_CONS, cons + 1 & mask);
    }
  }
}
