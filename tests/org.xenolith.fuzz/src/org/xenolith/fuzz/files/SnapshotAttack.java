// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.command.api.BadInput;
import org.xenolith.console.api.SerialPort;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.launch.SavedBoots;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.PlainMachines;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;

/**
 * Changes of a snapshot's files. The first byte says whether they get right digests again (bit 0 clear), as whoever made them on
 * purpose would do; else every change must be found before anything of the machine is changed. One that loads is run, saved and loaded
 * again.
 */
public final class SnapshotAttack implements Attack {
  private static final String BASE = "base";
  private static final String AGAIN = "again";
  private static final String[] FILES = {"manifest.txt", "state.txt", "ram.img", "boot.txt", "board.dtb"};
  private static final int RAM = 1 << 16;
  private static final int INSTRUCTIONS = 1_000;
  /** A program with some state everywhere: characters in the UART, an alarm of the timer, a written page. */
  private static final String PROGRAM = """
            movz x0, #0x0900, lsl #16
            movz w1, #0x301
            str  w1, [x0, #0x30]
            movz x4, #0x1000
            msr  cntv_tval_el0, x4
            movz x4, #1
            msr  cntv_ctl_el0, x4
            movz x5, #0x4000, lsl #16
      again: add w3, w3, #1
            str  w3, [x5, #0x800]
            ldr  w2, [x0]
            b    again
      """;
  private final Scratch scratch = new Scratch();
  private final List<String> faults = new ArrayList<>();
  private Platform platform;
  private SnapshotFiles base;
  private Machine machine;

  @Override
  public String word() {
    return "snapshot";
  }

  @Override
  public String says() {
    return "changes of a snapshot's files, most with right digests; one that loads is run, saved and loaded again";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.machine.**", "org.xenolith.regs.**", "org.xenolith.launch.**");
  }

  @Override
  public void fresh() {
    close();
    base = null;
  }

  private void close() {
    if (machine != null) {
      machine.close();
    }
    machine = null;
  }

  private Machine build() {
    Machine built = FileWorld.machines().build(platform, (kind, place, text) -> {
      if (PlainMachines.fault(kind)) {
        faults.add(kind + " " + place + ": " + text);
      }
    });
    built.inputHandler("serial", (node, bytes) -> built.port(node, SerialPort.class).offer(bytes));
    return built;
  }

  private void begin() {
    platform = FileWorld.platform(RAM);
    scratch.clear(BASE);
    Path folder = scratch.folder().resolve(BASE);
    byte[] program = Assembler.program(FileWorld.RAM, PROGRAM).bytes();
    try (Machine saved = build()) {
      saved.load(FileWorld.RAM, program, 0, program.length);
      saved.start(new ArmEntry(FileWorld.RAM, 0));
      saved.input("serial", FileWorld.UART, new byte[] {'a', 'b'});
      saved.run(new RunLimit(Long.MAX_VALUE, INSTRUCTIONS));
      saved.save(folder);
      LaunchRequest request = RequestBuilder.of("virt").disks(List.of("a.img,readonly")).hypervisor(true).domUs(List.of(Path.of("a.cfg")))
          .functions(Map.of("/virtio_mmio@a000000", "virtio:2")).option("sched", "credit").build();
      SavedBoots.write(folder, "tiny", request, platform);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    base = SnapshotFiles.of(folder);
    scratch.clear(BASE);
    if (!faults.isEmpty()) {
      throw new IllegalStateException("the machine to save doesn't run: " + faults);
    }
  }

  @Override
  public List<String> execute(byte[] input) {
    faults.clear();
    if (base == null) {
      begin();
    }
    if (machine == null) {
      machine = build();
    }
    InputBytes in = new InputBytes(input);
    boolean signed = (in.next() & 1) == 0;
    SnapshotFiles files = base.edited(in);
    files.write(scratch, signed);
    Reading reading = new Reading(input);
    Path folder = scratch.folder();
    String place = java.util.regex.Pattern.quote(folder.toString());
    String before = machine.digest();
    if (reading.done("the snapshot", place, List.of(IOException.class), () -> machine.restore(folder))) {
      reading.expect(signed || files.same(base), "a snapshot whose files aren't what was written loads");
      use(reading);
    } else if (!before.equals(machine.digest())) {
      reading.expect(signed, "a damaged snapshot is refused, but it has changed the machine");
      close();
    }
    if (!files.sameBoot(base)) {
      reading.done("the boot", place, List.of(BadInput.class, PlatformException.class), () -> SavedBoots.platform(folder));
    }
    reading.wrong().addAll(faults);
    reading.wrong().addAll(scratch.left(FILES));
    return reading.wrong();
  }

  private void use(Reading reading) {
    long[] loaded = {machine.now(), machine.instructions()};
    reading.done("the machine that was loaded", "", List.of(),
        () -> machine.run(new RunLimit(loaded[0] + 100_000, loaded[1] + INSTRUCTIONS)));
    reading.expect(machine.instructions() <= loaded[1] + INSTRUCTIONS, "it ran for " + (machine.instructions() - loaded[1])
        + " instructions");
    if (!faults.isEmpty()) {
      // It still has the file mapped that the next input writes.
      close();
      return;
    }
    Path again = scratch.folder().resolve(AGAIN);
    reading.done("saving and loading it again", "", List.of(), () -> {
      machine.save(again);
      String digest = machine.digest();
      machine.restore(again);
      reading.expect(digest.equals(machine.digest()), "saved and loaded again it is another machine");
    });
    scratch.clear(AGAIN);
  }
}
