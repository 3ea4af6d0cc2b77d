// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtionet;

import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.kit.FrameBuffers;
import org.xenolith.efi.boot.kit.FrameCarrier;
import org.xenolith.efi.boot.kit.VirtioDriverLayer;
import org.xenolith.efi.boot.kit.VirtioQueue;
import org.xenolith.efi.boot.kit.VirtioSlots;

/** Frames in the two queues of a virtio network card (Virtio 1.2, 5.1.2 and 5.1.6), each behind a header that asks for nothing. */
final class VirtioFrames implements FrameCarrier {
  /** The device's queues, which have the same places in the driver's list. */
  static final int RECEIVED = 0;
  static final int SENT = 1;
  /** How many numbers an interface has for them. */
  static final int NUMBERS = 2 * VirtioSlots.NUMBERS;
  private static final int HEADER = 12;
  /** Without the count of buffers, which came with version 1.0. */
  private static final int LEGACY_HEADER = 10;
  private static final String WHAT = "virtio network card";

  private final VirtioNetworkLayer layer;

  VirtioFrames(VirtioNetworkLayer layer) {
    this.layer = layer;
  }

  private VirtioSlots slots(Firmware firmware, long place, int queue) {
    return new VirtioSlots(new VirtioQueue(firmware.numbers(layer, place), queue), layer.number(queue * VirtioSlots.NUMBERS), WHAT);
  }

  private FrameBuffers buffers(Firmware firmware, long place) {
    return layer.network().buffers(firmware, place);
  }

  private int header(Firmware firmware, long place) {
    return (firmware.numbers(layer, place)[VirtioDriverLayer.FEATURES] & VirtioDriverLayer.VERSION_1) != 0 ? HEADER : LEGACY_HEADER;
  }

  private void offer(Firmware firmware, long place, VirtioSlots slots, int slot) {
    slots.offer(firmware.memory(), slot, header(firmware, place), buffers(firmware, place).receiving(slot), FrameBuffers.ROOM, true);
  }

  /** The device has had the buffers since the first time. */
  @Override
  public EfiStep open(Call call, Enum<?> next, long place) {
    Firmware firmware = call.firmware();
    VirtioSlots slots = slots(firmware, place, RECEIVED);
    for (int used = slots.used(firmware); used >= 0; used = slots.used(firmware)) {
      slots.take(used);
    }
    for (int slot = 0; slot < slots.count(FrameBuffers.RECEIVING); slot++) {
      if (!slots.isOffered(slot)) {
        offer(firmware, place, slots, slot);
      }
    }
    return slots.tell(call, next);
  }

  /** What comes is thrown away when it is opened again; until the driver stops nobody else can use the device. */
  @Override
  public EfiStep close(Call call, Enum<?> next, long place) {
    return new EfiStep.Go(next);
  }

  @Override
  public int sendable(Firmware firmware, long place) {
    return slots(firmware, place, SENT).count(FrameBuffers.SENDING);
  }

  @Override
  public EfiStep send(Call call, Enum<?> next, long place, int slot, int length) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    VirtioSlots slots = slots(firmware, place, SENT);
    slots.offer(memory, slot, header(firmware, place), buffers(firmware, place).sending(slot), length, false);
    return slots.tell(call, next);
  }

  @Override
  public int sent(Firmware firmware, long place) {
    return slots(firmware, place, SENT).used(firmware);
  }

  @Override
  public void takeSent(Firmware firmware, long place) {
    VirtioSlots slots = slots(firmware, place, SENT);
    slots.take(slots.used(firmware));
  }

  @Override
  public Arrival arrived(Firmware firmware, long place) {
    VirtioSlots slots = slots(firmware, place, RECEIVED);
    int slot = slots.used(firmware);
    if (slot < 0) {
      return null;
    }
    int header = header(firmware, place);
    return new Arrival(buffers(firmware, place).receiving(slot), slots.written(firmware, header, header + FrameBuffers.ROOM) - header);
  }

  @Override
  public EfiStep takeArrived(Call call, Enum<?> next, long place) {
    Firmware firmware = call.firmware();
    VirtioSlots slots = slots(firmware, place, RECEIVED);
    int slot = slots.used(firmware);
    slots.take(slot);
    offer(firmware, place, slots, slot);
    return slots.tell(call, next);
  }

  /** It is told each time, and looks at all that there is. */
  @Override
  public void untold(Firmware firmware, long place) {}

  @Override
  public EfiStep medium(Call call, Enum<?> next, long place) {
    return EfiStep.call(next, call.firmware().function(layer, "Medium"), place);
  }
}
