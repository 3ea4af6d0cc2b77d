// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import static org.xenolith.hyp.amdvi.IommuRegisters.COMMAND_BASE;
import static org.xenolith.hyp.amdvi.IommuRegisters.COMMAND_HEAD;
import static org.xenolith.hyp.amdvi.IommuRegisters.COMMAND_TAIL;
import static org.xenolith.hyp.amdvi.IommuRegisters.CONTROL;
import static org.xenolith.hyp.amdvi.IommuRegisters.DEVICE_TABLE;
import static org.xenolith.hyp.amdvi.IommuRegisters.EVENT_BASE;
import static org.xenolith.hyp.amdvi.IommuRegisters.EVENT_HEAD;
import static org.xenolith.hyp.amdvi.IommuRegisters.EVENT_TAIL;
import static org.xenolith.hyp.amdvi.IommuRegisters.FEATURES;
import static org.xenolith.hyp.amdvi.IommuRegisters.STATUS;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.MmioHandler;

/** An IOMMU's registers and rings, without translation: remembers what it is told, and can be told to misbehave. */
final class FakeIommu implements MmioHandler {
  /** IommuEn, EventLogEn, EventIntEn, CmdBufEn. */
  static final long ENABLED = 1 | 1 << 2 | 1 << 3 | 1 << 12;
  private static final long PAGE = 0xF_FFFF_FFFF_F000L;
  private final Map<Long, Long> registers = new HashMap<>();
  private final MachineMemory memory;
  private final List<String> commands = new ArrayList<>();
  private boolean deaf;
  /** How many commands there are until one is illegal; 0 for none. */
  private int refuses;
  /** How often COMMAND_TAIL is read until commands are consumed again. */
  private int sleeps;
  private final List<String> improper = new ArrayList<>();
  private Runnable forgetting = () -> {};

  FakeIommu(MachineMemory memory) {
    this.memory = memory;
    set(FEATURES, 1 << 6);
  }

  /** Power goes and comes: all but the identification is gone. */
  void cold() {
    registers.keySet().removeIf(r -> r != FEATURES);
  }

  long get(long register) {
    return registers.getOrDefault(register, 0L);
  }

  void set(long register, long value) {
    registers.put(register, value);
  }

  /** Commands since the last call: opcode and operand, in hexadecimal; "sync" for a completion wait that stores. */
  String told() {
    String told = String.join(" ", commands);
    commands.clear();
    return told;
  }

  /** Commands are consumed, or not. */
  void deaf(boolean now) {
    deaf = now;
  }

  /** Commands stand still until they are enabled anew. */
  void stopped() {
    set(STATUS, get(STATUS) & ~(1L << 4));
  }

  /** The next command is illegal. */
  void refuse() {
    refuse(1);
  }

  /** The command behind so many less one is. */
  void refuse(int command) {
    refuses = command;
  }

  /** Commands are consumed when COMMAND_TAIL was read so often. */
  void slow(int reads) {
    deaf = true;
    sleeps = reads;
  }

  /** What is done when it is told to forget everything. */
  void onForgetting(Runnable action) {
    forgetting = action;
  }

  /** What it was told while it was on, though it may be changed only while it is off (48882, 3.4). */
  List<String> improper() {
    return improper;
  }

  /** Logs an event; one that has no room is lost, and the log stops. */
  void event(int code, long flags, long stream, long address) {
    long tail = get(EVENT_TAIL);
    if ((tail + 16 & 0xFFF) == get(EVENT_HEAD)) {
      set(STATUS, get(STATUS) | 1);
      return;
    }
    long at = (get(EVENT_BASE) & PAGE) + tail;
    memory.write64(at, (long) code << 60 | flags | stream);
    memory.write64(at + 8, address);
    set(EVENT_TAIL, tail + 16 & 0xFFF);
  }

  @Override
  public long read(long offset, int size) {
    if (offset == COMMAND_TAIL && sleeps > 0 && --sleeps == 0) {
      deaf = false;
      consume();
    }
    return get(offset);
  }

  @Override
  public void write(long offset, int size, long value) {
    boolean on = switch ((int) offset) {
      case DEVICE_TABLE -> (get(CONTROL) & 1) != 0;
      case COMMAND_BASE -> (get(CONTROL) & 1 << 12) != 0;
      case EVENT_BASE -> (get(CONTROL) & 1 << 2) != 0;
      default -> false;
    };
    if (on) {
      improper.add("0x%x".formatted(offset));
    }
    switch ((int) offset) {
      case STATUS -> set(STATUS, get(STATUS) & ~(value & 7));
      case COMMAND_BASE -> {
        set(offset, value);
        set(COMMAND_HEAD, 0);
        set(COMMAND_TAIL, 0);
      }
      case EVENT_BASE -> {
        set(offset, value);
        set(EVENT_HEAD, 0);
        set(EVENT_TAIL, 0);
      }
      case CONTROL -> {
        long now = get(CONTROL);
        set(CONTROL, value);
        long both = 1 | 1 << 12;
        if ((value & both) != both) {
          set(STATUS, get(STATUS) & ~(1L << 4));
        } else if ((now & both) != both) {
          set(STATUS, get(STATUS) | 1 << 4);
        }
      }
      default -> set(offset, value);
    }
    consume();
  }

  private void consume() {
    while (!deaf && (get(STATUS) & 1 << 4) != 0 && get(COMMAND_HEAD) != get(COMMAND_TAIL)) {
      long at = (get(COMMAND_BASE) & PAGE) + get(COMMAND_HEAD);
      long first = memory.read64(at);
      long second = memory.read64(at + 8);
      if (refuses > 0 && --refuses == 0) {
        set(STATUS, get(STATUS) & ~(1L << 4));
        event(5, 0, 0, at);
        return;
      }
      int opcode = (int) (first >>> 60);
      switch (opcode) {
        case 1 -> {
          commands.add("sync");
          memory.write64(first & 0xF_FFFF_FFFF_FFF8L, second);
        }
        case 3 -> commands.add("3:" + Long.toHexString(first >>> 32 & 0xFFFF) + (second == 0x7FFF_FFFF_FFFF_F003L ? "" : "?"));
        case 8 -> {
          commands.add("8");
          forgetting.run();
        }
        default -> commands.add(opcode + ":" + Long.toHexString(first & 0xFFFF));
      }
      set(COMMAND_HEAD, get(COMMAND_HEAD) + 16 & 0xFFF);
    }
  }
}
