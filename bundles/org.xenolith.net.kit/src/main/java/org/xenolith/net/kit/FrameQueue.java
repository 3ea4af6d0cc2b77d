// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.kit;

import java.util.Arrays;
import org.xenolith.net.api.Offload;
import org.xenolith.regs.StateMismatch;

/**
 * Frames that wait, first in first out, each with its offloads and a number of the owner's; bounded by bytes. The oldest one is
 * looked at by {@link #peek} and taken by {@link #drop}. For state: {@link #clear}, {@link #save}, {@link #restore}.
 */
public final class FrameQueue {
  /** Bytes that a frame takes besides its own: length, tag, offload, payload of a segment. */
  private static final int OVERHEAD = 16;
  private static final int SMALLEST = 1 << 12;

  private final int capacity;
  /** A power of two of bytes; positions run freely. */
  private byte[] ring = new byte[SMALLEST];
  private long head;
  private long tail;
  private int count;
  private byte[] frame = new byte[0];
  private final byte[] fields = new byte[OVERHEAD];
  private boolean peeked;

  /** @param capacity most bytes, of which each frame takes 16 more than its length */
  public FrameQueue(int capacity) {
    this.capacity = capacity;
  }

  /** Adds a frame. @return false if there is no room */
  public boolean add(int tag, byte[] bytes, int offset, int length, int offload, int payload) {
    long needed = tail - head + OVERHEAD + length;
    if (needed > capacity) {
      return false;
    }
    if (needed > ring.length) {
      grow((int) needed);
    }
    put(length);
    put(tag);
    put(offload);
    put(payload);
    copyIn(bytes, offset, length);
    count++;
    return true;
  }

  /** Looks at the oldest frame: the accessors tell of it until {@link #drop}. @return false if there is none */
  public boolean peek() {
    if (count == 0) {
      return false;
    }
    if (!peeked) {
      copyOut(head, fields, OVERHEAD);
      int length = length();
      if (frame.length < length) {
        frame = new byte[Integer.highestOneBit(length) * 2];
      }
      copyOut(head + OVERHEAD, frame, length);
      peeked = true;
    }
    return true;
  }

  /** Takes the oldest frame, at which {@link #peek} looked, out. */
  public void drop() {
    if (peek()) {
      head += OVERHEAD + length();
      count--;
      peeked = false;
    }
  }

  /** The frame's bytes, from index 0. */
  public byte[] bytes() {
    return frame;
  }

  /** The frame's length in bytes. */
  public int length() {
    return field(0);
  }

  /** The owner's number. */
  public int tag() {
    return field(4);
  }

  /** Bits of {@link Offload}. */
  public int offload() {
    return field(8);
  }

  /** Most bytes of payload of one segment. */
  public int payload() {
    return field(12);
  }

  /** How many frames wait. */
  public int count() {
    return count;
  }

  /** Drops all. */
  public void clear() {
    head = 0;
    tail = 0;
    count = 0;
    peeked = false;
  }

  /** All frames as bytes. */
  public byte[] save() {
    byte[] saved = new byte[(int) (tail - head)];
    copyOut(head, saved, saved.length);
    return saved;
  }

  /** Takes over what {@link #save} gave. @throws StateMismatch if it is something else, or doesn't fit */
  public void restore(byte[] saved) {
    clear();
    if (saved.length > capacity) {
      throw new StateMismatch("frames: " + saved.length + " bytes don't fit a queue of " + capacity);
    }
    int frames = 0;
    int at = 0;
    while (at < saved.length) {
      int left = saved.length - at - OVERHEAD;
      int length = left < 0 ? -1 : field(saved, at);
      if (length < 0 || length > left) {
        throw new StateMismatch("frames: what begins at byte " + at + " is no frame");
      }
      at += OVERHEAD + length;
      frames++;
    }
    if (saved.length > ring.length) {
      grow(saved.length);
    }
    copyIn(saved, 0, saved.length);
    count = frames;
  }

  private int field(int at) {
    return field(fields, at);
  }

  private static int field(byte[] from, int at) {
    return from[at] << 24 | (from[at + 1] & 0xFF) << 16 | (from[at + 2] & 0xFF) << 8 | from[at + 3] & 0xFF;
  }

  private void put(int value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      ring[(int) tail++ & ring.length - 1] = (byte) (value >>> shift);
    }
  }

  private void copyIn(byte[] from, int offset, int length) {
    int at = (int) tail & ring.length - 1;
    int first = Math.min(length, ring.length - at);
    System.arraycopy(from, offset, ring, at, first);
    System.arraycopy(from, offset + first, ring, 0, length - first);
    tail += length;
  }

  private void copyOut(long from, byte[] to, int length) {
    int at = (int) from & ring.length - 1;
    int first = Math.min(length, ring.length - at);
    System.arraycopy(ring, at, to, 0, first);
    System.arraycopy(ring, 0, to, first, length - first);
  }

  private void grow(int needed) {
    byte[] waiting = save();
    ring = Arrays.copyOf(waiting, Integer.highestOneBit(Math.max(needed - 1, 1)) * 2);
    head = 0;
    tail = waiting.length;
  }
}
