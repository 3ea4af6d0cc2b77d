// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.fwcfg;

import org.xenolith.firmware.api.FwCfgPort;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** The item that is selected, and how far it has been read. */
final class Selection {
  /** Of a selector: the rest says how it is accessed, which is no part of a key. */
  private static final int KEY = FwCfgPort.KEYS - 1;
  /** A selector with this bit is of an architecture's own items, of which an Arm machine has none. */
  private static final int LOCAL = 0x8000;
  private static final byte[] NOTHING = {};

  private final FwCfgPort port;
  private final LongCell selector;
  private final LongCell offset;

  Selection(FwCfgPort port, DeviceState state) {
    this.port = port;
    selector = state.cell("selector", 0);
    offset = state.cell("offset", 0);
  }

  void select(int newSelector) {
    selector.value = newSelector;
    offset.value = 0;
  }

  private byte[] content() {
    return (selector.value & LOCAL) != 0 ? NOTHING : port.content((int) selector.value & KEY);
  }

  /** The next bytes, the first of them in the low byte. */
  long next(int size) {
    byte[] content = content();
    long value = 0;
    for (int i = 0; i < size && offset.value + i < content.length; i++) {
      value |= (content[(int) offset.value + i] & 0xFFL) << 8 * i;
    }
    skip(size);
    return value;
  }

  /** Copies the next bytes as far as there are any. Returns how many; all are passed over. */
  int next(byte[] into, int length) {
    byte[] content = content();
    int there = (int) Math.clamp(content.length - offset.value, 0, length);
    if (there > 0) {
      System.arraycopy(content, (int) offset.value, into, 0, there);
    }
    skip(length);
    return there;
  }

  void skip(long bytes) {
    offset.value = Math.min(offset.value + bytes, Integer.MAX_VALUE);
  }
}
