// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import static org.xenolith.hw.gicv3.InterruptStates.SPURIOUS;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;
import org.xenolith.arm.api.LpiController;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.RegisterFaults.Kind;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.regs.StateMismatch;

/**
 * Locality-specific peripheral interrupts of all redistributors (Arm IHI 0069H, chapter 5.1). Their configuration is a byte
 * each in memory, read when one becomes pending and then kept until it is to be reloaded. Pending state is kept here while
 * LPIs are enabled and goes to the pending table when they are disabled.
 */
final class Lpis implements LpiController {
  private static final int CTLR = 0x0;
  static final int PROPBASER = 0x70;
  static final int PENDBASER = 0x78;
  private static final int ENABLE_LPIS = 1;
  /** GICR_CTLR.CES: EnableLPIs can be cleared again. */
  private static final int CLEAR_ENABLE_SUPPORTED = 1 << 1;
  /** Attributes of accesses to a table: kept, without a meaning here. */
  private static final long ATTRIBUTES = 7L << 56 | 0xF80;
  private static final long ID_BITS = 0x1F;
  private static final long PROPBASER_ADDRESS = 0x000F_FFFF_FFFF_F000L;
  private static final long PENDBASER_ADDRESS = 0x000F_FFFF_FFFF_0000L;
  /** GICR_PENDBASER.PTZ: software says that the table is zero; reads as zero. */
  private static final long PENDING_TABLE_ZERO = 1L << 62;
  private static final int MOST_ID_BITS = 16;
  private static final int BYTES_OF_ONE = 3;

  private final DmaPort memory;
  private final RegisterFaults faults;
  private final EventLog events;
  private final String instance;
  private final IntConsumer changed;
  /** GICR_CTLR.EnableLPIs by CPU. */
  private final int[] enabled;
  /** GICR_PROPBASER by CPU. */
  private final long[] configurationTable;
  /** GICR_PENDBASER by CPU. */
  private final long[] pendingTable;
  private final PendingLpis[] pending;

  /**
   * @param memory  where the tables are
   * @param changed told of each CPU whose pending LPIs changed because of the ITS
   */
  Lpis(DeviceState state, int cpus, DmaPort memory, RegisterFaults faults, EventLog events, String instance, IntConsumer changed) {
    this.memory = memory;
    this.faults = faults;
    this.events = events;
    this.instance = instance;
    this.changed = changed;
    enabled = state.ints("GICR_CTLR", cpus);
    configurationTable = state.longs("GICR_PROPBASER", cpus);
    pendingTable = state.longs("GICR_PENDBASER", cpus);
    pending = new PendingLpis[cpus];
    for (int cpu = 0; cpu < cpus; cpu++) {
      pending[cpu] = new PendingLpis();
    }
    state.varying("lpis", this::forget, this::encode, this::decode);
  }

  private void forget() {
    for (PendingLpis each : pending) {
      each.clear();
    }
  }

  private byte[] encode() {
    int size = 0;
    for (PendingLpis each : pending) {
      size += Integer.BYTES + BYTES_OF_ONE * each.size();
    }
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    for (PendingLpis each : pending) {
      bytes.putInt(each.size());
      each.forEach(id -> bytes.putShort((short) id).put((byte) each.configuration(id)));
    }
    return bytes.array();
  }

  private void decode(byte[] saved) {
    ByteBuffer bytes = ByteBuffer.wrap(saved).order(ByteOrder.LITTLE_ENDIAN);
    forget();
    try {
      for (PendingLpis each : pending) {
        for (int left = bytes.getInt(); left > 0; left--) {
          int id = bytes.getShort() & 0xFFFF;
          if (id < PendingLpis.FIRST) {
            throw new StateMismatch("lpis: " + id + " is no LPI");
          }
          each.put(id, bytes.get());
        }
      }
    } catch (BufferUnderflowException e) {
      throw new StateMismatch("lpis: too short for " + pending.length + " CPUs");
    }
    if (bytes.hasRemaining()) {
      throw new StateMismatch("lpis: too long for " + pending.length + " CPUs");
    }
  }

  /** Whether the word at an offset of the RD frame is of a register that only redistributors with LPIs have, or have more of. */
  static boolean isRegister(long at) {
    return at == CTLR || at >= PROPBASER && at < PENDBASER + Long.BYTES;
  }

  /** One word of {@link #isRegister}. */
  int read(int cpu, long at) {
    if (at == CTLR) {
      return enabled[cpu] | CLEAR_ENABLE_SUPPORTED;
    }
    long register = at < PENDBASER ? configurationTable[cpu] : pendingTable[cpu] & ~PENDING_TABLE_ZERO;
    return (int) ((at & 4) == 0 ? register : register >>> 32);
  }

  /**
   * One word of {@link #isRegister} or part of it.
   *
   * @param word  the written bits in their lanes, zero elsewhere
   * @param lanes ones where bits are written
   */
  void write(int cpu, long at, int word, int lanes) {
    if (at == CTLR) {
      if ((lanes & ENABLE_LPIS) != 0) {
        enable(cpu, (word & ENABLE_LPIS) != 0);
      }
      return;
    }
    if (enabled[cpu] != 0) {
      // The manual leaves it open what a new table does under a redistributor that uses the old one.
      faults.report(Kind.BAD_VALUE, at, word);
      return;
    }
    int shift = (at & 4) == 0 ? 0 : 32;
    long mask = (lanes & 0xFFFF_FFFFL) << shift;
    long value = (word & 0xFFFF_FFFFL) << shift;
    if (at < PENDBASER) {
      mask &= ATTRIBUTES | PROPBASER_ADDRESS | ID_BITS;
      configurationTable[cpu] = configurationTable[cpu] & ~mask | value & mask;
    } else {
      mask &= ATTRIBUTES | PENDBASER_ADDRESS | PENDING_TABLE_ZERO;
      pendingTable[cpu] = pendingTable[cpu] & ~mask | value & mask;
    }
  }

  private void enable(int cpu, boolean on) {
    if (on == (enabled[cpu] != 0)) {
      return;
    }
    enabled[cpu] = on ? ENABLE_LPIS : 0;
    byte[] table = new byte[Math.max(0, end(cpu) - PendingLpis.FIRST) / 8];
    // An LPI's bit is where its number says; the bytes before the first LPI's are the implementation's.
    long address = (pendingTable[cpu] & PENDBASER_ADDRESS) + PendingLpis.FIRST / 8;
    try {
      if (!on) {
        pending[cpu].forEach(id -> table[id - PendingLpis.FIRST >> 3] |= (byte) (1 << (id & 7)));
        pending[cpu].clear();
        memory.write(address, table, 0, table.length);
      } else if ((pendingTable[cpu] & PENDING_TABLE_ZERO) == 0) {
        memory.read(address, table, 0, table.length);
        load(cpu, table);
      }
    } catch (ExternalAbort noMemory) {
      events.report("lpi-table", instance, "GICR_PENDBASER of CPU " + cpu + ": no memory at 0x" + Long.toHexString(address));
    }
  }

  private void load(int cpu, byte[] table) {
    for (int id = PendingLpis.FIRST; id < PendingLpis.FIRST + table.length * 8; id++) {
      if ((table[id - PendingLpis.FIRST >> 3] >> (id & 7) & 1) != 0) {
        pending[cpu].put(id, configuration(cpu, id));
      }
    }
  }

  /** One behind the last LPI that the configuration table has room for. */
  private int end(int cpu) {
    return 1 << Math.min((int) (configurationTable[cpu] & ID_BITS) + 1, MOST_ID_BITS);
  }

  private int configuration(int cpu, int id) {
    long address = (configurationTable[cpu] & PROPBASER_ADDRESS) + id - PendingLpis.FIRST;
    try {
      return (int) memory.read(address, 1);
    } catch (ExternalAbort noMemory) {
      events.report("lpi-table", instance, "GICR_PROPBASER of CPU " + cpu + ": no memory at 0x" + Long.toHexString(address));
      return 0;
    }
  }

  /** The LPI forwarded to {@code cpu}, {@link InterruptStates#SPURIOUS} without one. */
  int highest(int cpu) {
    return pending[cpu].highest();
  }

  /** Priority of a pending LPI. */
  int priority(int cpu, int id) {
    return pending[cpu].priority(id);
  }

  /** Pending to inactive: an LPI has no active state. */
  void acknowledge(int cpu, int id) {
    pending[cpu].remove(id);
  }

  private boolean isLive(int cpu) {
    return cpu >= 0 && cpu < pending.length && enabled[cpu] != 0;
  }

  private boolean isLive(int cpu, int id) {
    return isLive(cpu) && id >= PendingLpis.FIRST && id < end(cpu);
  }

  @Override
  public void setPending(int redistributor, int intid) {
    if (isLive(redistributor, intid) && !pending[redistributor].contains(intid)) {
      pending[redistributor].put(intid, configuration(redistributor, intid));
      changed.accept(redistributor);
    }
  }

  @Override
  public void clearPending(int redistributor, int intid) {
    if (isLive(redistributor, intid)) {
      pending[redistributor].remove(intid);
      changed.accept(redistributor);
    }
  }

  @Override
  public void reload(int redistributor, int intid) {
    if (isLive(redistributor, intid) && pending[redistributor].contains(intid)) {
      pending[redistributor].put(intid, configuration(redistributor, intid));
      changed.accept(redistributor);
    }
  }

  @Override
  public void reloadAll(int redistributor) {
    if (isLive(redistributor)) {
      pending[redistributor].forEach(id -> pending[redistributor].put(id, configuration(redistributor, id)));
      changed.accept(redistributor);
    }
  }

  @Override
  public void move(int from, int to, int intid) {
    if (from != to && isLive(from, intid) && pending[from].contains(intid)) {
      pending[from].remove(intid);
      changed.accept(from);
      setPending(to, intid);
    }
  }

  @Override
  public void moveAll(int from, int to) {
    if (from != to && isLive(from)) {
      PendingLpis moving = pending[from];
      moving.forEach(id -> {
        if (isLive(to, id)) {
          pending[to].put(id, configuration(to, id));
        }
      });
      moving.clear();
      changed.accept(from);
      if (isLive(to)) {
        changed.accept(to);
      }
    }
  }
}
