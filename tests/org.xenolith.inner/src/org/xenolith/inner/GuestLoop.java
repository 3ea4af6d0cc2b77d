// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inner;

import java.util.List;
import java.util.Map;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.fdt.Fdt;
import org.xenolith.fuzz.InstalledBoards;
import org.xenolith.fuzz.InstalledComponent;
import org.xenolith.machine.PlainAssembly;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.loader.PlatformLoaderComponent;

/**
 * A machine of the board {@code virt} with GICv2, put together from the product's jars without OSGi, whose guest does one thing
 * for ever: at EL1, with the MMU on and everything mapped to itself by blocks of 1 GiB.
 */
final class GuestLoop implements AutoCloseable {
  /** Instructions that {@link #run} executes. */
  static final int INSTRUCTIONS = 100_000;
  static final long UART_FLAGS = 0x0900_0018L;
  static final long GICD = 0x0800_0000L;
  static final long GICC = 0x0801_0000L;
  /** Free RAM for the guest's data; 64 MiB. The first words of its first eight pages are a ring of addresses. */
  static final long DATA = 0x4400_0000L;
  private static final long CODE = 0x4020_0000L;
  private static final long TABLE = 0x4010_0000L;
  private static final int RING = 8;
  private static final long PAGE = 4096;
  private static final int MEMORY = 128 << 20;
  private static final List<InstalledComponent> COMPONENTS = InstalledComponent.all();

  private final Machine machine;

  /** @param engine name of the CPU engine, @param body instructions; x20 is {@link #DATA}, x21 the UART */
  GuestLoop(String engine, String body) {
    BoardProvider board = InstalledBoards.board("virt", COMPONENTS);
    Fdt tree = board.tree(new BoardProvider.BoardRequest(1, MEMORY, Map.of("gic", "2")));
    machine = PlainAssembly.build(new PlatformLoaderComponent(null).platform("virt", tree, Map.of()), COMPONENTS, engine);
    // Blocks, accessed: devices below 1 GiB (attribute 1), RAM above it (attribute 0, inner shareable).
    load(TABLE, Assembler.program(TABLE, ".quad 0x405\n .quad 0x40000701").bytes());
    load(CODE, Assembler.program(CODE, """
              ldr  x0, =0x40100000
              msr  ttbr0_el1, x0
              ldr  x0, =0x400000019
              msr  tcr_el1, x0
              ldr  x0, =0x4ff
              msr  mair_el1, x0
              isb
              mrs  x0, sctlr_el1
              orr  x0, x0, #1
              msr  sctlr_el1, x0
              isb
              ldr  x20, =0x44000000
              ldr  x21, =0x09000018
              mov  x1, #1
              mov  x2, #2
        again:
        %s
              b    again
        called: add x1, x1, x2
              ret
        """.formatted(body)).bytes());
    for (int page = 0; page < RING; page++) {
      load(DATA + page * PAGE, Assembler.program(DATA, ".quad 0x%x".formatted(DATA + (page + 1) % RING * PAGE)).bytes());
    }
    machine.start(new ArmEntry(CODE, 0));
    run();
  }

  private void load(long address, byte[] bytes) {
    machine.load(address, bytes, 0, bytes.length);
  }

  /** Executes {@link #INSTRUCTIONS}. */
  void run() {
    StopReason reason = machine.run(new RunLimit(Long.MAX_VALUE, machine.instructions() + INSTRUCTIONS));
    if (reason != StopReason.LIMIT) {
      throw new IllegalStateException("the guest stopped: " + reason + " " + machine.events());
    }
  }

  Cpu cpu() {
    return PlainAssembly.cpu(machine, 0);
  }

  PhysicalBus bus() {
    return cpu().env.bus();
  }

  @Override
  public void close() {
    machine.close();
  }
}
