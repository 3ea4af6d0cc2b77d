// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.XenBus;
import org.xenolith.efi.boot.kit.BusDriverLayer;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.XenCalls;
import org.xenolith.xen.abi.HvmParam;

/**
 * PV devices on a XENIO, whichever it is: the bus of a domain, of which there is one. It maps the grant table where XENIO says, and takes it out
 * again when it stops and when boot services end.
 */
final class XenBusLayer extends BusDriverLayer {
  /** Tells that a controller has the bus; its interface is the bus. */
  static final EfiGuid BUS = EfiGuid.of("57a1c1de-6f0b-4f4b-8a6f-8f4bb2d3a9c6");
  /** What edk2 puts into device paths of PV devices (OvmfPkg/XenBusDxe): type and number follow. */
  static final EfiGuid DEVICE = EfiGuid.of("3d3ca290-b9a5-11e3-b75d-b8ac6f7d65e6");
  /** Frames of the grant table: 2048 grants. */
  static final int FRAMES = 4;
  private static final int EXIT_BOOT_SERVICES = 0x201;
  private static final int TPL_CALLBACK = 8;
  private static final int PAGE_SHIFT = 12;
  private static final int MOST_NAME = 256;
  /** The step of a Start that has failed. */
  private static final int FAILED = 40;

  private final StoreExchange exchange = new StoreExchange(this);
  private final DeviceFunctions functions = new DeviceFunctions(this);
  private final Enumeration enumeration = new Enumeration(this);
  /** Null if it is never mapped. */
  private final SharedInfo sharedInfo;

  /** @param keepsSharedInfo whether the page with shared information is mapped and left so, as edk2's bus does; else it never is */
  XenBusLayer(boolean keepsSharedInfo) {
    super(Protocol.XEN_IO, Protocol.XEN_BUS);
    sharedInfo = keepsSharedInfo ? new SharedInfo() : null;
  }

  @Override
  public String name() {
    return "efi.xenbus";
  }

  @Override
  public int version() {
    return 4;
  }

  @Override
  protected String title() {
    return "XenBus Bus Driver";
  }

  @Override
  protected EfiStep supported(Call call, long driver, long controller, long remaining) {
    tryOpen(call, driver, controller, Protocol.XEN_IO);
    return EfiStep.done(call.firmware().handles().handles(BUS).isEmpty() ? EfiStatus.SUCCESS : EfiStatus.ALREADY_STARTED);
  }

  @Override
  protected int failing() {
    return FAILED;
  }

  /** Sends the store a message. */
  EfiStep exchange(Call call, int next, long bus, int type, long transaction, long payload, long length) {
    return EfiStep.call(next, call.firmware().function(this, "Exchange"), bus, type, transaction, payload, length);
  }

  /** A decimal number; -1 if it is none. */
  static long number(EfiRam memory, long at, long length) {
    String text = new String(memory.read(at, (int) Math.min(length, 24)), StandardCharsets.US_ASCII).replace("\0", "");
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    switch (call.step()) {
      case 0 -> {
        long grants = memory.get64(open(call, driver, controller, Protocol.XEN_IO));
        long bus = firmware.interfaceMemory(this, 16, Bus.NUMBERS);
        call.set(Enumeration.BUS, bus);
        call.set(Enumeration.ROOM, call.room(Math.max(MOST_NAME, (FRAMES + 2) * XenCalls.ROOM)));
        firmware.numbers(this, bus)[Bus.GRANTS] = grants;
        long room = call.get(Enumeration.ROOM);
        return EfiStep.touch(1, XenCalls.getParameter(memory, room, HvmParam.HVM_PARAM_STORE_PFN), XenCalls.getParameter(memory, room
            + XenCalls.ROOM, HvmParam.HVM_PARAM_STORE_EVTCHN));
      }
      case 1 -> {
        return map(call);
      }
      case 2 -> {
        return mapped(call);
      }
      case 3 -> {
        long[] bus = firmware.numbers(this, call.get(Enumeration.BUS));
        bus[Bus.EVENT] = memory.get64(call.get(Enumeration.ROOM));
        firmware.handles().install(controller, BUS, call.get(Enumeration.BUS));
        return sharedInfo == null ? enumeration.begin(call) : sharedInfo.begin(call);
      }
      case SharedInfo.ALLOCATED, SharedInfo.MAPPED, SharedInfo.OVER -> {
        EfiStep step = sharedInfo == null ? null : sharedInfo.next(call);
        return step == null ? enumeration.begin(call) : step;
      }
      case FAILED -> {
        return unmap(call, FAILED + 1, firmware.numbers(this, call.get(Enumeration.BUS)));
      }
      case FAILED + 1 -> {
        return EfiStep.done();
      }
      default -> {
        return enumeration.next(call, controller, driver);
      }
    }
  }

  private EfiStep map(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long room = call.get(Enumeration.ROOM);
    long[] bus = firmware.numbers(this, call.get(Enumeration.BUS));
    bus[Bus.STORE] = XenCalls.parameter(memory, room) << PAGE_SHIFT;
    bus[Bus.PORT] = XenCalls.parameter(memory, room + XenCalls.ROOM);
    if (call.accessed(0) != 0 || call.accessed(1) != 0 || bus[Bus.STORE] == 0) {
      return refused(call, "the domain has no store");
    }
    List<EfiAccess> maps = new ArrayList<>();
    for (int i = 0; i < FRAMES; i++) {
      maps.add(XenCalls.mapGrantFrame(memory, room + (long) i * XenCalls.ROOM, i, bus[Bus.GRANTS] + (long) i * Bus.PAGE));
    }
    return new EfiStep.Touch(2, maps);
  }

  private EfiStep mapped(Call call) {
    Firmware firmware = call.firmware();
    long[] bus = firmware.numbers(this, call.get(Enumeration.BUS));
    for (int i = 0; i < FRAMES; i++) {
      bus[Bus.MAPPED] |= call.accessed(i) == 0 ? 1L << i : 0;
    }
    bus[Bus.FRAMES] = Long.numberOfTrailingZeros(~bus[Bus.MAPPED]);
    if (bus[Bus.FRAMES] == 0) {
      return refused(call, "the grant table can't be mapped: error " + call.accessed(0));
    }
    bus[Bus.MESSAGES] = firmware.pages(Bus.PAGES);
    return EfiStep.call(3, firmware.service(BootService.CREATE_EVENT), EXIT_BOOT_SERVICES, TPL_CALLBACK, firmware.function(this, "Quiesce"),
        call.get(Enumeration.BUS), call.get(Enumeration.ROOM));
  }

  private static EfiStep refused(Call call, String why) {
    call.firmware().report("XenBus: " + why);
    return EfiStep.done(EfiStatus.DEVICE_ERROR);
  }

  /** What takes the grant table out again; null if it isn't in. */
  private static EfiStep unmap(Call call, int next, long[] bus) {
    List<EfiAccess> all = new ArrayList<>();
    long room = call.room(FRAMES * XenCalls.ROOM);
    for (int i = 0; i < FRAMES; i++) {
      if ((bus[Bus.MAPPED] >> i & 1) != 0) {
        all.add(XenCalls.unmap(call.firmware().memory(), room + (long) i * XenCalls.ROOM, bus[Bus.GRANTS] + (long) i * Bus.PAGE));
      }
    }
    bus[Bus.FRAMES] = 0;
    bus[Bus.MAPPED] = 0;
    return all.isEmpty() ? new EfiStep.Go(next) : new EfiStep.Touch(next, all);
  }

  /** Makes a device: its protocol with texts behind it, its path, its handle. */
  void add(Firmware firmware, long bus, long controller, long driver, String type, String id, String backend, long domain) {
    EfiRam memory = firmware.memory();
    String node = "device/" + type + '/' + id;
    long number = Long.parseLong(id);
    byte[] texts = (type + '\0' + node + '\0' + backend + '\0').getBytes(StandardCharsets.US_ASCII);
    long device = firmware.interfaceMemory(this, XenBus.SIZE + texts.length, OpenPorts.PLACE + 1);
    firmware.numbers(this, device)[0] = bus;
    for (XenBus function : XenBus.values()) {
      memory.put64(device + function.offset(), firmware.function(this, function.name()));
    }
    long text = device + XenBus.SIZE;
    memory.write(text, texts);
    memory.put64(device + XenBus.TYPE, text);
    memory.put64(device + XenBus.NODE, text + type.length() + 1);
    memory.put64(device + XenBus.BACKEND, text + type.length() + node.length() + 2);
    memory.put32(device + XenBus.BACKEND_DOMAIN, domain);
    memory.put32(device + XenBus.NUMBER, number);
    byte[] said = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).put((byte) (type.equals("vbd") ? 1 : 0)).put((byte) 0).putShort(
        (short) number).array();
    child(firmware, driver, controller, path(firmware, controller).vendor(DevicePath.HARDWARE, DEVICE, said), device);
  }

  @Override
  protected void release(Firmware firmware, long place) {
    new OpenPorts(firmware, this, firmware.numbers(this, place)).forget();
    super.release(firmware, place);
  }

  @Override
  protected EfiStep stop(Call call, long driver, long controller) {
    Firmware firmware = call.firmware();
    HandleDatabase handles = firmware.handles();
    long place = handles.find(controller, BUS);
    long[] bus = firmware.numbers(this, place);
    switch (call.step()) {
      case 0 -> {
        return isBusy(call, place) ? EfiStep.done(EfiStatus.DEVICE_ERROR) : unmap(call, 1, bus);
      }
      case 1 -> {
        return closeEvent(call, 2, bus, Bus.EVENT);
      }
      default -> {
        handles.uninstall(controller, BUS, place);
        firmware.freePages(bus[Bus.MESSAGES], Bus.PAGES);
        firmware.dropInterface(this, place);
        close(call, driver, controller, Protocol.XEN_IO);
        return EfiStep.done();
      }
    }
  }

  @Override
  protected EfiFunction other(String name) {
    return switch (name) {
      case "Exchange" -> exchange::next;
      case "Quiesce" -> call -> call.step() == 0 ? unmap(call, 1, call.firmware().numbers(this, call.argument(1))) : EfiStep.done();
      default -> {
        for (XenBus function : XenBus.values()) {
          if (function.name().equals(name)) {
            yield functions.function(function);
          }
        }
        yield null;
      }
    };
  }
}
