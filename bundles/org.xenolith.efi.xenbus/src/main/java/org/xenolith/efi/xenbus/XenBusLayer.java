// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
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

  /** Numbers of Start: the bus, memory for what is asked; then those of {@link Enumeration}. */
  enum Slot {
    BUS, ROOM,
    /** A page each for the types that there are, the numbers of one type, and the path of a back end. */
    LISTS,
    /** The type and the device that it is at, and how long the lists of them are. */
    TYPE, DEVICE, TYPES_LENGTH, DEVICES_LENGTH
  }

  /** Steps of Start. */
  enum Step {
    /** The store is asked for, the grant table is mapped, and there is an event for the end of boot services: the bus is there. */
    ASK, MAP, MAPPED, PUBLISH,
    /** Those of {@link SharedInfo}. */
    PAGE_ALLOCATED, PAGE_MAPPED, PAGE_FREED,
    /** Those of {@link Enumeration}. */
    KEEP_TYPES, LIST_DEVICES, KEEP_DEVICES, READ_BACKEND, READ_BACKEND_DOMAIN, ADD_DEVICE,
    /** A Start that has failed takes the grant table out. */
    UNMAP, UNMAPPED;

    private static final Step[] ALL = values();

    /** Which step a call is at. */
    static Step of(Call call) {
      return call.step(ALL);
    }
  }

  private enum Stopping {
    UNMAP, CLOSE_EVENT, RELEASE;

    private static final Stopping[] ALL = values();
  }

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
    return 5;
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
  protected Enum<?> failing() {
    return Step.UNMAP;
  }

  /** Sends the store a message. */
  EfiStep exchange(Call call, Enum<?> next, long bus, int type, long transaction, long payload, long length) {
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
    switch (Step.of(call)) {
      case ASK -> {
        long grants = memory.get64(open(call, driver, controller, Protocol.XEN_IO));
        long bus = firmware.interfaceMemory(this, 16, Bus.NUMBERS);
        call.set(Slot.BUS, bus);
        call.set(Slot.ROOM, call.room(Math.max(MOST_NAME, (FRAMES + 2) * XenCalls.ROOM)));
        firmware.numbers(this, bus)[Bus.GRANTS] = grants;
        long room = call.get(Slot.ROOM);
        return EfiStep.touch(Step.MAP, XenCalls.getParameter(memory, room, HvmParam.HVM_PARAM_STORE_PFN), XenCalls.getParameter(memory, room
            + XenCalls.ROOM, HvmParam.HVM_PARAM_STORE_EVTCHN));
      }
      case MAP -> {
        return map(call);
      }
      case MAPPED -> {
        return mapped(call);
      }
      case PUBLISH -> {
        long[] bus = firmware.numbers(this, call.get(Slot.BUS));
        bus[Bus.EVENT] = memory.get64(call.get(Slot.ROOM));
        firmware.handles().install(controller, BUS, call.get(Slot.BUS));
        return sharedInfo == null ? enumeration.begin(call) : sharedInfo.begin(call);
      }
      case PAGE_ALLOCATED, PAGE_MAPPED, PAGE_FREED -> {
        EfiStep step = sharedInfo == null ? null : sharedInfo.next(call);
        return step == null ? enumeration.begin(call) : step;
      }
      case UNMAP -> {
        return unmap(call, Step.UNMAPPED, firmware.numbers(this, call.get(Slot.BUS)));
      }
      case UNMAPPED -> {
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
    long room = call.get(Slot.ROOM);
    long[] bus = firmware.numbers(this, call.get(Slot.BUS));
    bus[Bus.STORE] = XenCalls.parameter(memory, room) << PAGE_SHIFT;
    bus[Bus.PORT] = XenCalls.parameter(memory, room + XenCalls.ROOM);
    if (call.accessed(0) != 0 || call.accessed(1) != 0 || bus[Bus.STORE] == 0) {
      return refused(call, "the domain has no store");
    }
    List<EfiAccess> maps = new ArrayList<>();
    for (int i = 0; i < FRAMES; i++) {
      maps.add(XenCalls.mapGrantFrame(memory, room + (long) i * XenCalls.ROOM, i, bus[Bus.GRANTS] + (long) i * Bus.PAGE));
    }
    return new EfiStep.Touch(Step.MAPPED, maps);
  }

  private EfiStep mapped(Call call) {
    Firmware firmware = call.firmware();
    long[] bus = firmware.numbers(this, call.get(Slot.BUS));
    for (int i = 0; i < FRAMES; i++) {
      bus[Bus.MAPPED] |= call.accessed(i) == 0 ? 1L << i : 0;
    }
    bus[Bus.FRAMES] = Long.numberOfTrailingZeros(~bus[Bus.MAPPED]);
    if (bus[Bus.FRAMES] == 0) {
      return refused(call, "the grant table can't be mapped: error " + call.accessed(0));
    }
    bus[Bus.MESSAGES] = firmware.pages(Bus.PAGES);
    return EfiStep.call(Step.PUBLISH, firmware.service(BootService.CREATE_EVENT), EXIT_BOOT_SERVICES, TPL_CALLBACK, firmware.function(this,
        "Quiesce"),
        call.get(Slot.BUS), call.get(Slot.ROOM));
  }

  private static EfiStep refused(Call call, String why) {
    call.firmware().report("XenBus: " + why);
    return EfiStep.done(EfiStatus.DEVICE_ERROR);
  }

  /** What takes the grant table out again; null if it isn't in. */
  private static EfiStep unmap(Call call, Enum<?> next, long[] bus) {
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
    switch (call.step(Stopping.ALL)) {
      case UNMAP -> {
        return isBusy(call, place) ? EfiStep.done(EfiStatus.DEVICE_ERROR) : unmap(call, Stopping.CLOSE_EVENT, bus);
      }
      case CLOSE_EVENT -> {
        return closeEvent(call, Stopping.RELEASE, bus, Bus.EVENT);
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
      case "Quiesce" -> call -> call.isAt(AskOnce.ASK) ? unmap(call, AskOnce.ANSWERED, call.firmware().numbers(this, call.argument(1)))
          : EfiStep.done();
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
