// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;

/**
 * EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL (UEFI 2.10, 14.2) on PCI hosts of the device tree: all but how configuration space is reached, which is what
 * hosts differ in. Nothing translates for devices.
 */
public abstract class RootBridgeLayer extends TreeDriverLayer {
  /** Number of the protocol: where configuration space, or a window to it, is. */
  protected static final int CONFIGURATION = 0;
  private static final int FIRST_BUS = 1;
  private static final int LAST_BUS = 2;
  private static final int GIVEN = 3;
  private static final int WINDOWS = 4;
  /** How many numbers there are; a layer's own ones follow. */
  protected static final int NUMBERS = WINDOWS + RootWindows.NUMBERS;
  private static final int SIZE = 152;
  private static final int SEGMENT_AT = 144;
  private static final int PCI_ROOT = 0x0A03_41D0;
  private static final int SPACE = 4096;
  private static final long UNSIGNED = 0xFFFF_FFFFL;
  /** Kinds of mapping: reads, writes and both by devices, of 32 bits and of 64. */
  private static final int OPERATIONS = 6;
  /** What Map gives for all that it maps. */
  private static final long MAPPING = 0;
  private static final int BOOT_SERVICES_DATA = 4;
  private static final int RUNTIME_SERVICES_DATA = 6;
  /** Attributes of buffers: that writes are combined, that they are cached, that devices reach them above 4 GiB. */
  private static final long BUFFER_ATTRIBUTES = 0x8880;
  private static final String[] FUNCTIONS = {"PollMem", "PollIo", "ReadMem", "WriteMem", "ReadIo", "WriteIo", "ReadPci", "WritePci",
      "CopyMem",
      "Map", "Unmap", "AllocateBuffer", "FreeBuffer", "Flush", "GetAttributes", "SetAttributes", "Configuration"};

  /**
   * Registers of a function that are accessed.
   *
   * @param firstBus the host's
   * @param bus      0 to 255
   * @param device   0 to 31
   * @param function 0 to 7
   * @param register the first, 0 to 4095
   * @param bytes    of registers, so that all of them are below 4096
   */
  public record Target(long firstBus, long bus, long device, long function, long register, long bytes) {
    /** Bus, device and function as in a requester ID. */
    public long id() {
      return bus << 8 | device << 3 | function;
    }

    /** The same with the host's buses numbered from 0. */
    public long offset() {
      return id() - (firstBus << 8);
    }

    /** Whether the function is on the host's first bus. */
    public boolean root() {
      return bus == firstBus;
    }
  }

  /** A driver of hosts that are compatible with one of these. @param mark see {@link TreeDriverLayer} */
  protected RootBridgeLayer(EfiGuid mark, String... compatible) {
    super(mark, Protocol.PCI_ROOT_BRIDGE_IO, compatible);
  }

  /**
   * Accesses configuration space. Arguments of the call: this, width, address, count, buffer. Numbers of the call are the layer's.
   *
   * @param numbers of the protocol
   */
  protected abstract EfiStep configuration(Call call, boolean write, long[] numbers, Target target);

  /** PciRoot(SEGMENT), as edk2 names it. */
  @Override
  protected DevicePath path(Fdt tree, TreeDevice device) {
    return new DevicePath().node(DevicePath.ACPI, 1, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(PCI_ROOT).putInt(segment(
        tree, device)).array());
  }

  /** As the tree numbers it; else its place among the layer's hosts, as Linux does it. */
  private int segment(Fdt tree, TreeDevice host) {
    return TreeDevice.cell(host.node(), "linux,pci-domain", devices(tree).indexOf(host));
  }

  /**
   * Publishes the protocol.
   *
   * @param configuration where configuration space, or a window to it, is
   * @param buses         that it has room for
   * @param own           how many numbers the layer has besides
   * @return the protocol's address
   */
  protected final long publish(Firmware firmware, long controller, TreeDevice host, long configuration, long buses, int own) {
    long root = firmware.interfaceMemory(this, SIZE + RootWindows.RESOURCES, NUMBERS + own);
    long[] numbers = firmware.numbers(this, root);
    numbers[CONFIGURATION] = configuration;
    int[] range = TreeDevice.cells(host.node(), "bus-range");
    numbers[FIRST_BUS] = range.length == 2 ? range[0] & 0xFF : 0;
    numbers[LAST_BUS] = Math.min(numbers[FIRST_BUS] + buses - 1, range.length == 2 ? range[1] & 0xFF : 0xFF);
    RootWindows windows = new RootWindows(numbers, WINDOWS);
    windows.read(TreeDevice.cells(host.node(), "ranges"));
    EfiRam memory = firmware.memory();
    memory.put64(root, controller);
    pointers(firmware, root + 8, FUNCTIONS);
    memory.put32(root + SEGMENT_AT, segment(firmware.tree(), host));
    memory.write(root + SIZE, windows.resources(numbers[FIRST_BUS], numbers[LAST_BUS]));
    firmware.handles().install(controller, Protocol.PCI_ROOT_BRIDGE_IO, root);
    return root;
  }

  @Override
  protected final @Nullable EfiFunction other(String name) {
    return switch (name) {
      case "ReadMem" -> call -> memory(call, false);
      case "WriteMem" -> call -> memory(call, true);
      case "ReadIo" -> call -> io(call, false);
      case "WriteIo" -> call -> io(call, true);
      case "ReadPci" -> call -> configuration(call, false);
      case "WritePci" -> call -> configuration(call, true);
      case "Map" -> this::map;
      case "Unmap" -> call -> {
        numbers(call);
        return EfiStep.done(call.argument(1) == MAPPING ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER);
      };
      case "Flush" -> call -> {
        numbers(call);
        return EfiStep.done();
      };
      case "AllocateBuffer" -> this::allocate;
      case "FreeBuffer" -> this::free;
      case "GetAttributes" -> this::attributes;
      case "Configuration" -> call -> {
        numbers(call);
        call.firmware().memory().put64(call.argument(1), call.argument(0) + SIZE);
        return EfiStep.done();
      };
      case "PollMem" -> call -> poll(call, windows(call).memory(call.argument(2), PciAccess.bytes(call.argument(1), 1)));
      case "PollIo" -> call -> poll(call, windows(call).io(call.argument(2), PciAccess.bytes(call.argument(1), 1)));
      case "CopyMem" -> this::copy;
      case "SetAttributes" -> call -> {
        numbers(call);
        return EfiStep.done(call.argument(1) == 0 ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED);
      };
      default -> null;
    };
  }

  /** At least as many as every root bridge has: its layer may have more. */
  private long[] numbers(Call call) {
    long[] numbers = call.firmware().numbers(this, call.argument(0));
    if (numbers.length < NUMBERS || numbers.length == StopNotes.NUMBERS) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "0x" + Long.toHexString(call.argument(0)) + ": no root bridge of " + name());
    }
    return numbers;
  }

  private RootWindows windows(Call call) {
    return new RootWindows(numbers(call), WINDOWS);
  }

  /** Arguments: this, width, address, count, buffer. */
  private EfiStep memory(Call call, boolean write) {
    return access(call, write, windows(call).memory(call.argument(2), PciAccess.bytes(call.argument(1), call.argument(3))));
  }

  private EfiStep io(Call call, boolean write) {
    return access(call, write, windows(call).io(call.argument(2), PciAccess.bytes(call.argument(1), call.argument(3))));
  }

  private static EfiStep access(Call call, boolean write, long at) {
    long width = call.argument(1);
    long count = call.argument(3);
    long buffer = call.argument(4);
    if (at == -1 || buffer == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (!PciAccess.isAligned(width, at)) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    if (call.isFirst()) {
      PciAccess.checkBuffer(call.firmware(), width, count, buffer);
    }
    return PciAccess.touch(call, write, width, at, count, buffer);
  }

  /** The address has bus, device, function and register in a byte each, or the register in its upper half (14.2, table 14.2). */
  private EfiStep configuration(Call call, boolean write) {
    long[] numbers = numbers(call);
    long address = call.argument(2);
    long register = address >>> 32 != 0 ? address >>> 32 : address & 0xFF;
    long bus = address >>> 24 & 0xFF;
    long device = address >>> 16 & 0xFF;
    long function = address >>> 8 & 0xFF;
    long bytes = PciAccess.bytes(call.argument(1), call.argument(3));
    if (call.argument(4) == 0 || bus < numbers[FIRST_BUS] || bus > numbers[LAST_BUS] || device > 31 || function > 7 || bytes < 0 || register
        > SPACE || bytes > SPACE
            - register) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (!PciAccess.isAligned(call.argument(1), register)) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    if (call.isFirst()) {
      PciAccess.checkBuffer(call.firmware(), call.argument(1), call.argument(3), call.argument(4));
    }
    return configuration(call, write, numbers, new Target(numbers[FIRST_BUS], bus, device, function, register, bytes));
  }

  /** Arguments: this, width, address, mask, value, delay, where the result goes. @param at where the CPU sees it; -1: nowhere */
  private static EfiStep poll(Call call, long at) {
    if (at == -1) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (!PciAccess.isAligned(call.argument(1), at)) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    return PciPoll.next(call, at, call.argument(1), call.argument(3), call.argument(4), call.argument(5), call.argument(6));
  }

  /** Arguments: this, width, destination, source, count. */
  private EfiStep copy(Call call) {
    RootWindows windows = windows(call);
    long bytes = PciAccess.bytes(call.argument(1), call.argument(4));
    long to = windows.memory(call.argument(2), bytes);
    long from = windows.memory(call.argument(3), bytes);
    if (to == -1 || from == -1 || !PciPoll.mayBe(call.argument(1))) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (!PciAccess.isAligned(call.argument(1), to | from)) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    return PciCopy.next(call, call.argument(1), to, from, call.argument(4));
  }

  /** Nothing translates: a device sees memory where the CPU does. Arguments: this, operation, address, bytes, device's address, mapping. */
  private EfiStep map(Call call) {
    numbers(call);
    if ((call.argument(1) & UNSIGNED) >= OPERATIONS || call.argument(2) == 0 || call.argument(3) == 0 || call.argument(4) == 0 || call
        .argument(5) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    EfiRam memory = call.firmware().memory();
    long bytes = memory.get64(call.argument(3));
    call.firmware().requireMemory(call.argument(2), bytes); // a device would be told to go to where there is none
    memory.put64(call.argument(4), call.argument(2));
    memory.put64(call.argument(5), MAPPING);
    return EfiStep.done();
  }

  /** Arguments: this, type, kind of memory, pages, address, attributes. */
  private EfiStep allocate(Call call) {
    numbers(call);
    long kind = call.argument(2) & UNSIGNED;
    if (kind != BOOT_SERVICES_DATA && kind != RUNTIME_SERVICES_DATA || call.argument(4) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if ((call.argument(5) & ~BUFFER_ATTRIBUTES) != 0) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    call.firmware().memory().get64(call.argument(4)); // or nobody would ever give the pages back
    call.firmware().memory().put64(call.argument(4), given(call).give(call.argument(3)));
    return EfiStep.done();
  }

  /** Arguments: this, pages, address. */
  private EfiStep free(Call call) {
    GivenPages given = given(call);
    try {
      given.free(call.argument(2), call.argument(1));
    } catch (EfiError e) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER); // AllocateBuffer didn't give them (14.2, FreeBuffer)
    }
    return EfiStep.done();
  }

  private GivenPages given(Call call) {
    return new GivenPages(call.firmware(), this, numbers(call), GIVEN);
  }

  /** Buffers that somebody has still stay allocated: a device may write there. */
  @Override
  protected void release(Firmware firmware, long place) {
    new GivenPages(firmware, this, firmware.numbers(this, place), GIVEN).forget();
    super.release(firmware, place);
  }

  private EfiStep attributes(Call call) {
    numbers(call);
    if (call.argument(1) == 0 && call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    for (int i = 1; i <= 2; i++) {
      if (call.argument(i) != 0) {
        call.firmware().memory().put64(call.argument(i), 0);
      }
    }
    return EfiStep.done();
  }
}
