// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.MessageInput;
import org.xenolith.platform.api.RequesterId;

/** A bus master that the fabric knows: its addresses may be translated, its writes may be messages. */
final class RequesterPort implements DmaPort {
  private static final int PAGE = 4096;

  private final AddressSpace space;
  private final BusMaster memory;
  private final Initiator initiator;
  private final Requesters.Translation translation;
  private final long stream;
  private final String controller;
  private final long device;

  /**
   * @param translation its SMMU; null for none
   * @param stream      what the SMMU is told
   * @param device      what interrupt controllers are told; null if nothing
   */
  RequesterPort(AddressSpace space, BusMaster memory, Initiator initiator, Requesters.Translation translation, long stream,
      RequesterId device) {
    this.space = space;
    this.memory = memory;
    this.initiator = initiator;
    this.translation = translation;
    this.stream = stream;
    controller = device == null ? "" : device.at().path();
    this.device = device == null ? MessageInput.NO_ID : device.id();
  }

  private long physical(long address, boolean write) {
    return translation == null ? address : translation.translate(stream, address, write);
  }

  @Override
  public void read(long address, byte[] into, int offset, int length) {
    for (int done = 0; done < length;) {
      int piece = piece(address + done, length - done);
      memory.read(physical(address + done, false), into, offset + done, piece);
      done += piece;
    }
  }

  @Override
  public void write(long address, byte[] from, int offset, int length) {
    for (int done = 0; done < length;) {
      int piece = piece(address + done, length - done);
      memory.write(physical(address + done, true), from, offset + done, piece);
      done += piece;
    }
  }

  /** Without translation nothing ends at pages. */
  private int piece(long address, int left) {
    return translation == null ? left : Math.min(left, PAGE - (int) (address & PAGE - 1));
  }

  @Override
  public long read(long address, int size) {
    if (across(address, size)) {
      long value = 0;
      for (int i = 0; i < size; i++) {
        value |= read(address + i, 1) << i * 8;
      }
      return value;
    }
    return memory.read(physical(address, false), size);
  }

  @Override
  public void write(long address, int size, long value) {
    if (across(address, size)) {
      for (int i = 0; i < size; i++) {
        write(address + i, 1, value >>> i * 8 & 0xFF);
      }
      return;
    }
    if (translation != null && translation.message(stream, address, size, value)) {
      return;
    }
    long to = physical(address, true);
    if (space.ram().chunk(to) == null) {
      BusWindow window = space.window(to);
      if (window != null && message(window, to - window.base, size, value)) {
        return;
      }
    }
    memory.write(to, size, value);
  }

  private boolean message(BusWindow window, long offset, int size, long value) {
    long from = window.device().equals(controller) ? device : MessageInput.NO_ID;
    int outer = initiator.message(from);
    try {
      return window.message(from, offset, size, value);
    } finally {
      initiator.endMessage(outer);
    }
  }

  private boolean across(long address, int size) {
    return translation != null && (address & PAGE - 1) + size > PAGE;
  }
}
