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
  /** Item 0: what tells guests that this is fw_cfg. */
  private static final byte[] SIGNATURE = {'Q', 'E', 'M', 'U'};
  /** Item 1: the traditional interface is there, and that by DMA. */
  private static final byte[] FEATURES = {1 | 1 << 1, 0, 0, 0};

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

  /** The key of what is selected. */
  int key() {
    return (int) selector.value & KEY;
  }

  private byte[] content() {
    if ((selector.value & LOCAL) != 0) {
      return NOTHING;
    }
    byte[] content = port.content(key());
    return content.length == 0 && key() <= 1 ? key() == 0 ? SIGNATURE : FEATURES : content;
  }

  /** Bytes up to the item's end. */
  int left() {
    return (int) Math.max(0, content().length - offset.value);
  }

  /** Bytes up to the end of an item that can be written; -1 of others. */
  int room() {
    return (selector.value & LOCAL) == 0 && port.isWritable(key()) ? left() : -1;
  }

  /** Writes the next bytes, no more than there is {@link #room} for. */
  void write(byte[] bytes) {
    port.write(key(), offset.value, bytes);
    skip(bytes.length);
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
