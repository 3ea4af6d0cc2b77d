// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvnet;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.XenBus;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.efi.boot.kit.FrontEnd;
import org.xenolith.efi.boot.kit.NetworkChild;
import org.xenolith.efi.boot.kit.NetworkMode;
import org.xenolith.efi.boot.kit.SimpleNetwork;

/**
 * EFI_SIMPLE_NETWORK_PROTOCOL (UEFI 2.10, 24.1) on PV network interfaces (Xen, {@code io/netif.h}), by {@link XenBus}: it knows no XENIO and makes no
 * hypercall. It is connected with its back end only from Initialize to Shutdown.
 */
final class PvNetworkLayer extends DriverLayer {
  private static final String TYPE = "vif\0";
  private static final int EXIT_BOOT_SERVICES = 0x201;
  /** Before the bus, whose function of this event is at TPL_CALLBACK. */
  private static final int TPL_NOTIFY = 16;
  private static final int ADDRESS_TEXT = 32;
  /** Numbers of Start and Stop: the interface, and memory for a text. */
  private enum Slot {
    PLACE, ROOM
  }

  /** Steps of Start: the address is read, then there is an event for the end of boot services, and a child. */
  private enum Starting {
    READ_ADDRESS, DESCRIBE, PUBLISH, DONE;

    private static final Starting[] ALL = values();
  }

  private enum Stopping {
    WITHDRAW, CLOSE_EVENT, RELEASE;

    private static final Stopping[] ALL = values();
  }

  private final PvFrames frames = new PvFrames(this);
  private final SimpleNetwork network = new SimpleNetwork(this, frames, PvInterface.NUMBERS);
  private final NetworkChild child = new NetworkChild(this, network, Protocol.XEN_BUS);
  private final InterfaceConnecting connecting = new InterfaceConnecting(this);

  @Override
  public String name() {
    return "efi.xenpvnet";
  }

  @Override
  public int version() {
    return 5;
  }

  @Override
  protected String title() {
    return "Xen PV Network Driver";
  }

  SimpleNetwork network() {
    return network;
  }

  PvFrames frames() {
    return frames;
  }

  InterfaceConnecting connecting() {
    return connecting;
  }

  @Override
  public EfiGuid managed() {
    return Protocol.XEN_BUS;
  }

  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    EfiRam memory = call.firmware().memory();
    long device = tryOpen(call, driver, controller, Protocol.XEN_BUS);
    String type = new String(memory.read(memory.get64(device + XenBus.TYPE), TYPE.length()), StandardCharsets.US_ASCII);
    return EfiStep.done(type.equals(TYPE) ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED);
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long place = call.get(Slot.PLACE);
    if (!call.isFirst() && call.result() < 0) {
      return EfiStep.done(call.result());
    }
    switch (call.step(Starting.ALL)) {
      case READ_ADDRESS -> {
        long device = open(call, driver, controller, Protocol.XEN_BUS);
        call.set(Slot.PLACE, firmware.interfaceMemory(this, NetworkMode.SIZE, PvInterface.NUMBERS + SimpleNetwork.NUMBERS));
        firmware.numbers(this, call.get(Slot.PLACE))[FrontEnd.DEVICE] = device;
        long size = call.room(16);
        call.set(Slot.ROOM, call.room(ADDRESS_TEXT));
        memory.put64(size, ADDRESS_TEXT);
        return XenBus.READ.call(call, Starting.DESCRIBE, device, 0, FrontEnd.path(call, device, XenBus.NODE, "mac"), call.get(Slot.ROOM),
            size);
      }
      case DESCRIBE -> {
        byte[] address = address(memory.read(call.get(Slot.ROOM), ADDRESS_TEXT));
        if (!NetworkMode.isStation(address)) {
          firmware.report("PV network interface: it has no address; give it one by mac= in the domain's file");
          return EfiStep.done(EfiStatus.UNSUPPORTED);
        }
        describe(firmware, place, address);
        return EfiStep.call(Starting.PUBLISH, firmware.service(BootService.CREATE_EVENT), EXIT_BOOT_SERVICES, TPL_NOTIFY, firmware.function(
            this,
            "Quiesce"), place, call.get(Slot.ROOM));
      }
      case PUBLISH -> {
        firmware.numbers(this, place)[PvInterface.EVENT] = memory.get64(call.get(Slot.ROOM));
        return child.publish(call, Starting.DONE, driver, controller, place);
      }
      default -> {
        return EfiStep.done();
      }
    }
  }

  /** The bytes of an address as the store has it, {@code 00:16:3e:00:00:01}; none if it isn't one. */
  private static byte[] address(byte[] text) {
    String address = new String(text, StandardCharsets.US_ASCII).replace("\0", "");
    return address.matches("[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}") ? HexFormat.ofDelimiter(":").parseHex(address) : new byte[0];
  }

  private void describe(Firmware firmware, long place, byte[] address) {
    NetworkMode.write(firmware.memory(), place, address, false);
    pointers(firmware, place + NetworkMode.FUNCTIONS, NetworkMode.functions());
    long[] numbers = firmware.numbers(this, place);
    numbers[PvInterface.PAGES] = firmware.pages(PvInterface.OWN_PAGES);
    numbers[FrontEnd.REFERENCES] = PvInterface.references(numbers);
    network.buffers(firmware, place).make(firmware);
  }

  @Override
  protected void release(Firmware firmware, long place) {
    long[] numbers = firmware.numbers(this, place);
    network.buffers(firmware, place).free(firmware);
    if (numbers[PvInterface.PAGES] != 0) {
      firmware.freePages(numbers[PvInterface.PAGES], PvInterface.OWN_PAGES);
    }
    super.release(firmware, place);
  }

  @Override
  protected EfiStep stop(Call call, long driver, long controller, long[] children) {
    if (children.length == 0) {
      return child.leave(call, driver, controller);
    }
    Firmware firmware = call.firmware();
    switch (call.step(Stopping.ALL)) {
      case WITHDRAW -> {
        call.set(Slot.PLACE, child.place(firmware, driver, children[0]));
        return child.withdraw(call, Stopping.CLOSE_EVENT, children[0], call.get(Slot.PLACE));
      }
      case CLOSE_EVENT -> {
        return call.result() < 0 ? EfiStep.done(EfiStatus.DEVICE_ERROR) : closeEvent(call, Stopping.RELEASE, firmware.numbers(this, call
            .get(Slot.PLACE)),
            PvInterface.EVENT);
      }
      default -> {
        release(firmware, call.get(Slot.PLACE));
        child.gone(firmware, driver, controller, children[0]);
        return EfiStep.done();
      }
    }
  }

  @Override
  protected EfiFunction other(String name) {
    EfiFunction function = switch (name) {
      case "Connect" -> connecting::connect;
      case "Quiesce" -> call -> !call.isAt(AskOnce.ASK) ? EfiStep.done() : network.end(call, AskOnce.ANSWERED, call.argument(1));
      default -> network.function(name);
    };
    if (function == null) {
      function = child.function(name);
    }
    return function == null ? connecting.front().function(name) : function;
  }
}
