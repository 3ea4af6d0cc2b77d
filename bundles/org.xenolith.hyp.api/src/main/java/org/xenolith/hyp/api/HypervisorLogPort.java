// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.nio.charset.StandardCharsets;
import org.xenolith.machine.api.PortState;
import org.xenolith.regs.DeviceState;

/** Port: the hypervisor's own messages, as {@code xl dmesg} shows them: a ring of 16 KiB. */
public final class HypervisorLogPort implements PortState {
  /** Bytes that are kept. */
  public static final int SIZE = 16 << 10;

  private final DeviceState state = new DeviceState();
  private final byte[] ring = state.bytes("ring", SIZE);
  private final long[] written = state.longs("written", 1);

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void machineReset() {
    state.reset();
  }

  /** Adds a line; the prefix {@code (XEN) } and the line's end come from here. */
  public void add(String message) {
    for (byte b : ("(XEN) " + message + "\n").getBytes(StandardCharsets.UTF_8)) {
      ring[(int) (written[0]++ % SIZE)] = b;
    }
  }

  /** Bytes written since the start: the place behind the last one. */
  public long end() {
    return written[0];
  }

  /** The byte at a place from {@code end() - SIZE} on. */
  public byte at(long place) {
    return ring[(int) (place % SIZE)];
  }

  /** Drops all. */
  public void clear() {
    state.reset();
  }
}
