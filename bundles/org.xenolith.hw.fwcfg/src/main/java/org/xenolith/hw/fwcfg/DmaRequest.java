// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.fwcfg;

import java.util.Arrays;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * A request in memory: control, length (32 bits each) and address (64 bits), big-endian. It is carried out at once, or, where it copies much, piece by piece,
 * so that no write of a guest holds up its machine; then its control word is zero, or says that it failed. A guest has to wait for that.
 * Source: QEMU, docs/specs/fw_cfg.rst, "Guest-side DMA Interface".
 */
final class DmaRequest {
  private static final int ERROR = 1;
  private static final int READ = 1 << 1;
  private static final int SKIP = 1 << 2;
  private static final int SELECT = 1 << 3;
  private static final int WRITE = 1 << 4;
  private static final int PIECE = 64 << 10;
  /** Bytes that are copied before the machine goes on, and how long that then takes, in ns of virtual time. */
  static final int AT_ONCE = 1 << 20;
  private static final long PAUSE = 100_000;

  private final DmaPort memory;
  private final EventLog events;
  private final String instance;
  private final Selection selection;
  private final byte[] piece = new byte[PIECE];
  private final Clock clock;
  private final Alarm rest;
  /** The request that is under way, how many bytes are left of it, 0 for none, and where the next goes. */
  private final LongCell underWay;
  private final LongCell left;
  private final LongCell target;

  DmaRequest(DeviceContext context, DeviceState state, Selection selection) {
    underWay = state.cell("dma-request", 0);
    left = state.cell("dma-left", 0);
    target = state.cell("dma-target", 0);
    state.added("dma-request");
    state.added("dma-left");
    state.added("dma-target");
    clock = context.time().clock();
    rest = context.time().alarm("dma", this::goOn);
    memory = context.memory().dma();
    events = context.events();
    instance = context.instance();
    this.selection = selection;
  }

  /** Nothing is under way any more. */
  void reset() {
    rest.cancel();
  }

  void perform(long at) {
    try {
      int control = Integer.reverseBytes((int) memory.read(at, 4));
      long length = Integer.toUnsignedLong(Integer.reverseBytes((int) memory.read(at + 4, 4)));
      long address = Long.reverseBytes(memory.read(at + 8, 8));
      if (left.value != 0) {
        events.report("fw-cfg-bad-request", instance, "the request at 0x" + Long.toHexString(at) + " comes before that at 0x"
            + Long.toHexString(underWay.value) + " is done");
        answer(at, false);
      } else if ((control & READ) != 0) {
        if ((control & SELECT) != 0) {
          selection.select(control >>> 16);
        }
        underWay.value = at;
        target.value = address;
        left.value = length;
        goOn();
      } else {
        answer(at, carryOut(control, length, address));
      }
    } catch (ExternalAbort abort) {
      outside(at);
    }
  }

  private void outside(long at) {
    events.report("fw-cfg-bad-request", instance, "the request at 0x" + Long.toHexString(at) + " is outside of memory");
  }

  private void answer(long at, boolean done) {
    memory.write(at, 4, Integer.reverseBytes(done ? 0 : ERROR));
  }

  /** Copies more of what is read. */
  private void goOn() {
    boolean done = read();
    if (done && left.value > 0) {
      rest.at(clock.now() + PAUSE);
      return;
    }
    left.value = 0;
    try {
      answer(underWay.value, done);
    } catch (ExternalAbort abort) {
      outside(underWay.value);
    }
  }

  /** Returns whether it could be. */
  private boolean carryOut(int control, long length, long address) {
    if ((control & SELECT) != 0) {
      selection.select(control >>> 16);
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

  /** Copies up to {@link #AT_ONCE} bytes. Returns whether it could. */
  private boolean read() {
    try {
      for (int room = AT_ONCE; left.value > 0 && room > 0; room -= PIECE) {
        int bytes = (int) Math.min(PIECE, left.value);
        int there = selection.next(piece, bytes);
        Arrays.fill(piece, there, bytes, (byte) 0);
        memory.write(target.value, piece, 0, bytes);
        target.value += bytes;
        left.value -= bytes;
      }
      return true;
    } catch (ExternalAbort abort) {
      events.report("fw-cfg-bad-request", instance, left.value + " bytes to 0x" + Long.toHexString(target.value)
          + " are outside of memory");
      return false;
    }
  }
}
