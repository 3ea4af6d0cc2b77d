// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A window with memory behind it that is read directly and written through the device: flash, while it shows its contents.
 *
 * <p>While the window is direct, loads, instruction fetches and reads of bus masters have the bytes as those of RAM have, without a
 * call of the model; every store comes to the window's {@link MmioHandler}. While it isn't, which is so until the model says
 * otherwise, loads come to the handler, too, instructions can't be fetched and bus masters are refused. The model may change that
 * at any time, also while it answers an access: the next instruction sees it, whatever engine executes.
 *
 * <p>The bytes are the machine's, in its snapshots and its digest as RAM is. They outlive the model and its resets. Whether the
 * window is direct is what follows from the model's state: it says so in {@code reset} and {@code restored}.
 */
@ProviderType
public interface DirectWindow {
  /** Bytes of the window. */
  long size();

  /** Says whether reads go to the bytes. */
  void direct(boolean on);

  /** Reads 1, 2, 4 or 8 bytes, naturally aligned, little-endian and zero-extended, whether the window is direct or not. */
  long read(long offset, int size);

  /** Changes 1, 2, 4 or 8 bytes, naturally aligned; the CPUs see it. */
  void write(long offset, int size, long value);

  /** Copies bytes out of the window, whether it is direct or not. */
  void read(long offset, byte[] into, int at, int length);

  /** Copies bytes into the window; the CPUs see it. */
  void write(long offset, byte[] from, int at, int length);

  /** Gives {@code length} bytes the same value. */
  void fill(long offset, long length, int value);
}
