// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import org.xenolith.hyp.api.HardwarePermissions;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;

/** The permissions of one domain, as state of who has the domain: fields {@code iomem} and {@code irqs}. */
public final class DomainPermissions implements HardwarePermissions {
  private final FrameRanges frames = new FrameRanges();
  private final BitSet interrupts = new BitSet();

  /** None. @param state the domain's, which gets the fields */
  public DomainPermissions(DeviceState state) {
    state.varying("iomem", frames::clear, () -> bytes(frames.values()), saved -> frames.values(longs("iomem", saved)));
    state.varying("irqs", interrupts::clear, () -> bytes(interrupts.toLongArray()), saved -> {
      BitSet read = BitSet.valueOf(longs("irqs", saved));
      if (read.length() > INTERRUPTS) {
        throw new StateMismatch("irqs: there is no interrupt " + (read.length() - 1));
      }
      interrupts.clear();
      interrupts.or(read);
    });
  }

  @Override
  public boolean mayMap(Frames wanted) {
    return frames.covers(wanted.first(), wanted.last());
  }

  @Override
  public boolean permit(Frames more) {
    return frames.add(more.first(), more.last());
  }

  @Override
  public boolean forbid(Frames less) {
    return frames.remove(less.first(), less.last());
  }

  @Override
  public List<Frames> frames() {
    return frames.all();
  }

  @Override
  public boolean mayHave(int intid) {
    return intid >= 0 && interrupts.get(intid);
  }

  @Override
  public void interrupt(int intid, boolean permitted) {
    if (intid < 0 || intid >= INTERRUPTS) {
      throw new IllegalArgumentException("interrupt " + intid + ": expected 0 to " + (INTERRUPTS - 1));
    }
    interrupts.set(intid, permitted);
  }

  @Override
  public List<Integer> interrupts() {
    return interrupts.stream().boxed().toList();
  }

  private static byte[] bytes(long[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(8 * values.length);
    buffer.asLongBuffer().put(values);
    return buffer.array();
  }

  private static long[] longs(String field, byte[] bytes) {
    if (bytes.length % 8 != 0) {
      throw new StateMismatch(field + ": expected a multiple of 8 bytes, got " + bytes.length);
    }
    long[] values = new long[bytes.length / 8];
    ByteBuffer.wrap(bytes).asLongBuffer().get(values);
    return values;
  }
}
