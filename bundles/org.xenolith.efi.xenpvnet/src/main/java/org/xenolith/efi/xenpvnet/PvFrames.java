// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvnet;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.XenBus;
import org.xenolith.efi.boot.kit.FrameBuffers;
import org.xenolith.efi.boot.kit.FrameCarrier;
import org.xenolith.efi.boot.kit.FrontEnd;
import org.xenolith.xen.abi.NetInterface;

/**
 * Frames in the two rings of a PV network interface (Xen, {@code io/netif.h}, {@code io/ring.h}), polled, each in a page that stays granted while the
 * interface is connected. It asks for nothing that would make a frame come in parts. Nothing that the back end writes is believed.
 */
final class PvFrames implements FrameCarrier {
  private static final int REQ_PROD = 0;
  private static final int REQ_EVENT = 4;
  private static final int RSP_PROD = 8;
  private static final int SLOTS_AT = 64;
  private static final int SLOTS = 256;
  private static final int SEND_SLOT = 12;
  private static final int RECEIVE_SLOT = 8;
  private static final long INDEX = 0xFFFF_FFFFL;
  private static final int PARTS = NetInterface.NETRXF_more_data | NetInterface.NETRXF_extra_info;

  private final PvNetworkLayer layer;

  PvFrames(PvNetworkLayer layer) {
    this.layer = layer;
  }

  private long[] numbers(Firmware firmware, long place) {
    return firmware.numbers(layer, place);
  }

  private FrameBuffers buffers(Firmware firmware, long place) {
    return layer.network().buffers(firmware, place);
  }

  @Override
  public EfiStep open(Call call, Enum<?> next, long place) {
    if (numbers(call.firmware(), place)[PvInterface.BROKEN] != 0) {
      throw refused("used no more");
    }
    return EfiStep.call(next, call.firmware().function(layer, "Connect"), place);
  }

  @Override
  public EfiStep close(Call call, Enum<?> next, long place) {
    return layer.connecting().front().leave(call, next, place);
  }

  /** Rings that nobody has used. */
  void clear(Firmware firmware, long place) {
    EfiRam memory = firmware.memory();
    long[] numbers = numbers(firmware, place);
    memory.clear(PvInterface.sendRing(numbers), 2L * PvInterface.PAGE);
    memory.put32(PvInterface.sendRing(numbers) + REQ_EVENT, 1); // events of requests from the first one on, none of responses
    memory.put32(PvInterface.receiveRing(numbers) + REQ_EVENT, 1);
    for (int number = PvInterface.SENT; number <= PvInterface.UNTOLD; number++) {
      numbers[number] = 0;
    }
    buffers(firmware, place).clear();
  }

  /** Offers all buffers, before the back end is there. */
  void offerAll(Firmware firmware, long place) {
    for (int slot = 0; slot < FrameBuffers.RECEIVING; slot++) {
      offer(firmware.memory(), numbers(firmware, place), slot);
    }
  }

  private static void offer(EfiRam memory, long[] numbers, int slot) {
    long ring = PvInterface.receiveRing(numbers);
    long at = ring + SLOTS_AT + RECEIVE_SLOT * (numbers[PvInterface.OFFERED] % SLOTS);
    memory.put64(at, slot);
    memory.put32(at + 4, memory.get32(PvInterface.receiving(numbers, slot)));
    numbers[PvInterface.OFFERED]++;
    numbers[PvInterface.WITH_BACK_END] |= 1L << slot;
    memory.put32(ring + REQ_PROD, numbers[PvInterface.OFFERED] & INDEX);
  }

  /** Tells the back end of the latest request, if it wants to be told of that, or couldn't be told of an earlier one. */
  private static EfiStep tell(Call call, Enum<?> next, long[] numbers, long ring, long count) {
    boolean wanted = numbers[PvInterface.UNTOLD] != 0 || (count - call.firmware().memory().get32(ring + REQ_EVENT) & INDEX) < 1;
    numbers[PvInterface.UNTOLD] = 0;
    return wanted ? XenBus.NOTIFY.call(call, next, numbers[FrontEnd.DEVICE], numbers[FrontEnd.PORT]) : new EfiStep.Go(next);
  }

  @Override
  public int sendable(Firmware firmware, long place) {
    return FrameBuffers.SENDING;
  }

  @Override
  public EfiStep send(Call call, Enum<?> next, long place, int slot, int length) {
    EfiRam memory = call.firmware().memory();
    long[] numbers = honest(numbers(call.firmware(), place));
    long ring = PvInterface.sendRing(numbers);
    long at = ring + SLOTS_AT + SEND_SLOT * (numbers[PvInterface.SENT] % SLOTS);
    memory.clear(at, SEND_SLOT);
    memory.put32(at, memory.get32(PvInterface.sending(numbers, slot)));
    memory.put16(at + 8, slot);
    memory.put16(at + 10, length);
    numbers[PvInterface.SENT]++;
    memory.put32(ring + REQ_PROD, numbers[PvInterface.SENT] & INDEX);
    return tell(call, next, numbers, ring, numbers[PvInterface.SENT]);
  }

  /** How many answers there are that weren't taken. */
  private static long answers(Firmware firmware, long[] numbers, long ring, long requests, long taken) {
    honest(numbers);
    long there = firmware.memory().get32(ring + RSP_PROD) - taken & INDEX;
    if (there > requests - taken) {
      throw lie(firmware, numbers, "answers more than it was asked");
    }
    return there;
  }

  @Override
  public int sent(Firmware firmware, long place) {
    long[] numbers = numbers(firmware, place);
    long ring = PvInterface.sendRing(numbers);
    if (answers(firmware, numbers, ring, numbers[PvInterface.SENT], numbers[PvInterface.ANSWERED]) == 0) {
      return -1;
    }
    int slot = firmware.memory().get16(ring + SLOTS_AT + SEND_SLOT * (numbers[PvInterface.ANSWERED] % SLOTS));
    if (!buffers(firmware, place).busy(slot)) {
      throw lie(firmware, numbers, "says that frame " + slot + " was sent, which isn't on its way");
    }
    return slot;
  }

  @Override
  public void takeSent(Firmware firmware, long place) {
    numbers(firmware, place)[PvInterface.ANSWERED]++;
  }

  /** The place of the first frame that has come; -1: none has. */
  private int first(Firmware firmware, long[] numbers) {
    if (answers(firmware, numbers, PvInterface.receiveRing(numbers), numbers[PvInterface.OFFERED], numbers[PvInterface.TAKEN]) == 0) {
      return -1;
    }
    int slot = firmware.memory().get16(answer(numbers));
    if (slot >= FrameBuffers.RECEIVING || (numbers[PvInterface.WITH_BACK_END] >> slot & 1) == 0) {
      throw lie(firmware, numbers, "has put a frame into buffer " + slot + ", which it wasn't offered");
    }
    return slot;
  }

  private static long answer(long[] numbers) {
    return PvInterface.receiveRing(numbers) + SLOTS_AT + RECEIVE_SLOT * (numbers[PvInterface.TAKEN] % SLOTS);
  }

  @Override
  public Arrival arrived(Firmware firmware, long place) {
    EfiRam memory = firmware.memory();
    long[] numbers = numbers(firmware, place);
    int slot = first(firmware, numbers);
    if (slot < 0) {
      return null;
    }
    long at = answer(numbers);
    int offset = memory.get16(at + 2);
    int length = (short) memory.get16(at + 6);
    if ((memory.get16(at + 4) & PARTS) != 0 || length > 0 && offset + length > PvInterface.PAGE) {
      throw lie(firmware, numbers, "gives a frame of " + length + " bytes from " + offset + " on, with flags " + memory.get16(at + 4));
    }
    return new Arrival(buffers(firmware, place).receiving(slot) + offset, Math.max(0, length));
  }

  @Override
  public EfiStep takeArrived(Call call, Enum<?> next, long place) {
    Firmware firmware = call.firmware();
    long[] numbers = numbers(firmware, place);
    int slot = first(firmware, numbers);
    numbers[PvInterface.TAKEN]++;
    offer(firmware.memory(), numbers, slot);
    return tell(call, next, numbers, PvInterface.receiveRing(numbers), numbers[PvInterface.OFFERED]);
  }

  /** Both rings have the same channel. */
  @Override
  public void untold(Firmware firmware, long place) {
    numbers(firmware, place)[PvInterface.UNTOLD] = 1;
  }

  /** Nobody tells whether there is a switch. */
  @Override
  public EfiStep medium(Call call, Enum<?> next, long place) {
    throw new EfiError(EfiStatus.UNSUPPORTED, "a PV network interface has no cable");
  }

  private static long[] honest(long[] numbers) {
    if (numbers[PvInterface.BROKEN] != 0) {
      throw refused("used no more");
    }
    return numbers;
  }

  private static EfiError refused(String why) {
    return new EfiError(EfiStatus.DEVICE_ERROR, why);
  }

  /** A back end that can't be trusted gets no more frames. */
  private static EfiError lie(Firmware firmware, long[] numbers, String how) {
    numbers[PvInterface.BROKEN] = 1;
    firmware.report("PV network interface: its back end " + how + "; it is used no more until it is disconnected and connected");
    return refused(how);
  }
}
