// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64.scenarios;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.BareMachine;

/** One CPU, RAM and the data register of a UART where QEMU's {@code virt} has them, for a guest that runs random scenarios. */
final class ScenarioMachine extends BareMachine {
  private static final long RAM = 0x4000_0000L;
  private static final long UART = 0x900_0000L;
  private static final long SLICE = 100_000;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Scenarios scenarios;
  private final Cpu cpu;
  private boolean stopped;

  /** A machine for one run of an image. */
  ScenarioMachine(Scenarios scenarios, CpuConfig config, byte[] image) {
    super(new Ram(RAM, 1 << 24));
    this.scenarios = scenarios;
    cpu = add(config);
    ram(RAM).write((int) (Scenarios.BASE - RAM), image, 0, image.length);
    cpu.powerOn(Scenarios.BASE, 0);
  }

  /** Executes the guest to its end, so many instructions at the most; returns what it printed. */
  String run(CpuEngineFactory factory, long most) {
    try (CpuEngine engine = factory.create(cpu)) {
      for (long left = most; !stopped && left > 0;) {
        long done = engine.run(SLICE);
        if (done == 0) {
          break;
        }
        left -= done;
      }
    }
    return out.toString(StandardCharsets.ISO_8859_1) + (stopped ? "" : "no end, PC 0x%x\n".formatted(cpu.pc));
  }

  @Override
  public boolean firmwareCall(Cpu caller, boolean hvc) {
    if (scenarios.ends(caller, hvc)) {
      stopped = true;
      caller.requestExit();
    }
    return scenarios.answers(hvc);
  }

  @Override
  public void write(long address, int size, long value) {
    if (address != UART) {
      throw ExternalAbort.INSTANCE;
    }
    out.write((int) value);
  }
}
