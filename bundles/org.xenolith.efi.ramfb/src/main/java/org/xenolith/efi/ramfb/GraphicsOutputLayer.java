// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.ramfb;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
import org.xenolith.efi.boot.kit.TreeDriverLayer;

/**
 * EFI_GRAPHICS_OUTPUT_PROTOCOL (UEFI 2.10, 12.9) on the display ramfb, which fw_cfg's file {@code etc/ramfb} tells where its pixels are (QEMU,
 * docs/specs/fw_cfg.rst, hw/display/ramfb.c). The frame buffer is reserved memory: an operating system that is told of it goes on with it.
 */
final class GraphicsOutputLayer extends TreeDriverLayer {
  /** What tells that a handle is fw_cfg: its interface is the registers' address. */
  static final EfiGuid FW_CFG = EfiGuid.of("6d1bd1f4-1f3c-4f0f-8c3f-2a1f0b8f6a57");
  /** Where EFI_GRAPHICS_OUTPUT_PROTOCOL_MODE is in an interface: behind three functions and the pointer to it. */
  static final int MODE = 32;
  private static final byte[] FILE = "etc/ramfb\0".getBytes(StandardCharsets.US_ASCII);
  /** Bytes in the file that say where pixels are. */
  private static final int DESCRIPTION = 28;
  /** Four bytes a pixel, blue first: "XR24" (Linux, include/uapi/drm/drm_fourcc.h). */
  private static final int FORMAT = 0x3432_5258;
  private static final int PAGE = 4096;
  private static final long PAGES = (GraphicsMode.mostBytes() + PAGE - 1) / PAGE;
  /** Files of the directory that are read at once. */
  private static final int PIECE = 128;
  private static final int ANY_PAGES = 0;
  private static final int RESERVED = 0;
  private static final int BOOT_SERVICES_DATA = 4;
  // Numbers of an interface: fw_cfg's registers, the file's key, the frame buffer, the mode.
  private static final int NUMBERS = 4;
  private static final int REGISTERS = 0;
  private static final int KEY = 1;
  private static final int FRAMES = 2;
  private static final int CURRENT = 3;

  /**
   * Numbers of a call that tells the display something: those of an interface, its address, memory for a request and what belongs to it, files of the directory
   * that are to be read.
   */
  private enum Slot {
    REGISTERS, KEY, FRAMES, CURRENT, PLACE, ROOM, LEFT
  }

  private enum Starting {
    BEGIN, IDENTIFIED, COUNTED, LISTED, ALLOCATED, SHOWN, GIVEN_UP;

    private static final Starting[] ALL = values();
  }

  private enum Stopping {
    BEGIN, WITHDRAWN, OFF, FREED;

    private static final Stopping[] ALL = values();
  }

  /** Number of QueryMode: where the information's address is put. */
  private enum QuerySlot {
    INFORMATION
  }

  GraphicsOutputLayer() {
    super(FW_CFG, "qemu,fw-cfg-mmio", Protocol.GRAPHICS_OUTPUT);
  }

  @Override
  public String name() {
    return "efi.ramfb";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  protected String title() {
    return "Ramfb Display Driver";
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    long registers = call.get(Slot.REGISTERS);
    long request = call.get(Slot.ROOM);
    long list = request + FwCfgAccess.REQUEST;
    switch (call.step(Starting.ALL)) {
      case BEGIN -> {
        call.set(Slot.REGISTERS, device(firmware.tree(), open(call, driver, controller, FW_CFG)).base());
        call.set(Slot.ROOM, call.room(FwCfgAccess.REQUEST + PIECE * FwCfgAccess.ENTRY));
        return firmware.handles().has(controller, Protocol.GRAPHICS_OUTPUT) ? EfiStep.done(EfiStatus.UNSUPPORTED)
            : FwCfgAccess.identify(Starting.IDENTIFIED, call.get(Slot.REGISTERS));
      }
      case IDENTIFIED -> {
        return FwCfgAccess.isThere(call) ? FwCfgAccess.read(call, Starting.COUNTED, registers, request, FwCfgAccess.DIRECTORY, list,
            Integer.BYTES)
            : EfiStep.done(EfiStatus.UNSUPPORTED);
      }
      case COUNTED -> {
        call.set(Slot.LEFT, Math.min(Integer.toUnsignedLong(Integer.reverseBytes((int) memory.get32(list))), FwCfgAccess.MOST));
        return FwCfgAccess.succeeded(call) ? list(call, registers, request, list) : EfiStep.done(EfiStatus.DEVICE_ERROR);
      }
      case LISTED -> {
        if (!FwCfgAccess.succeeded(call)) {
          return EfiStep.done(EfiStatus.DEVICE_ERROR);
        }
        long entry = find(memory, list, piece(call));
        call.set(Slot.LEFT, call.get(Slot.LEFT) - piece(call));
        return entry == 0 ? list(call, registers, request, list) : allocate(call, entry);
      }
      case ALLOCATED -> {
        if (call.result() != 0) {
          release(firmware, call.get(Slot.PLACE));
          return EfiStep.done(EfiStatus.OUT_OF_RESOURCES);
        }
        call.set(Slot.FRAMES, memory.get64(list));
        memory.clear(call.get(Slot.FRAMES), GraphicsMode.mostBytes());
        return show(call, Starting.SHOWN, call.get(Slot.FRAMES), GraphicsMode.ALL.get(GraphicsMode.FIRST));
      }
      case SHOWN -> {
        if (!FwCfgAccess.succeeded(call)) {
          return EfiStep.call(Starting.GIVEN_UP, firmware.service(BootService.FREE_PAGES), call.get(Slot.FRAMES), PAGES);
        }
        publish(call, controller);
        return EfiStep.done();
      }
      default -> {
        release(firmware, call.get(Slot.PLACE));
        return EfiStep.done(EfiStatus.DEVICE_ERROR);
      }
    }
  }

  private static int piece(Call call) {
    return (int) Math.min(PIECE, call.get(Slot.LEFT));
  }

  /** Reads on in the directory; without a file of that name fw_cfg has no such display. */
  private static EfiStep list(Call call, long registers, long request, long list) {
    return call.get(Slot.LEFT) == 0 ? EfiStep.done(EfiStatus.UNSUPPORTED) : FwCfgAccess.readOn(call, Starting.LISTED, registers, request,
        list, piece(
            call)
            * FwCfgAccess.ENTRY);
  }

  /** Address of the display's entry; 0 if it isn't among these. */
  private static long find(EfiRam memory, long list, int entries) {
    for (int i = 0; i < entries; i++) {
      long entry = list + (long) i * FwCfgAccess.ENTRY;
      if (Integer.reverseBytes((int) memory.get32(entry)) == DESCRIPTION && Arrays.equals(memory.read(entry + 8, FILE.length), FILE)) {
        return entry;
      }
    }
    return 0;
  }

  private EfiStep allocate(Call call, long entry) {
    Firmware firmware = call.firmware();
    call.set(Slot.KEY, Short.reverseBytes((short) firmware.memory().get16(entry + 4)) & 0xFFFF);
    call.set(Slot.PLACE, firmware.interfaceMemory(this, MODE + GraphicsMode.SIZE + GraphicsMode.INFORMATION, NUMBERS));
    long address = call.get(Slot.ROOM) + FwCfgAccess.REQUEST;
    return EfiStep.call(Starting.ALLOCATED, firmware.service(BootService.ALLOCATE_PAGES), ANY_PAGES, RESERVED, PAGES, address);
  }

  /** Tells the display where pixels are. @param mode null: nowhere; it is off then */
  private static EfiStep show(Call call, Enum<?> next, long frames, GraphicsMode mode) {
    ByteBuffer out = ByteBuffer.allocate(DESCRIPTION);
    if (mode != null) {
      out.putLong(frames).putInt(FORMAT).putInt(0).putInt(mode.width()).putInt(mode.height()).putInt(mode.stride());
    }
    long description = call.get(Slot.ROOM) + FwCfgAccess.REQUEST;
    call.firmware().memory().write(description, out.array());
    return FwCfgAccess.write(call, next, call.get(Slot.REGISTERS), call.get(Slot.ROOM), (int) call.get(Slot.KEY), description, DESCRIPTION);
  }

  private void publish(Call call, long controller) {
    Firmware firmware = call.firmware();
    long place = call.get(Slot.PLACE);
    long[] numbers = firmware.numbers(this, place);
    for (int i = 0; i < CURRENT; i++) {
      numbers[i] = call.get(i);
    }
    numbers[CURRENT] = GraphicsMode.FIRST;
    pointers(firmware, place, "QueryMode", "SetMode", "Blt");
    firmware.memory().put64(place + MODE - Long.BYTES, place + MODE);
    GraphicsMode.describe(firmware.memory(), place + MODE, GraphicsMode.FIRST, numbers[FRAMES]);
    firmware.handles().install(controller, Protocol.GRAPHICS_OUTPUT, place);
  }

  @Override
  protected EfiStep stop(Call call, long driver, long controller, long[] children) {
    Firmware firmware = call.firmware();
    switch (call.step(Stopping.ALL)) {
      case BEGIN -> {
        long place = leaving(firmware, driver, controller, Protocol.GRAPHICS_OUTPUT);
        if (isBusy(call, place)) {
          return EfiStep.done(EfiStatus.DEVICE_ERROR);
        }
        load(call, firmware.numbers(this, place));
        call.set(Slot.PLACE, place);
        return withdraw(call, Stopping.WITHDRAWN, call.room(EfiGuid.SIZE), controller, Protocol.GRAPHICS_OUTPUT, place);
      }
      case WITHDRAWN -> {
        return call.result() < 0 ? EfiStep.done(EfiStatus.DEVICE_ERROR) : show(call, Stopping.OFF, 0, null);
      }
      case OFF -> {
        if (!FwCfgAccess.succeeded(call)) {
          firmware.report(title() + ": the display can't be switched off; it shows what is in memory that is no more its");
        }
        // Once, however often Stop comes here.
        firmware.numbers(this, call.get(Slot.PLACE))[FRAMES] = 0;
        return call.get(Slot.FRAMES) == 0 ? new EfiStep.Go(Stopping.FREED) : EfiStep.call(Stopping.FREED, firmware.service(
            BootService.FREE_PAGES), call.get(Slot.FRAMES), PAGES);
      }
      default -> {
        release(firmware, call.get(Slot.PLACE));
        left(firmware, driver, controller);
        close(call, driver, controller, FW_CFG);
        return EfiStep.done();
      }
    }
  }

  /** Makes an interface's numbers those of a call that tells the display something. */
  private static void load(Call call, long[] numbers) {
    for (int i = 0; i < NUMBERS; i++) {
      call.set(i, numbers[i]);
    }
    call.set(Slot.ROOM, call.room(FwCfgAccess.REQUEST + DESCRIPTION));
  }

  @Override
  protected EfiFunction other(String name) {
    return switch (name) {
      case "QueryMode" -> this::queryMode;
      case "SetMode" -> this::setMode;
      case "Blt" -> this::blt;
      default -> null;
    };
  }

  /** The mode that a call names; null if there is none of that number. */
  private static GraphicsMode named(Call call) {
    long number = call.argument(1) & 0xFFFF_FFFFL;
    return number < GraphicsMode.ALL.size() ? GraphicsMode.ALL.get((int) number) : null;
  }

  private EfiStep queryMode(Call call) {
    EfiRam memory = call.firmware().memory();
    call.firmware().numbers(this, call.argument(0)); // or the caller made it up
    GraphicsMode mode = named(call);
    if (mode == null || call.argument(2) == 0 || call.argument(3) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (call.isAt(AskOnce.ASK)) {
      memory.put64(call.argument(2), GraphicsMode.INFORMATION);
      memory.put64(call.argument(3), 0);
      call.set(QuerySlot.INFORMATION, call.room(Long.BYTES));
      return EfiStep.call(AskOnce.ANSWERED, call.firmware().service(BootService.ALLOCATE_POOL), BOOT_SERVICES_DATA,
          GraphicsMode.INFORMATION, call.get(QuerySlot.INFORMATION));
    }
    if (call.result() != 0) {
      return EfiStep.done(EfiStatus.OUT_OF_RESOURCES);
    }
    long information = memory.get64(call.get(QuerySlot.INFORMATION));
    mode.describe(memory, information);
    memory.put64(call.argument(3), information);
    return EfiStep.done();
  }

  private EfiStep setMode(Call call) {
    Firmware firmware = call.firmware();
    long[] numbers = firmware.numbers(this, call.argument(0));
    GraphicsMode mode = named(call);
    if (mode == null) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    if (call.isAt(AskOnce.ASK)) {
      load(call, numbers);
      // The display shows no rows of the former mode as rows of this one.
      firmware.memory().clear(numbers[FRAMES], GraphicsMode.mostBytes());
      return show(call, AskOnce.ANSWERED, numbers[FRAMES], mode);
    }
    if (!FwCfgAccess.succeeded(call)) {
      return EfiStep.done(EfiStatus.DEVICE_ERROR);
    }
    numbers[CURRENT] = GraphicsMode.ALL.indexOf(mode);
    GraphicsMode.describe(firmware.memory(), call.argument(0) + MODE, (int) numbers[CURRENT], numbers[FRAMES]);
    return EfiStep.done();
  }

  private EfiStep blt(Call call) {
    long[] numbers = call.firmware().numbers(this, call.argument(0));
    new BlockTransfer(call, GraphicsMode.ALL.get((int) numbers[CURRENT]), numbers[FRAMES]).perform((int) call.argument(2));
    return EfiStep.done();
  }
}
