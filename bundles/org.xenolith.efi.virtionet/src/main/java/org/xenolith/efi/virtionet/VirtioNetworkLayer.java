// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtionet;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.NetworkChild;
import org.xenolith.efi.boot.kit.NetworkMode;
import org.xenolith.efi.boot.kit.SimpleNetwork;
import org.xenolith.efi.boot.kit.VirtioDriverLayer;
import org.xenolith.efi.boot.kit.VirtioField;

/**
 * EFI_SIMPLE_NETWORK_PROTOCOL (UEFI 2.10, 24.1) on virtio network cards (Virtio 1.2, 5.1). As with edk2's driver (OvmfPkg/VirtioNetDxe) the interface is on
 * a child with the station's address in its device path, and a card without an address isn't supported.
 */
final class VirtioNetworkLayer extends VirtioDriverLayer {
  private static final int NETWORK_CARD = 1;
  /** Feature: the card has an address (VIRTIO_NET_F_MAC). */
  static final long MAC = 1L << 5;
  /** Feature: it knows whether a cable is plugged in (VIRTIO_NET_F_STATUS). */
  static final long STATUS = 1L << 16;
  private static final int LINK_UP = 1;
  static final int STATUS_AT = 6;
  static final int STATUS_SIZE = 2;

  /** Number of Stop: the interface. */
  private enum StopSlot {
    PLACE
  }

  /** Number of Medium: where the status is read to. */
  private enum MediumSlot {
    ROOM
  }

  private final VirtioFrames frames = new VirtioFrames(this);
  private final SimpleNetwork network = new SimpleNetwork(this, frames, own(VirtioFrames.NUMBERS));
  private final NetworkChild child = new NetworkChild(this, network, Protocol.VIRTIO_DEVICE);

  VirtioNetworkLayer() {
    // The address is six fields of a byte each (Virtio 1.2, 5.1.4).
    super(NETWORK_CARD, MAC | STATUS, Protocol.SIMPLE_NETWORK, new int[] {VirtioFrames.RECEIVED, VirtioFrames.SENT}, Stream.concat(IntStream
        .range(0, NetworkMode.ADDRESS).mapToObj(at -> new VirtioField(at, 1, MAC, 0)), Stream.of(new VirtioField(STATUS_AT, STATUS_SIZE,
            STATUS, LINK_UP))).toArray(VirtioField[]::new));
  }

  @Override
  public String name() {
    return "efi.virtionet";
  }

  @Override
  public int version() {
    return 5;
  }

  @Override
  protected String title() {
    return "Virtio Network Driver";
  }

  SimpleNetwork network() {
    return network;
  }

  /** Where an own number of {@link VirtioFrames} is. */
  int number(int number) {
    return own(number);
  }

  @Override
  protected int size() {
    return NetworkMode.SIZE;
  }

  @Override
  protected int numbers() {
    return VirtioFrames.NUMBERS + SimpleNetwork.NUMBERS;
  }

  @Override
  protected boolean describe(Firmware firmware, long controller, long place, long[] values) {
    byte[] address = new byte[NetworkMode.ADDRESS];
    for (int i = 0; i < address.length; i++) {
      address[i] = (byte) values[i];
    }
    if (!NetworkMode.isStation(address)) {
      return false;
    }
    boolean knowsMedium = (firmware.numbers(this, place)[FEATURES] & STATUS) != 0;
    NetworkMode.write(firmware.memory(), place, address, knowsMedium);
    pointers(firmware, place + NetworkMode.FUNCTIONS, NetworkMode.functions());
    network.buffers(firmware, place).make(firmware);
    return true;
  }

  @Override
  protected void release(Firmware firmware, long place) {
    network.buffers(firmware, place).free(firmware);
    super.release(firmware, place);
  }

  @Override
  protected EfiStep publish(Call call, Enum<?> next, long driver, long controller, long place) {
    return child.publish(call, next, driver, controller, place);
  }

  @Override
  protected EfiStep stop(Call call, long driver, long controller, long[] children) {
    if (children.length == 0) {
      return child.leave(call, driver, controller);
    }
    if (call.isFirst()) {
      call.set(StopSlot.PLACE, child.place(call.firmware(), driver, children[0]));
      return child.withdraw(call, abandoning(), children[0], call.get(StopSlot.PLACE));
    }
    EfiStep step = abandon(call, call.get(StopSlot.PLACE));
    if (step != null) {
      return step;
    }
    child.gone(call.firmware(), driver, controller, children[0]);
    return EfiStep.done();
  }

  /** Reads the status again. Argument: the interface; the result is 1 if a cable is plugged in, else 0. */
  private EfiStep medium(Call call) {
    long[] numbers = interfaceNumbers(call);
    if (call.isAt(AskOnce.ASK)) {
      call.set(MediumSlot.ROOM, call.room(STATUS_SIZE));
      return configuration(call, AskOnce.ANSWERED, numbers, STATUS_AT, STATUS_SIZE, call.get(MediumSlot.ROOM));
    }
    return call.result() < 0 ? EfiStep.done(EfiStatus.DEVICE_ERROR) : EfiStep.done((long) (call.firmware().memory().get16(call.get(
        MediumSlot.ROOM))
        & LINK_UP));
  }

  @Override
  protected EfiFunction offered(String name) {
    if (name.equals("Medium")) {
      return this::medium;
    }
    EfiFunction function = network.function(name);
    return function == null ? child.function(name) : function;
  }
}
