// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.manager;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/**
 * Starts a kernel that the launcher has put into memory, as modules in the form that boot loaders give a hypervisor (Xen,
 * docs/misc/arm/device-tree/booting.txt). Linux asks for its first root file system by a device path of its own (Linux,
 * Documentation/arch/x86/boot.rst, LINUX_EFI_INITRD_MEDIA_GUID).
 */
final class LoadedKernel {
  private static final EfiGuid INITRD_MEDIA = EfiGuid.of("5568e427-68fc-4f3d-ac74-ca555231cc68");
  private static final int MEMORY_MAPPED = 3;
  private static final int LOADER_DATA = 2;
  private static final int LOAD_FILE_SIZE = 8;
  private static final int LOAD_FILE_NUMBERS = 2;
  /** What a file's path has when all of it is the handle's: the end. */
  private static final int END_SIZE = 4;
  private static final int PIECE = 1 << 20;
  /** Numbers of StartKernel: the handle of the initial root file system, and what is on it; 0 of what isn't there. */
  private enum Slot {
    HANDLE, PATH, FILE
  }

  private final ManagerLayer layer;

  LoadedKernel(ManagerLayer layer) {
    this.layer = layer;
  }

  private record Module(long base, long size, String arguments) {}

  /** What the tree says of a module; null if there is none. @throws EfiError LOAD_ERROR if that makes no sense */
  private static Module module(Fdt tree, String kind) {
    try {
      FdtNode chosen = tree.node("/chosen").orElse(null);
      FdtNode node = chosen == null ? null : chosen.children().stream().filter(each -> is(each, kind)).findFirst().orElse(null);
      return node == null ? null : module(chosen, node);
    } catch (FdtException e) {
      throw new EfiError(EfiStatus.LOAD_ERROR, "/chosen: " + e.getMessage());
    }
  }

  private static Module module(FdtNode chosen, FdtNode node) {
    FdtProperty reg = node.property("reg").orElseThrow(() -> broken(node, "reg isn't there"));
    int cells = chosen.property("#address-cells").map(each -> each.cell(0)).orElse(2);
    int sizeCells = chosen.property("#size-cells").map(each -> each.cell(0)).orElse(reg.cellCount() - cells);
    if (cells <= 0 || cells > 2 || sizeCells <= 0 || sizeCells > 2 || reg.cellCount() < cells + sizeCells) {
      throw broken(node, "reg of " + reg.cellCount() + " cells, " + cells + " for an address and " + sizeCells + " for a size");
    }
    return new Module(reg.number(0, cells), reg.number(cells, sizeCells), node.property("bootargs").map(FdtProperty::string).orElse(""));
  }

  private static EfiError broken(FdtNode node, String why) {
    return new EfiError(EfiStatus.LOAD_ERROR, "/chosen/" + node.name() + ": " + why);
  }

  private static boolean is(FdtNode node, String kind) {
    return node.property("compatible").map(FdtProperty::strings).orElse(List.of()).contains(kind);
  }

  EfiStep start(Call call) {
    if (!call.isAt(AskOnce.ASK)) {
      withdraw(call);
      return EfiStep.done(call.result());
    }
    try {
      return load(call);
    } catch (EfiError e) {
      withdraw(call);
      throw e;
    }
  }

  private EfiStep load(Call call) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    Module kernel = module(firmware.tree(), "multiboot,kernel");
    if (kernel == null) {
      return EfiStep.done(EfiStatus.NOT_FOUND);
    }
    Module initrd = module(firmware.tree(), "multiboot,ramdisk");
    if (initrd != null) {
      offer(call, initrd);
    }
    byte[] path = new DevicePath().node(DevicePath.HARDWARE, MEMORY_MAPPED, ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).putInt(
        LOADER_DATA).putLong(kernel.base).putLong(kernel.base + kernel.size - 1).array()).bytes();
    byte[] options = (kernel.arguments + '\0').getBytes(StandardCharsets.UTF_16LE);
    long room = call.room(64);
    memory.write(room, path);
    long text = firmware.interfaceMemory(layer, options.length, 0);
    memory.write(text, options);
    return EfiStep.call(AskOnce.ANSWERED, firmware.function(layer, "StartImage"), room, kernel.base, kernel.size, text, options.length);
  }

  private void offer(Call call, Module initrd) {
    Firmware firmware = call.firmware();
    if (initrd.size < 0 || !isMemory(firmware.memory(), initrd.base, initrd.size)) {
      throw new EfiError(EfiStatus.LOAD_ERROR, "/chosen: a ramdisk of 0x" + Long.toHexString(initrd.size) + " bytes at 0x" + Long
          .toHexString(initrd.base) + ", where there is no memory");
    }
    byte[] path = new DevicePath().vendor(DevicePath.MEDIA, INITRD_MEDIA, new byte[0]).bytes();
    call.set(Slot.PATH, firmware.interfaceMemory(layer, path.length, 0));
    firmware.memory().write(call.get(Slot.PATH), path);
    call.set(Slot.FILE, firmware.interfaceMemory(layer, LOAD_FILE_SIZE, LOAD_FILE_NUMBERS));
    long[] numbers = firmware.numbers(layer, call.get(Slot.FILE));
    numbers[0] = initrd.base;
    numbers[1] = initrd.size;
    firmware.memory().put64(call.get(Slot.FILE), firmware.function(layer, "LoadInitrd"));
    call.set(Slot.HANDLE, firmware.handles().install(0, Protocol.DEVICE_PATH, call.get(Slot.PATH)));
    firmware.handles().install(call.get(Slot.HANDLE), Protocol.LOAD_FILE2, call.get(Slot.FILE));
  }

  /** Whatever is booted next would find the path taken and be given this kernel's file. The kernel's options stay: it may be a driver. */
  private void withdraw(Call call) {
    withdraw(call.firmware(), call.get(Slot.HANDLE), Protocol.LOAD_FILE2, call.get(Slot.FILE));
    withdraw(call.firmware(), call.get(Slot.HANDLE), Protocol.DEVICE_PATH, call.get(Slot.PATH));
  }

  private void withdraw(Firmware firmware, long handle, EfiGuid protocol, long place) {
    if (place == 0) {
      return;
    }
    try {
      if (firmware.handles().find(handle, protocol) == place) {
        firmware.handles().uninstall(handle, protocol, place);
      }
      firmware.dropInterface(layer, place);
    } catch (EfiError e) {
      firmware.report(layer.name() + ": the initial root file system stays: " + e.getMessage());
    }
  }

  /** Whether the first and the last byte are. */
  private static boolean isMemory(EfiRam memory, long at, long size) {
    try {
      if (size != 0) {
        memory.get8(at);
        memory.get8(at + size - 1);
      }
      return true;
    } catch (EfiError e) {
      return false;
    }
  }

  /** EFI_LOAD_FILE2_PROTOCOL.LoadFile (UEFI 2.10, 13.2.2). */
  EfiStep initrd(Call call) {
    EfiRam memory = call.firmware().memory();
    long[] numbers = call.firmware().numbers(layer, call.argument(0));
    // Paths and options are interfaces as well.
    if (numbers.length != LOAD_FILE_NUMBERS) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if ((call.argument(2) & 0xFF) != 0) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    // There may be memory at 0.
    if (call.argument(1) == 0 || call.argument(3) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (DevicePath.read(memory, call.argument(1)).length != END_SIZE) {
      return EfiStep.done(EfiStatus.NOT_FOUND);
    }
    return copied(memory, numbers[0], numbers[1], call.argument(3), call.argument(4));
  }

  private static EfiStep copied(EfiRam memory, long file, long size, long sizeAt, long buffer) {
    long room = memory.get64(sizeAt);
    if (buffer == 0 || Long.compareUnsigned(room, size) < 0) {
      memory.put64(sizeAt, size);
      return EfiStep.done(EfiStatus.BUFFER_TOO_SMALL);
    }
    if (!isMemory(memory, buffer, size)) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    memory.put64(sizeAt, size);
    for (long at = 0; at < size; at += PIECE) {
      memory.write(buffer + at, memory.read(file + at, (int) Math.min(PIECE, size - at)));
    }
    return EfiStep.done();
  }
}
