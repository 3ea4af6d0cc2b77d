// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.manager;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeRam;

/** The manager's start of a kernel that a launcher has put into memory, with boot services that load and start nothing. */
final class KernelStart {
  static final long KERNEL = FakeRam.BASE + (16 << 20);
  static final long INITRD = FakeRam.BASE + (20 << 20);
  static final int KERNEL_SIZE = 1000;
  private static final int LOADED_IMAGE_SIZE = 96;
  private static final int OPTIONS_SIZE = 48;
  private static final int OPTIONS = 56;

  /** Where a test looks at what there is while the kernel runs: it doesn't come back. */
  private static final class Runs extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  final ManagerLayer layer = new ManagerLayer();
  final FakeFirmware firmware;
  final EfiRam memory;
  /** Options of each kernel that was started. */
  final List<String> started = new ArrayList<>();
  /** Where from, and how many bytes. */
  final List<Long> loaded = new ArrayList<>();
  /** What the kernel does before it comes back. */
  Runnable running = () -> {};
  private boolean comesBack;

  KernelStart(FdtNode chosen) {
    firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of(chosen))));
    memory = firmware.memory();
    layer.begin(firmware);
    long image = firmware.room(LOADED_IMAGE_SIZE);
    firmware.service(BootService.LOAD_IMAGE, call -> {
      loaded.add(call.argument(3));
      loaded.add(call.argument(4));
      memory.put64(call.argument(5), firmware.handles().install(0, Protocol.LOADED_IMAGE, image));
      return EfiStep.done();
    });
    firmware.service(BootService.SET_WATCHDOG_TIMER, call -> EfiStep.done());
    firmware.service(BootService.START_IMAGE, call -> {
      int bytes = (int) memory.get32(image + OPTIONS_SIZE);
      started.add(new String(memory.read(memory.get64(image + OPTIONS), bytes), StandardCharsets.UTF_16LE));
      running.run();
      if (comesBack) {
        return EfiStep.done(EfiStatus.ABORTED);
      }
      throw new Runs();
    });
  }

  /** The node with a kernel and these. */
  static FdtNode chosen(FdtNode... more) {
    FdtNode chosen = new FdtNode("chosen", List.of(FdtProperty.ofCells("#address-cells", 2), FdtProperty.ofCells("#size-cells", 2)), List
        .of(
            module("kernel", FdtProperty.ofU64("reg", KERNEL, KERNEL_SIZE)).withProperty(FdtProperty.ofStrings("bootargs", "quiet"))));
    for (FdtNode each : more) {
      chosen = chosen.withChild(each);
    }
    return chosen;
  }

  static FdtNode module(String kind, FdtProperty reg) {
    return new FdtNode("module-" + kind, List.of(), List.of()).withProperty(FdtProperty.ofStrings("compatible", "multiboot," + kind,
        "multiboot,module")).withProperty(reg);
  }

  static FdtNode initrd(long base, long size) {
    return module("ramdisk", FdtProperty.ofU64("reg", base, size));
  }

  /** Starts the kernel, which runs from now on. */
  KernelStart running() {
    assertThrows(Runs.class, () -> firmware.call(firmware.function(layer, "StartKernel")));
    return this;
  }

  /** Starts the kernel, which comes back; what is answered. */
  EfiStatus back() {
    comesBack = true;
    return EfiStatus.of(firmware.call(firmware.function(layer, "StartKernel")));
  }

  /** Address of EFI_LOAD_FILE2_PROTOCOL. */
  long loadFile() {
    return firmware.handles().find(firmware.handles().handles(Protocol.LOAD_FILE2).getFirst(), Protocol.LOAD_FILE2);
  }
}
