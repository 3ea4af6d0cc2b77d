// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.StoreHeader;
import org.xenolith.xen.abi.StoreMessage;

/**
 * A domain's conversation with the store: bytes in, in pieces of any size, and bytes out. It never throws for what a
 * domain sends. A message that is longer than the protocol allows ends it: {@link #broken()}.
 */
final class Connection {
  /** Output that is waiting above which no further request is taken: a domain that doesn't read isn't served. */
  private static final int BUSY = 16 * 1024;
  /** Messages that are waiting above which an event that is among them isn't added again. */
  private static final int CROWDED = 256;
  /** Output that is waiting above which a domain without privilege loses its connection, and one with it events. */
  private static final int HOPELESS = 4 << 20;

  private final XenStore store;
  private final int domain;
  private final boolean privileged;
  private final List<Watch> watches = new ArrayList<>();
  private final TreeMap<Integer, StoreTransaction> transactions = new TreeMap<>();
  private final byte[] input = new byte[StoreHeader.SIZE + StoreMessage.XENSTORE_PAYLOAD_MAX];
  private final StoreHeader header = new StoreHeader();
  private final Deque<byte[]> output = new ArrayDeque<>();
  private int received;
  private int sent;
  private int waiting;
  private int target = -1;
  private int lastTransaction;
  private boolean broken;

  Connection(XenStore store, int domain, boolean privileged) {
    this.store = store;
    this.domain = domain;
    this.privileged = privileged;
    header.at(new AbiBytes(input), 0);
  }

  int domain() {
    return domain;
  }

  boolean privileged() {
    return privileged;
  }

  /** Whether it is over, because of what the domain sent or did not read. */
  boolean broken() {
    return broken;
  }

  /** Whether it would take bytes now. */
  boolean ready() {
    return !broken && waiting < BUSY;
  }

  /** Takes bytes and answers each message that is complete with them. */
  void receive(byte[] bytes, int from, int count) {
    for (int i = from; i < from + count && !broken; i++) {
      input[received++] = bytes[i];
      if (received >= StoreHeader.SIZE) {
        int length = header.len();
        if (length < 0 || length > StoreMessage.XENSTORE_PAYLOAD_MAX) {
          broken = true;
        } else if (received == StoreHeader.SIZE + length) {
          received = 0;
          store.answer(this, header.type(), header.reqId(), header.txId(), Arrays.copyOfRange(input, StoreHeader.SIZE, StoreHeader.SIZE
              + length));
        }
      }
    }
  }

  /** How many bytes are waiting. */
  int waiting() {
    return waiting;
  }

  /** Hands out bytes that are waiting, at most so many; returns how many. */
  int transmit(byte[] bytes, int from, int most) {
    int count = 0;
    while (count < most && !output.isEmpty()) {
      byte[] message = output.peek();
      int part = Math.min(most - count, message.length - sent);
      System.arraycopy(message, sent, bytes, from + count, part);
      count += part;
      sent += part;
      if (sent == message.length) {
        output.remove();
        sent = 0;
      }
    }
    waiting -= count;
    return count;
  }

  /** Hands out the rest of the first message that is waiting. */
  byte[] take() {
    byte[] rest = new byte[output.element().length - sent];
    transmit(rest, 0, rest.length);
    return rest;
  }

  void send(int type, int request, int transaction, byte[] payload) {
    byte[] message = new byte[StoreHeader.SIZE + payload.length];
    StoreHeader out = new StoreHeader();
    out.at(new AbiBytes(message), 0);
    out.type(type);
    out.reqId(request);
    out.txId(transaction);
    out.len(payload.length);
    System.arraycopy(payload, 0, message, StoreHeader.SIZE, payload.length);
    boolean known = type == StoreMessage.XS_WATCH_EVENT && output.size() > CROWDED && waiting <= HOPELESS
        && output.stream().skip(1).anyMatch(other -> Arrays.equals(other, message));
    // Others cause events: whoever doesn't read them must not fill our memory.
    boolean hopeless = privileged && type == StoreMessage.XS_WATCH_EVENT && waiting > HOPELESS;
    if (broken || known || hopeless) {
      return;
    }
    output.add(message);
    waiting += message.length;
    broken = !privileged && waiting > HOPELESS;
  }

  /** Begins anew: no watches, no transactions, nothing half said. */
  void reset() {
    forgetWatches();
    output.clear();
    received = 0;
    sent = 0;
    waiting = 0;
    broken = false;
  }

  void forgetWatches() {
    watches.clear();
    transactions.clear();
  }

  boolean may(List<Permission> permissions, int access) {
    return privileged || (Permission.allowed(permissions, domain) & access) == access
        || target >= 0 && (Permission.allowed(permissions, target) & access) == access;
  }

  boolean owns(Node node) {
    return privileged || node.owner() == domain || target >= 0 && node.owner() == target;
  }

  /** The domain on whose behalf it acts too, as a device model does. */
  void target(int other) {
    target = other;
  }

  List<Watch> watches() {
    return watches;
  }

  TreeMap<Integer, StoreTransaction> transactions() {
    return transactions;
  }

  int begin(StoreTransaction transaction) {
    do {
      lastTransaction = lastTransaction == Integer.MAX_VALUE ? 1 : lastTransaction + 1;
    } while (transactions.containsKey(lastTransaction));
    transactions.put(lastTransaction, transaction);
    return lastTransaction;
  }

  /** What is in it besides watches and transactions, for {@link StoreState}. */
  record Rest(byte[] input, List<byte[]> output, int sent, int target, int lastTransaction, boolean broken) {}

  Rest rest() {
    return new Rest(Arrays.copyOf(input, received), List.copyOf(output), sent, target, lastTransaction, broken);
  }

  void restore(Rest rest) {
    reset();
    System.arraycopy(rest.input, 0, input, 0, rest.input.length);
    received = rest.input.length;
    output.addAll(rest.output);
    sent = rest.sent;
    waiting = output.stream().mapToInt(message -> message.length).sum() - sent;
    target = rest.target;
    lastTransaction = rest.lastTransaction;
    broken = rest.broken;
  }
}
