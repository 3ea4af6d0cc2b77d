// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.cpu.api.CpuEngineFactory;

/** Random scenarios of one kind: a guest that makes them and prints what each came to, and what QEMU's CPU made of it. */
public abstract sealed class Scenarios permits SystemScenarios, HypervisorScenarios, DebugScenarios {
  /** Where the guest is loaded and starts; its physical address. */
  public static final long BASE = 0x4018_0000L;
  /** Lines of which one sum is kept. */
  private static final int PART = 500;
  private static final long RECORDED_SEED = 1;
  /** Odd, so that another seed is another start; 2^64 by the golden ratio, so that near ones are far from each other. */
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

  private final CpuConfig config;
  private final String program;
  private final List<String> actions;
  private final int[] recorded;

  /**
   * Scenarios of a kind.
   *
   * @param program  the guest, see {@link #image}
   * @param actions  what it does at random, a few instructions each
   * @param recorded CRC-32 of each 500 lines, from qemu-system-aarch64 7.2.22, Cortex-A57
   */
  Scenarios(CpuConfig config, String program, List<String> actions, int... recorded) {
    this.config = config;
    this.program = program;
    this.actions = List.copyOf(actions);
    this.recorded = recorded;
  }

  /** One of each kind. */
  public static Stream<Scenarios> all() {
    return Stream.of(new SystemScenarios(), new HypervisorScenarios(), new DebugScenarios());
  }

  /** The kind of QEMU's machine that runs the same image: what {@code -M} is given. */
  public String machine() {
    return "virt";
  }

  /** Whether a call of firmware by HVC is there, and one by SMC; a call that isn't is an undefined instruction. */
  boolean answers(boolean hvc) {
    return hvc;
  }

  /** Whether a call of firmware says that the guest has come to its end. */
  boolean ends(Cpu caller, boolean hvc) {
    return hvc;
  }

  /**
   * Assembles the guest, which is loaded and started at {@link #BASE}. In the program stand {@code @COUNT@} for the
   * number of actions, {@code @ACTIONS@} for them, each followed by SVC, {@code @TABLE@} for their addresses, {@code @VECTORS@} for
   * sixteen vectors that go to {@code caught} with their offset in X15, {@code @SEED@} for where the generator of random numbers starts, and
   * {@code @SCENARIOS@} for the number of scenarios.
   *
   * @param seed      not 0: scenarios of other seeds are others
   * @param scenarios how many it runs
   */
  public final byte[] image(long seed, int scenarios) {
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
        .replace("@TABLE@", table).replace("@VECTORS@", vectors).replace("@SCENARIOS@", Integer.toString(scenarios))
        .replace("@SEED@", "0x" + Long.toHexString(seed * SPREAD));
    return Assembler.program(BASE, source).bytes();
  }

  /**
   * Runs so many scenarios, until the guest has come to its end or has had time enough for them.
   *
   * @return what it printed, a line each; without an end, the last line says so
   */
  public final List<String> run(CpuEngineFactory engine, long seed, int scenarios) {
    return new ScenarioMachine(this, config, image(seed, scenarios)).run(engine, scenarios * 20_000L + 1_000_000).lines().toList();
  }

  /**
   * An engine comes to what QEMU came to in all scenarios that were recorded.
   *
   * @throws AssertionError with the number of the first scenarios that end otherwise
   */
  public final void compareWithRecorded(CpuEngineFactory engine) {
    List<String> lines = run(engine, RECORDED_SEED, recorded.length * PART);
    assertEquals(recorded.length * PART + 1, lines.size(), () -> this + ", last line: " + lines.getLast());
    for (int part = 0; part < recorded.length; part++) {
      CRC32 sum = new CRC32();
      for (String line : lines.subList(part * PART, (part + 1) * PART)) {
        sum.update((line + '\n').getBytes(StandardCharsets.ISO_8859_1));
      }
      assertEquals(recorded[part], (int) sum.getValue(),
          "%s %d to %d: compare with QEMU line by line, as conformance.cpu's ScenariosMain does"
              .formatted(this, part * PART, (part + 1) * PART - 1));
    }
    assertEquals(".", lines.getLast());
  }

  /** The kind's name. */
  @Override
  public String toString() {
    return getClass().getSimpleName();
  }
}
