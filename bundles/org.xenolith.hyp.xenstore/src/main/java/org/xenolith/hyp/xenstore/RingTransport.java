// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import static org.xenolith.xen.abi.StoreMessage.XENSTORE_RING_SIZE;

import org.xenolith.xen.abi.AbiMemory;
import org.xenolith.xen.abi.StoreMessage;
import org.xenolith.xen.abi.StoreRing;

/**
 * Carries a connection over the page that a domain shares with the store ({@code io/xs_wire.h}). All state of its own is
 * in that page. Whatever a domain writes there, no byte outside the page is touched and a call ends.
 */
final class RingTransport {
  /** What the page says we can: a domain may connect again, and learns why we don't talk to it. */
  static final int FEATURES = StoreMessage.XENSTORE_SERVER_FEATURE_RECONNECTION | StoreMessage.XENSTORE_SERVER_FEATURE_ERROR;

  private final StoreRing ring = new StoreRing();
  private final AbiMemory page;
  private final Connection connection;
  private final byte[] buffer = new byte[XENSTORE_RING_SIZE];

  /** @param page addresses from 0 to 4095 */
  RingTransport(AbiMemory page, Connection connection) {
    this.page = page;
    this.connection = connection;
    ring.at(page, 0);
  }

  /** Tells the domain what we can; once, when it is introduced. */
  void begin() {
    ring.serverFeatures(FEATURES);
    ring.error(StoreMessage.XENSTORE_ERROR_NONE);
  }

  /** Takes what the domain wrote and writes what there is for it; true when it is to be notified. */
  boolean serve() {
    boolean moved = ring.connection() == StoreMessage.XENSTORE_RECONNECT;
    if (moved) {
      connection.reset();
      ring.reqCons(0);
      ring.reqProd(0);
      ring.rspCons(0);
      ring.rspProd(0);
      ring.error(StoreMessage.XENSTORE_ERROR_NONE);
      ring.connection(StoreMessage.XENSTORE_CONNECTED);
    }
    boolean more;
    do {
      more = take() | give();
      moved |= more;
    } while (more);
    return moved;
  }

  private boolean take() {
    int consumed = ring.reqCons();
    int count = ring.reqProd() - consumed;
    if (ring.error() != StoreMessage.XENSTORE_ERROR_NONE || count == 0 || !connection.ready()) {
      return connection.broken() && fail(StoreMessage.XENSTORE_ERROR_COMM);
    }
    if (count < 0 || count > XENSTORE_RING_SIZE) {
      return fail(StoreMessage.XENSTORE_ERROR_RINGIDX);
    }
    for (int i = 0; i < count; i++) {
      buffer[i] = page.read8(StoreRing.REQ + (consumed + i & XENSTORE_RING_SIZE - 1));
    }
    connection.receive(buffer, 0, count);
    ring.reqCons(consumed + count);
    if (connection.broken()) {
      fail(StoreMessage.XENSTORE_ERROR_PROTO);
    }
    return true;
  }

  private boolean give() {
    int produced = ring.rspProd();
    int used = produced - ring.rspCons();
    if (connection.waiting() == 0 || ring.error() != StoreMessage.XENSTORE_ERROR_NONE) {
      return false;
    }
    if (used < 0 || used > XENSTORE_RING_SIZE) {
      return fail(StoreMessage.XENSTORE_ERROR_RINGIDX);
    }
    int count = connection.transmit(buffer, 0, XENSTORE_RING_SIZE - used);
    for (int i = 0; i < count; i++) {
      page.write8(StoreRing.RSP + (produced + i & XENSTORE_RING_SIZE - 1), buffer[i]);
    }
    ring.rspProd(produced + count);
    return count > 0;
  }

  /** Says why, once; what the domain does with the word afterwards is its own affair. */
  private boolean fail(int reason) {
    boolean first = ring.error() == StoreMessage.XENSTORE_ERROR_NONE;
    if (first) {
      ring.error(reason);
    }
    return first;
  }
}
