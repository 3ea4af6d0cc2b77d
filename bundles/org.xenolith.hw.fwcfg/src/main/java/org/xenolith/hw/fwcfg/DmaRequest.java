// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.fwcfg;

import java.util.Arrays;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;

/**
 * A request in memory: control, length (32 bits each) and address (64 bits), big-endian. It is carried out at once; then its control
 * word is zero, or says that it failed. Source: QEMU, docs/specs/fw_cfg.rst, "Guest-side DMA Interface".
 */
final class DmaRequest {
  private static final int ERROR = 1;
  private static final int READ = 1 << 1;
  private static final int SKIP = 1 << 2;
  private static final int SELECT = 1 << 3;
  private static final int WRITE = 1 << 4;
  private static final int PIECE = 64 << 10;

  private final DmaPort memory;
  private final EventLog events;
  private final String instance;
  private final Selection selection;
  private final byte[] piece = new byte[PIECE];

  DmaRequest(DeviceContext context, Selection selection) {
    memory = context.memory().dma();
    events = context.events();
    instance = context.instance();
    this.selection = selection;
  }

  void perform(long at) {
    try {
      int control = Integer.reverseBytes((int) memory.read(at, 4));
      long length = Integer.toUnsignedLong(Integer.reverseBytes((int) memory.read(at + 4, 4)));
      long address = Long.reverseBytes(memory.read(at + 8, 8));
      int result = carryOut(control, length, address) ? 0 : ERROR;
      memory.write(at, 4, Integer.reverseBytes(result));
    } catch (ExternalAbort abort) {
      events.report("fw-cfg-bad-request", instance, "the request at 0x" + Long.toHexString(at) + " is outside of memory");
    }
  }

  /** Returns whether it could be. */
  private boolean carryOut(int control, long length, long address) {
    if ((control & SELECT) != 0) {
      selection.select(control >>> 16);
    }
    if ((control & READ) != 0) {
      return read(length, address);
    }
    if ((control & WRITE) != 0) {
      return write(length, address);
    }
    if ((control & SKIP) != 0) {
      selection.skip(length);
    }
    return true;
  }

  /** All of it is written, or nothing. */
  private boolean write(long length, long address) {
    if (length > selection.room()) {
      events.report("fw-cfg-bad-request", instance, length + " bytes can't be written into item 0x" + Integer.toHexString(selection.key()));
      selection.skip(Math.min(length, selection.left()));
      return false;
    }
    byte[] bytes = new byte[(int) length];
    try {
      memory.read(address, bytes, 0, bytes.length);
    } catch (ExternalAbort abort) {
      events.report("fw-cfg-bad-request", instance, length + " bytes from 0x" + Long.toHexString(address) + " are outside of memory");
      selection.skip(length);
      return false;
    }
    selection.write(bytes);
    return true;
  }

  private boolean read(long length, long address) {
    try {
      for (long done = 0; done < length; done += PIECE) {
        int bytes = (int) Math.min(PIECE, length - done);
        int there = selection.next(piece, bytes);
        Arrays.fill(piece, there, bytes, (byte) 0);
        memory.write(address + done, piece, 0, bytes);
      }
      return true;
    } catch (ExternalAbort abort) {
      events.report("fw-cfg-bad-request", instance, length + " bytes to 0x" + Long.toHexString(address) + " are outside of memory");
      return false;
    }
  }
}
