// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.scsi;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.scsi.kit.ScsiTarget;
import org.xenolith.virtio.api.Virtqueue.Chain;
import org.xenolith.virtio.kit.ChainStream;

/**
 * Requests of the control queue (Virtual I/O Device 1.2, 5.6.6.2). A command is carried out when it comes, so that there is never one to be
 * aborted: those before a request for that complete before it does.
 */
final class TaskManagement {
  private static final int MANAGE = 0;
  private static final int QUERY_EVENTS = 1;
  private static final int SUBSCRIBE_EVENTS = 2;
  private static final int CLEAR_ACA = 2;
  private static final int NEXUS_RESET = 4;
  private static final int UNIT_RESET = 5;
  private static final int LAST = 7;
  private static final int MANAGE_REQUEST = 24;
  private static final int EVENTS_REQUEST = 16;
  private static final int ADDRESS = 8;
  private static final int EVENTS_ADDRESS = 4;
  private static final int COMPLETE = 0;
  private static final int BAD_TARGET = 3;
  private static final int REJECTED = 11;
  private static final int INCORRECT_LUN = 12;
  private static final int EVENTS_RESPONSE = 5;

  private final ScsiTarget target;
  private final EventLog events;
  private final String instance;
  private final ChainStream source;
  private final ChainStream sink;
  private final byte[] request = new byte[MANAGE_REQUEST];
  private final byte[] response = new byte[EVENTS_RESPONSE];

  TaskManagement(ScsiTarget target, DmaPort dma, EventLog events, String instance) {
    this.target = target;
    this.events = events;
    this.instance = instance;
    source = new ChainStream(dma);
    sink = new ChainStream(dma);
  }

  /** Carries out the request of a chain. @return bytes written into it */
  int perform(Chain chain) {
    source.over(chain, false);
    sink.over(chain, true);
    try {
      int length = (int) Math.min(source.remaining(), MANAGE_REQUEST);
      if (length < 4) {
        return bad();
      }
      source.read(request, length);
      int type = (int) Settings.get(request, 0, 4);
      boolean manage = type == MANAGE;
      int answer = manage ? 1 : EVENTS_RESPONSE;
      if (!manage && type != QUERY_EVENTS && type != SUBSCRIBE_EVENTS || length < (manage ? MANAGE_REQUEST : EVENTS_REQUEST)
          || sink.remaining() < answer) {
        return bad();
      }
      // No event of a medium is told this way: none is there, none is subscribed to.
      Settings.put(response, 0, EVENTS_RESPONSE, 0);
      response[answer - 1] = (byte) (manage ? manage((int) Settings.get(request, 4, 4)) : subscribe());
      sink.write(response, answer);
      return answer;
    } catch (ExternalAbort abort) {
      events.report("virtio-scsi-bad-address", instance, "a control request's buffer is outside of memory");
      return 0;
    }
  }

  private int bad() {
    events.report("virtio-scsi-bad-request", instance, "a control request has a type, an address and room for its response");
    return 0;
  }

  private int subscribe() {
    return target.has(Address.target(request, EVENTS_ADDRESS)) ? COMPLETE : BAD_TARGET;
  }

  private int manage(int function) {
    int device = Address.target(request, ADDRESS);
    if (function < 0 || function > LAST || function == CLEAR_ACA) {
      return REJECTED;
    }
    if (!target.has(device)) {
      return BAD_TARGET;
    }
    if (function == NEXUS_RESET) {
      target.reset(device);
      return COMPLETE;
    }
    if (Address.unit(request, ADDRESS) != 0) {
      return INCORRECT_LUN;
    }
    if (function == UNIT_RESET) {
      target.reset(device);
    }
    return COMPLETE;
  }
}
