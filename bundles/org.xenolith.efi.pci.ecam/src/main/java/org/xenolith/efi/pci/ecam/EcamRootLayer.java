// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci.ecam;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.efi.boot.kit.TreeDevice;
import org.xenolith.efi.boot.kit.TreeDriverLayer;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/** EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL (UEFI 2.10, 14.2) on the device tree's hosts that are compatible with {@code pci-host-ecam-generic}. */
final class EcamRootLayer extends TreeDriverLayer {
  /** Tells that a handle is such a host: its interface is the configuration space's address. */
  static final EfiGuid HOST = EfiGuid.of("6c5d3f0a-2f7f-4b0e-8d55-19a1b6c84e27");
  private static final int SIZE = 152;
  /** Descriptors of three windows and of buses, each of 46 bytes, and the end. */
  private static final int RESOURCES = 4 * 46 + 2;
  private static final int SEGMENT_AT = 144;
  private static final String[] FUNCTIONS = {"PollMem", "PollIo", "ReadMem", "WriteMem", "ReadIo", "WriteIo", "ReadPci", "WritePci",
      "CopyMem",
      "Map", "Unmap", "AllocateBuffer", "FreeBuffer", "Flush", "GetAttributes", "SetAttributes", "Configuration"};
  // Numbers of the protocol.
  private static final int ECAM = 0;
  private static final int FIRST_BUS = 1;
  private static final int LAST_BUS = 2;
  /** Of memory below 4 GiB, memory above, and I/O: address on the bus, size, address for the CPU. */
  private static final int WINDOWS = 3;
  private static final int MEMORY_32 = 0;
  private static final int MEMORY_64 = 1;
  private static final int IO = 2;
  private static final int NUMBERS = WINDOWS + 3 * 3;

  EcamRootLayer() {
    super(HOST, "pci-host-ecam-generic", Protocol.PCI_ROOT_BRIDGE_IO);
  }

  @Override
  public String name() {
    return "efi.pci.ecam";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  protected String title() {
    return "PCI Host Bridge Driver (ECAM)";
  }

  /** PciRoot(SEGMENT), as edk2 names it. */
  @Override
  protected DevicePath path(TreeDevice device) {
    return new DevicePath().node(DevicePath.ACPI, 1, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(0x0A03_41D0).putInt(
        segment(
            device.node())).array());
  }

  private static int segment(FdtNode node) {
    return node.property("linux,pci-domain").filter(property -> property.cellCount() == 1).map(property -> property.cell(0)).orElse(0);
  }

  @Override
  protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    long base = open(call, driver, controller, HOST);
    TreeDevice host = TreeDevice.of(firmware.tree(), "pci-host-ecam-generic").stream().filter(each -> each.base() == base).findFirst()
        .orElseThrow();
    long root = firmware.interfaceMemory(this, SIZE + RESOURCES, NUMBERS);
    long[] numbers = firmware.numbers(this, root);
    numbers[ECAM] = base;
    FdtProperty buses = host.node().property("bus-range").filter(property -> property.cellCount() == 2).orElse(null);
    numbers[FIRST_BUS] = buses == null ? 0 : buses.cell(0);
    numbers[LAST_BUS] = Math.min(numbers[FIRST_BUS] + (host.size() >>> 20) - 1, buses == null ? 255 : buses.cell(1));
    host.node().property("ranges").ifPresent(ranges -> windows(ranges, numbers));
    EfiRam memory = firmware.memory();
    memory.put64(root, controller);
    pointers(firmware, root + 8, FUNCTIONS);
    memory.put32(root + SEGMENT_AT, segment(host.node()));
    memory.write(root + SIZE, resources(numbers));
    firmware.handles().install(controller, Protocol.PCI_ROOT_BRIDGE_IO, root);
    return EfiStep.done();
  }

  /** Windows of {@code ranges}: three cells of PCI address, two of the CPU's, two of size (IEEE 1275, PCI bus binding, 2.2.1.1). */
  private static void windows(FdtProperty ranges, long[] numbers) {
    for (int at = 0; at + 7 <= ranges.cellCount(); at += 7) {
      int space = ranges.cell(at) >>> 24 & 3;
      long bus = ranges.number(at + 1, 2);
      long size = ranges.number(at + 5, 2);
      int window = space == 1 ? IO : bus + size <= 1L << 32 ? MEMORY_32 : MEMORY_64;
      int number = WINDOWS + 3 * window;
      if (space != 0 && numbers[number + 1] == 0) {
        numbers[number] = bus;
        numbers[number + 1] = size;
        numbers[number + 2] = ranges.number(at + 3, 2);
      }
    }
  }

  /** What there is, as ACPI's QWORD address space descriptors (ACPI 6.5, 6.4.3.5.1): kind 0 memory, 1 I/O, 2 buses. */
  private static byte[] resources(long[] numbers) {
    ByteBuffer out = ByteBuffer.allocate(RESOURCES).order(ByteOrder.LITTLE_ENDIAN);
    descriptor(out, 2, 0, numbers[FIRST_BUS], numbers[LAST_BUS] - numbers[FIRST_BUS] + 1, 0);
    for (int window = 0; window < 3; window++) {
      int at = WINDOWS + 3 * window;
      if (numbers[at + 1] != 0) {
        descriptor(out, window == IO ? 1 : 0, window == MEMORY_64 ? 64 : 32, numbers[at], numbers[at + 1], numbers[at + 2] - numbers[at]);
      }
    }
    out.put((byte) 0x79).put((byte) 0);
    return out.array();
  }

  private static void descriptor(ByteBuffer out, int kind, int bits, long first, long size, long offset) {
    out.put((byte) 0x8A).putShort((short) 0x2B).put((byte) kind).put((byte) 0).put((byte) 0).putLong(bits).putLong(first).putLong(first
        + size
        - 1).putLong(offset).putLong(size);
  }

  @Override
  protected EfiFunction other(String name) {
    return switch (name) {
      case "ReadMem" -> call -> memory(call, false);
      case "WriteMem" -> call -> memory(call, true);
      case "ReadIo" -> call -> io(call, false);
      case "WriteIo" -> call -> io(call, true);
      case "ReadPci" -> call -> configuration(call, false);
      case "WritePci" -> call -> configuration(call, true);
      case "Map" -> this::map;
      case "Unmap", "Flush" -> call -> {
        numbers(call);
        return EfiStep.done();
      };
      case "AllocateBuffer" -> this::allocate;
      case "FreeBuffer" -> call -> {
        numbers(call);
        call.firmware().freePages(call.argument(2), call.argument(1));
        return EfiStep.done();
      };
      case "GetAttributes" -> this::attributes;
      case "Configuration" -> call -> {
        numbers(call);
        call.firmware().memory().put64(call.argument(1), call.argument(0) + SIZE);
        return EfiStep.done();
      };
      case "PollMem", "PollIo", "CopyMem", "SetAttributes" -> call -> EfiStep.done(EfiStatus.UNSUPPORTED);
      default -> null;
    };
  }

  private long[] numbers(Call call) {
    return call.firmware().numbers(this, call.argument(0));
  }

  /** Where the CPU sees bytes of a window; -1 if they aren't in one. */
  private static long seen(long[] numbers, int window, long address, long bytes) {
    int at = WINDOWS + 3 * window;
    long offset = address - numbers[at];
    return address >= numbers[at] && bytes >= 0 && offset + bytes <= numbers[at + 1] && offset >= 0 ? numbers[at + 2] + offset : -1;
  }

  /** Arguments: this, width, address, count, buffer. */
  private EfiStep memory(Call call, boolean write) {
    long[] numbers = numbers(call);
    long bytes = call.argument(3) * PciAccess.size(call.argument(1));
    long at = seen(numbers, MEMORY_32, call.argument(2), bytes);
    at = at == -1 ? seen(numbers, MEMORY_64, call.argument(2), bytes) : at;
    return at == -1 ? EfiStep.done(EfiStatus.INVALID_PARAMETER) : PciAccess.touch(call, write, call.argument(1), at, call.argument(3), call
        .argument(4));
  }

  private EfiStep io(Call call, boolean write) {
    long at = seen(numbers(call), IO, call.argument(2), call.argument(3) * PciAccess.size(call.argument(1)));
    return at == -1 ? EfiStep.done(EfiStatus.INVALID_PARAMETER) : PciAccess.touch(call, write, call.argument(1), at, call.argument(3), call
        .argument(4));
  }

  /** The address has bus, device, function and register in a byte each, or the register in its upper half (14.2, table 14.2). */
  private EfiStep configuration(Call call, boolean write) {
    long[] numbers = numbers(call);
    long address = call.argument(2);
    long register = address >>> 32 != 0 ? address >>> 32 : address & 0xFF;
    long bus = address >>> 24 & 0xFF;
    long device = address >>> 16 & 0xFF;
    long function = address >>> 8 & 0xFF;
    long bytes = call.argument(3) * PciAccess.size(call.argument(1));
    if (bus < numbers[FIRST_BUS] || bus > numbers[LAST_BUS] || device > 31 || function > 7 || bytes < 0 || register + bytes > 4096) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    long at = numbers[ECAM] + (bus - numbers[FIRST_BUS] << 20) + (device << 15) + (function << 12) + register;
    return PciAccess.touch(call, write, call.argument(1), at, call.argument(3), call.argument(4));
  }

  /** Nothing translates: a device sees memory where the CPU does. Arguments: this, operation, address, bytes, device's address, mapping. */
  private EfiStep map(Call call) {
    numbers(call);
    call.firmware().memory().put64(call.argument(4), call.argument(2));
    call.firmware().memory().put64(call.argument(5), 0);
    return EfiStep.done();
  }

  /** Arguments: this, type, kind of memory, pages, address, attributes. */
  private EfiStep allocate(Call call) {
    numbers(call);
    call.firmware().memory().put64(call.argument(4), call.firmware().pages(call.argument(3)));
    return EfiStep.done();
  }

  private EfiStep attributes(Call call) {
    numbers(call);
    for (int i = 1; i <= 2; i++) {
      if (call.argument(i) != 0) {
        call.firmware().memory().put64(call.argument(i), 0);
      }
    }
    return EfiStep.done();
  }
}
