// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

/** A bounded queue of 16-bit values without allocation, as serial ports have them. */
public final class ShortFifo {
  private final short[] entries;
  private int head;
  private int size;

  ShortFifo(int capacity) {
    entries = new short[capacity];
  }

  /** Entries waiting. */
  public int size() {
    return size;
  }

  /** Most entries it can hold. */
  public int capacity() {
    return entries.length;
  }

  /** Whether nothing waits. */
  public boolean isEmpty() { return size == 0; }

  /** Whether nothing more fits. */
  public boolean isFull() { return size == entries.length; }

  /** Appends a value; false and nothing stored if full. */
  public boolean add(int value) {
    if (size == entries.length) {
      return false;
    }
    entries[(head + size++) % entries.length] = (short) value;
    return true;
  }

  /** Takes the oldest value (0..65535), or -1 if empty. */
  public int poll() {
    if (size == 0) {
      return -1;
    }
    int value = entries[head] & 0xFFFF;
    head = (head + 1) % entries.length;
    size--;
    return value;
  }

  /** The oldest value without taking it, or -1 if empty. */
  public int peek() {
    return size == 0 ? -1 : entries[head] & 0xFFFF;
  }

  /** Empties the queue. */
  public void clear() {
    head = 0;
    size = 0;
  }

  int[] toArray() {
    int[] all = new int[size];
    for (int i = 0; i < size; i++) {
      all[i] = entries[(head + i) % entries.length] & 0xFFFF;
    }
    return all;
  }

  void fill(int[] values) {
    clear();
    for (int value : values) {
      add(value);
    }
  }
}
