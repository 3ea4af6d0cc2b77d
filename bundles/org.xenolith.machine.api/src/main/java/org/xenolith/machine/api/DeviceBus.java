// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.platform.api.AddressWindow;

/** Where a device answers accesses of CPUs. Claims are made in {@link DeviceModelFactory#create} only. */
@ProviderType
public interface DeviceBus {
  /**
   * Claims the window of the node's {@code reg} entry {@code index}.
   *
   * @throws ModelException if the node has no such entry
   */
  void window(int index, AccessRule rule, MmioHandler handler);

  /**
   * Claims the window of the node's {@code reg} entry {@code index} with memory behind it that is read directly.
   *
   * @param blank   value of the bytes that nobody has written, 0 to 255
   * @param rule    which accesses the handler sees; direct reads are of any size
   * @param handler answers writes, and reads while the window isn't direct, which it is not at first
   * @throws ModelException if the node has no such entry, or its window is no multiple of 4 KiB
   */
  DirectWindow direct(int index, int blank, AccessRule rule, MmioHandler handler);

  /** Entries in the node's {@code reg}. */
  int windows();

  /**
   * Claims a window that isn't in the node's {@code reg}: what a bus bridge passes on to its bus ({@code ranges}). It may be within a
   * window of {@code reg}, or one of those within it: then the inner one has its bytes.
   *
   * @throws ModelException if it overlaps RAM, another device's window or a part of one of this device's
   */
  void window(AddressWindow range, AccessRule rule, MmioHandler handler);

  /**
   * Messages of bus masters to the window of the node's {@code reg} entry {@code index} come here.
   *
   * @throws ModelException if the window isn't claimed
   */
  void messages(int index, MessageInput input);

  /** Who makes the access that is being answered: the same object for the model's life, to be asked anew at each access. */
  BusAccess access();

  /**
   * Index of the CPU whose access is being answered; 0 when no CPU's is.
   *
   * @deprecated {@link BusAccess#cpu}, which tells nobody from the first CPU
   */
  @Deprecated
  int initiator();
}
