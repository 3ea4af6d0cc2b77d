// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.console.api.SerialPort;
import org.xenolith.fuzz.Attack;
import org.xenolith.machine.PlainMachines;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.platform.api.Platform;

/** Journals: what is read is written and read again, and replayed on a machine whose program waits for characters. */
public final class JournalAttack implements Attack {
  /** Stands for the digest of the machine's topology, which changes with the board. */
  private static final String TOPOLOGY = "{topology}";
  private static final String FILE = "input.journal";
  private static final String AGAIN = "again.journal";
  private static final int RAM = 1 << 16;
  private static final int INSTRUCTIONS = 2_000;
  /** What the program does: turns the UART's receiver on and reads what comes. */
  private static final String PROGRAM = """
            movz x0, #0x0900, lsl #16
            movz w1, #0x301
            str  w1, [x0, #0x30]
      again: ldr w2, [x0]
            add  w3, w3, w2
            wfe
            b    again
      """;
  private final Scratch scratch = new Scratch();
  private Platform platform;
  private String topology;
  private byte[] program;

  @Override
  public String word() {
    return "journal";
  }

  @Override
  public String says() {
    return "a journal of outside inputs, in which " + TOPOLOGY + " stands for the digest of the machine's topology; it is replayed";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.machine.**");
  }

  @Override
  public void fresh() {
    platform = null;
  }

  private void begin() {
    platform = FileWorld.platform(RAM);
    topology = PlainMachines.topology(platform);
    program = Assembler.program(FileWorld.RAM, PROGRAM).bytes();
  }

  @Override
  public List<String> execute(byte[] input) {
    if (platform == null) {
      begin();
    }
    byte[] content = new String(input, StandardCharsets.ISO_8859_1).replace(TOPOLOGY, topology).getBytes(StandardCharsets.ISO_8859_1);
    Path file = scratch.write(FILE, content);
    Reading reading = new Reading(content);
    boolean read = reading.done("the reader", FILE + "(, line [1-9]|: )", List.of(IOException.class), () -> {
      Path again = scratch.write(AGAIN, PlainMachines.journal(file, topology).getBytes(StandardCharsets.UTF_8));
      reading.expect(PlainMachines.same(file, again, topology), "written and read again it has other entries");
    });
    if (read) {
      replay(reading, file);
    }
    reading.wrong().addAll(scratch.left(FILE, AGAIN));
    return reading.wrong();
  }

  private void replay(Reading reading, Path file) {
    List<String> events = new ArrayList<>();
    try (Machine machine = FileWorld.machines().build(platform, (kind, place, text) -> {
      // A run that differs from its journal ends as a fault that names the journal's line.
      if (PlainMachines.fault(kind) && !text.contains("journal") || kind.equals("model-failed")) {
        events.add(kind + " " + place + ": " + text);
      }
    })) {
      machine.inputHandler("serial", (node, bytes) -> machine.port(node, SerialPort.class).offer(bytes));
      machine.load(FileWorld.RAM, program, 0, program.length);
      machine.start(new ArmEntry(FileWorld.RAM, 0));
      if (reading.done("the replay", FILE + ", line", List.of(IOException.class), () -> machine.replay(file))) {
        reading.done("the run", "", List.of(), () -> machine.run(new RunLimit(1_000_000, INSTRUCTIONS)));
      }
    }
    reading.wrong().addAll(events);
  }
}
