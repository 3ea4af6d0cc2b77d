// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.graph;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.CpuConfig;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.cpu.BareMachine;

/** One CPU, RAM and the data register of a UART where QEMU's {@code virt} has them, for guests that run random scenarios. */
abstract class ScenarioMachine extends BareMachine {
  /** Where the guest is loaded and starts. */
  static final long BASE = 0x4018_0000L;
  private static final long RAM = 0x4000_0000L;
  private static final long UART = 0x900_0000L;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Cpu cpu;
  private final String program;
  private final List<String> actions;
  private boolean stopped;

  /**
   * A machine for one run.
   *
   * @param program the guest, see {@link #image}
   * @param actions what it does at random, a few instructions each
   */
  ScenarioMachine(CpuConfig config, String program, List<String> actions) {
    super(new Ram(RAM, 1 << 24));
    cpu = add(config);
    this.program = program;
    this.actions = actions;
  }

  /**
   * Assembles the guest. In the program stand {@code @COUNT@} for the number of actions, {@code @ACTIONS@} for them, each
   * followed by SVC, {@code @TABLE@} for their addresses, {@code @VECTORS@} for sixteen vectors that go to {@code caught} with
   * their offset in X15, and {@code @SCENARIOS@} for the number of scenarios.
   */
  final byte[] image(int scenarios) {
    StringBuilder code = new StringBuilder();
    StringBuilder table = new StringBuilder();
    for (int i = 0; i < actions.size(); i++) {
      code.append("action").append(i).append(":\n ").append(actions.get(i)).append("\n svc #0\n");
      table.append(" .quad action").append(i).append("\n");
    }
    StringBuilder vectors = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      vectors.append(" mov x15, #").append(i * 128).append("\n b caught\n .balign 128\n");
    }
    String source = program.replace("@COUNT@", Integer.toString(actions.size())).replace("@ACTIONS@", code)
        .replace("@TABLE@", table).replace("@VECTORS@", vectors).replace("@SCENARIOS@", Integer.toString(scenarios));
    return Assembler.program(BASE, source).bytes();
  }

  /** Runs so many scenarios, until the guest has come to its end or has had time enough for them; returns what it printed. */
  final String run(int scenarios) {
    byte[] image = image(scenarios);
    ram(RAM).write((int) (BASE - RAM), image, 0, image.length);
    cpu.powerOn(BASE, 0);
    try (CpuEngine engine = new Interpreter(cpu)) {
      for (long limit = scenarios * 20_000L + 1_000_000; !stopped && limit > 0;) {
        long done = engine.run(100_000);
        if (done == 0) {
          break;
        }
        limit -= done;
      }
    }
    return out.toString(StandardCharsets.ISO_8859_1) + (stopped ? "" : "no end, PC 0x%x\n".formatted(cpu.pc));
  }

  /** Arguments: how many scenarios, and the file that gets the guest's image; what this engine makes of it is printed. */
  final void write(String[] arguments) throws IOException {
    int scenarios = Integer.parseInt(arguments[0]);
    Files.write(Path.of(arguments[1]), image(scenarios));
    System.out.print(run(scenarios));
  }

  /** HVC is how a guest at EL1 says that it has come to its end. */
  @Override
  public boolean firmwareCall(Cpu caller, boolean hvc) {
    if (hvc) {
      stop();
    }
    return hvc;
  }

  /** The guest has come to its end. */
  final void stop() {
    stopped = true;
    cpu.requestExit();
  }

  @Override
  public void write(long address, int size, long value) {
    if (address != UART) {
      throw ExternalAbort.INSTANCE;
    }
    out.write((int) value);
  }
}
