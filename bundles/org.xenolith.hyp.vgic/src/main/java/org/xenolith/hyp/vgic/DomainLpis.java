// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.xenolith.hyp.arm.api.VirtualGic;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;

/**
 * What one domain's redistributors know of LPIs (Arm IHI 0069H, chapter 5.1). An LPI is pending at one virtual CPU at a time and
 * is never active. Its configuration is read from the guest's table when it becomes pending, and kept until it is to be reloaded.
 */
final class DomainLpis {
  static final int FIRST = VirtualGic.FIRST_LPI;
  static final int END = VirtualGic.END_OF_LPIS;
  private static final int ENABLED = 1;
  private static final int PRIORITY = 0xFC;
  private static final int PENDING = 1;
  private static final int LISTED = 2;

  /** GICR_CTLR.EnableLPIs by virtual CPU. */
  final int[] enabled;
  /** GICR_PROPBASER by virtual CPU. */
  final long[] configurationTable;
  /** GICR_PENDBASER by virtual CPU. */
  final long[] pendingTable;
  /** One: waits for a list register. */
  private final long[] pending = new long[END / 64];
  /** One: in a list register. */
  private final long[] listed = new long[END / 64];
  private final byte[] configuration = new byte[END];
  /** The virtual CPU of what is pending or listed. */
  private final short[] holder = new short[END];
  /** One: a word of {@link #pending} isn't zero, so that few are found fast. Derived. */
  private final long[] occupied = new long[END / 64 / 64];
  /** By virtual CPU: how many wait. Derived. */
  private final int[] waiting;

  DomainLpis(DeviceState state, int vcpus) {
    enabled = state.ints("GICR_CTLR", vcpus);
    configurationTable = state.longs("GICR_PROPBASER", vcpus);
    pendingTable = state.longs("GICR_PENDBASER", vcpus);
    waiting = new int[vcpus];
    state.varying("lpis", this::clear, this::save, this::restore);
  }

  static boolean isLpi(int intid) {
    return intid >= FIRST;
  }

  private static boolean bit(long[] set, int id) {
    return (set[id >> 6] >>> id & 1) != 0;
  }

  /** Whether it waits for a list register. */
  boolean isPending(int id) {
    return bit(pending, id);
  }

  boolean isListed(int id) {
    return bit(listed, id);
  }

  /** The virtual CPU that has it; -1 if it is neither pending nor listed. */
  int holder(int id) {
    return isPending(id) || isListed(id) ? holder[id] : -1;
  }

  boolean isEnabled(int id) {
    return (configuration[id] & ENABLED) != 0;
  }

  /** Priority, 0 to 0xFC. */
  int priority(int id) {
    return configuration[id] & PRIORITY;
  }

  /** It is configured so from now on. */
  void configure(int id, int value) {
    configuration[id] = (byte) value;
  }

  /** It waits at a virtual CPU, which has it in no list register of another one. */
  void pend(int id, int vcpu) {
    if (isPending(id)) {
      waiting[holder[id]]--;
    }
    pending[id >> 6] |= 1L << id;
    occupied[id >> 12] |= 1L << (id >> 6);
    holder[id] = (short) vcpu;
    waiting[vcpu]++;
  }

  /** It doesn't wait any more. */
  void unpend(int id) {
    if (isPending(id)) {
      pending[id >> 6] &= ~(1L << id);
      if (pending[id >> 6] == 0) {
        occupied[id >> 12] &= ~(1L << (id >> 6));
      }
      waiting[holder[id]]--;
    }
  }

  /** It is in a list register of that virtual CPU, and waits no more. */
  void list(int id, int vcpu) {
    unpend(id);
    listed[id >> 6] |= 1L << id;
    holder[id] = (short) vcpu;
  }

  void unlist(int id) {
    listed[id >> 6] &= ~(1L << id);
  }

  /** Of those that wait at a virtual CPU and are enabled the one of the highest priority, of equals the lowest number; -1 without one. */
  int best(int vcpu) {
    if (waiting[vcpu] == 0) {
      return -1;
    }
    int best = -1;
    int bestPriority = 0x100;
    for (int group = 0; group < occupied.length; group++) {
      for (long words = occupied[group]; words != 0; words &= words - 1) {
        int word = group * 64 + Long.numberOfTrailingZeros(words);
        for (long left = pending[word] & ~listed[word]; left != 0; left &= left - 1) {
          int id = word * 64 + Long.numberOfTrailingZeros(left);
          if (holder[id] == vcpu && isEnabled(id) && priority(id) < bestPriority) {
            best = id;
            bestPriority = priority(id);
          }
        }
      }
    }
    return best;
  }

  /** The next one from a number on that is pending or listed at a virtual CPU; -1 if there is none. */
  int next(int from, int vcpu) {
    for (int word = from >> 6; word < pending.length; word++) {
      for (long left = pending[word] | listed[word]; left != 0; left &= left - 1) {
        int id = word * 64 + Long.numberOfTrailingZeros(left);
        if (id >= from && holder[id] == vcpu) {
          return id;
        }
      }
    }
    return -1;
  }

  private void clear() {
    Arrays.fill(pending, 0);
    Arrays.fill(occupied, 0);
    Arrays.fill(listed, 0);
    Arrays.fill(waiting, 0);
  }

  private byte[] save() {
    int count = 0;
    for (int word = 0; word < pending.length; word++) {
      count += Long.bitCount(pending[word] | listed[word]);
    }
    ByteBuffer bytes = ByteBuffer.allocate(6 * count);
    for (int id = FIRST; id < END; id++) {
      if (isPending(id) || isListed(id)) {
        bytes.putShort((short) id).putShort(holder[id]).put(configuration[id])
            .put((byte) ((isPending(id) ? PENDING : 0) | (isListed(id) ? LISTED : 0)));
      }
    }
    return bytes.array();
  }

  private void restore(byte[] saved) {
    clear();
    ByteBuffer bytes = ByteBuffer.wrap(saved);
    try {
      while (bytes.hasRemaining()) {
        int id = bytes.getShort() & 0xFFFF;
        int vcpu = bytes.getShort() & 0xFFFF;
        if (!isLpi(id) || vcpu >= waiting.length) {
          throw new StateMismatch("lpis: " + id + " of virtual CPU " + vcpu + " can't be");
        }
        configuration[id] = bytes.get();
        int flags = bytes.get();
        if ((flags & LISTED) != 0) {
          list(id, vcpu);
        }
        if ((flags & PENDING) != 0) {
          pend(id, vcpu);
        }
      }
    } catch (BufferUnderflowException e) {
      throw new StateMismatch("lpis: " + saved.length + " bytes are no whole number of LPIs");
    }
  }
}
