// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a virtio device of a test's has in its registers, whatever transport they are reached by (Virtio 1.2, 4.1.4.3 and 4.2.2). */
public final class VirtioDeviceState {
  /** How many queues there are. */
  public static final int QUEUES = 3;
  /** Bytes of the device's own configuration. */
  public static final int CONFIGURATION = 64;
  private static final long LOW = 0xFFFF_FFFFL;

  /** A register; those of queues are there for each of them. */
  public enum Register {
    /** Features that the driver has accepted. */
    ACCEPTED,
    /** The status, 8 bits. */
    STATUS,
    /** The queue that is selected. */
    QUEUE,
    /** Bytes of a page; legacy MMIO only. */
    PAGE_SIZE,
    /** A queue's size. */
    SIZE,
    /** A queue's alignment; legacy MMIO only. */
    ALIGNMENT,
    /** The number of a queue's first page; legacy only. */
    PAGE,
    /** Where a queue's descriptors are. */
    DESCRIPTORS,
    /** Where what the driver offers is. */
    AVAILABLE,
    /** Where what the device has used is. */
    USED,
    /** Whether a queue is used. */
    ENABLED;

    private boolean ofQueue() {
      return compareTo(SIZE) >= 0;
    }
  }

  private final Map<Register, long[]> values = new EnumMap<>(Register.class);
  private final List<Integer> notified = new ArrayList<>();
  private final byte[] configuration = new byte[CONFIGURATION];
  private long features;

  /** A device that is reset. */
  public VirtioDeviceState() {
    for (Register register : Register.values()) {
      values.put(register, new long[QUEUES + 1]);
    }
  }

  /** How large a queue may be: each has another size; 0 if there is no such queue. */
  public static int most(long queue) {
    return queue < QUEUES ? 16 << queue : 0;
  }

  /** How large the queue that is selected may be. */
  public int most() {
    return most(get(Register.QUEUE));
  }

  /** Features that it offers, live. */
  public long features() {
    return features;
  }

  /** Offers other features. */
  public void offer(long now) {
    features = now;
  }

  /** Queues that were notified since this was asked the last time. */
  public List<Integer> notified() {
    List<Integer> all = List.copyOf(notified);
    notified.clear();
    return all;
  }

  /** A queue is notified. */
  public void notify(long queue) {
    notified.add((int) queue);
  }

  /** The device's own configuration, live. */
  public byte[] configuration() {
    return configuration;
  }

  private int index(Register register) {
    return register.ofQueue() ? (int) Math.min(QUEUES, get(Register.QUEUE)) : 0;
  }

  /** A register, of the queue that is selected if it is one of queues. */
  public long get(Register register) {
    return values.get(register)[index(register)];
  }

  /** A register of a queue. */
  public long get(Register register, int queue) {
    return values.get(register)[queue];
  }

  /** Writes a register, of the queue that is selected if it is one of queues. */
  public void set(Register register, long value) {
    values.get(register)[index(register)] = value;
  }

  /** Writes 32 bits of a register. */
  public void half(Register register, boolean upper, long value) {
    set(register, upper ? get(register) & LOW | value << 32 : get(register) & ~LOW | value & LOW);
  }

  /** Bytes of the configuration as a number. @param size 1, 2 or 4 */
  public long read(int at, int size) {
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | configuration[at + i] & 0xFF;
    }
    return value;
  }

  /** Writes bytes of the configuration. @param size 1, 2, 4 or 8 */
  public void write(int at, int size, long value) {
    for (int i = 0; i < size; i++) {
      configuration[at + i] = (byte) (value >>> 8 * i);
    }
  }
}
