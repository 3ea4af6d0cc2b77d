// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.scsi;

import java.util.Arrays;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.virtio.api.Virtqueue.Chain;
import org.xenolith.virtio.kit.ChainStream;
import org.xenolith.virtio.kit.ChainService;

/** Tells the driver of units that come and go, by the event queue (Virtual I/O Device 1.2, 5.6.6.3). */
final class UnitEvents {
  private static final int TRANSPORT_RESET = 1;
  private static final int RESCAN = 1;
  private static final int REMOVED = 2;
  private static final long MISSED = 0x8000_0000L;

  private final int queue;
  private final ChainService work;
  private final EventLog events;
  private final String instance;
  private final ChainStream stream;
  /** Per unit, what is still to be told; 0 for nothing. */
  private final int[] waiting;
  /** The driver had no buffer for something. */
  private final LongCell missed;
  private final byte[] event = new byte[Settings.EVENT];

  UnitEvents(DeviceState state, int units, int queue, ChainService work, DmaPort dma, EventLog events, String instance) {
    this.queue = queue;
    this.work = work;
    this.events = events;
    this.instance = instance;
    stream = new ChainStream(dma);
    waiting = state.ints("event-waiting", units);
    missed = state.cell("events-missed", 0);
  }

  /** A unit has come, or has gone. */
  void changed(int unit, boolean there) {
    missed.value |= waiting[unit] == 0 ? 0 : 1;
    waiting[unit] = there ? RESCAN : REMOVED;
  }

  /** There is nothing to tell any more. */
  void clear() {
    Arrays.fill(waiting, 0);
    missed.value = 0;
  }

  /** Tells what waits, as far as the driver has given buffers. */
  void tell() {
    boolean any = false;
    for (int unit = 0; unit < waiting.length; unit++) {
      int told = unit;
      if (waiting[unit] != 0) {
        if (!work.one(queue, chain -> write(chain, told))) {
          break;
        }
        waiting[unit] = 0;
        any = true;
      }
    }
    if (any) {
      work.interrupt(queue);
    }
  }

  private int write(Chain chain, int unit) {
    stream.over(chain, true);
    if (stream.remaining() < Settings.EVENT) {
      events.report("virtio-scsi-bad-request", instance, "a buffer for an event needs " + Settings.EVENT + " bytes");
      missed.value = 1;
      return 0;
    }
    Settings.put(event, 0, 4, TRANSPORT_RESET | (missed.isSet() ? MISSED : 0));
    Address.write(event, 4, unit);
    Settings.put(event, 12, 4, waiting[unit]);
    try {
      stream.write(event, Settings.EVENT);
      missed.value = 0;
      return Settings.EVENT;
    } catch (ExternalAbort abort) {
      events.report("virtio-scsi-bad-address", instance, "a buffer for an event is outside of memory");
      missed.value = 1;
      return 0;
    }
  }
}
