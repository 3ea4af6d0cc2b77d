// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.scsi;

import java.util.Arrays;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.scsi.kit.ScsiData;
import org.xenolith.scsi.kit.ScsiTarget;
import org.xenolith.scsi.kit.ScsiTask;
import org.xenolith.scsi.kit.Sense;
import org.xenolith.virtio.api.Virtqueue.Chain;
import org.xenolith.virtio.kit.ChainStream;

/** Requests of the request queues (Virtual I/O Device 1.2, 5.6.6.1). Whatever a driver asks, the answer is a response, never an exception. */
final class ScsiRequests {
  private static final int CDB = 19;
  private static final int RESPONSE = 12;
  private static final int STATUS = 10;
  private static final int RESPONSE_CODE = 11;
  private static final int OVERRUN = 1;
  private static final int BAD_TARGET = 3;
  private static final int FAILURE = 9;

  private final ScsiTarget target;
  private final Settings settings;
  private final EventLog events;
  private final String instance;
  private final ChainStream source;
  private final ChainStream sink;
  private final ChainStream header;
  private final ScsiTask task = new ScsiTask();
  private final Buffers buffers = new Buffers();
  private final byte[] request = new byte[CDB + Settings.LONGEST_CDB];
  private final byte[] response = new byte[RESPONSE + Settings.LONGEST_SENSE];

  ScsiRequests(ScsiTarget target, Settings settings, DmaPort dma, EventLog events, String instance) {
    this.target = target;
    this.settings = settings;
    this.events = events;
    this.instance = instance;
    source = new ChainStream(dma);
    sink = new ChainStream(dma);
    header = new ChainStream(dma);
  }

  /** Where the data of a request lie: behind its header, and behind its response. */
  private final class Buffers implements ScsiData {
    private long put;

    @Override
    public long outLeft() {
      return source.remaining();
    }

    @Override
    public void take(byte[] into, int offset, int length) {
      source.read(into, offset, length);
    }

    @Override
    public long inLeft() {
      return sink.remaining();
    }

    @Override
    public void put(byte[] from, int offset, int length) {
      sink.write(from, offset, length);
      put += length;
    }
  }

  /** Bytes that the request carried out last was about. */
  long worked() {
    return task.worked();
  }

  /**
   * Carries out the request of a chain.
   *
   * @return bytes written into it, its response among them
   */
  int perform(Chain chain) {
    int answer = RESPONSE + settings.senseSize();
    source.over(chain, false);
    sink.over(chain, true);
    header.over(chain, true);
    long out = source.remaining() - CDB - settings.cdbSize();
    long in = sink.remaining() - answer;
    if (out < 0 || in < 0) {
      events.report("virtio-scsi-bad-request", instance, "a request needs a header of " + (CDB + settings.cdbSize())
          + " bytes and room for a response of " + answer);
      return 0;
    }
    Arrays.fill(response, (byte) 0);
    buffers.put = 0;
    try {
      source.read(request, CDB + settings.cdbSize());
      sink.skip(answer);
      execute(in);
    } catch (ExternalAbort abort) {
      events.report("virtio-scsi-bad-address", instance, "a request's buffer is outside of memory");
      Arrays.fill(response, (byte) 0);
      response[RESPONSE_CODE] = FAILURE;
    }
    try {
      header.write(response, answer);
    } catch (ExternalAbort abort) {
      events.report("virtio-scsi-bad-address", instance, "the response to a request is outside of memory");
      return 0;
    }
    return (int) Math.min(answer + buffers.put, Integer.MAX_VALUE);
  }

  private void execute(long in) {
    int device = Address.target(request, 0);
    if (!target.has(device)) {
      response[RESPONSE_CODE] = BAD_TARGET;
      return;
    }
    byte[] cdb = task.cdb();
    Arrays.fill(cdb, (byte) 0);
    System.arraycopy(request, CDB, cdb, 0, Math.min(settings.cdbSize(), cdb.length));
    task.begin(buffers);
    target.execute(device, Address.unit(request, 0), task);
    if (task.overrun()) {
      response[RESPONSE_CODE] = OVERRUN;
      return;
    }
    response[STATUS] = (byte) task.status();
    if (task.status() == ScsiTask.CHECK_CONDITION) {
      int length = Math.min(Sense.LENGTH, settings.senseSize());
      System.arraycopy(task.sense(), 0, response, RESPONSE, length);
      Settings.put(response, 0, 4, length);
    }
    // What wasn't moved of the one buffer that there is (5.6.6.1.1).
    Settings.put(response, 4, 4, Math.min(in > 0 ? sink.remaining() : source.remaining(), 0xFFFF_FFFFL));
  }
}
