// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.util.List;
import java.util.Map;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.PlainMachines;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.loader.PlatformLoaderComponent;

/** Devicetree blobs: what is read is written again, becomes a platform, and that a machine. */
public final class DtbAttack implements Attack {
  private static final int MAGIC = 0xD0;
  private static final int INSTRUCTIONS = 200;
  private final PlatformLoaderComponent loader = new PlatformLoaderComponent(null);
  private byte[] board;

  @Override
  public String word() {
    return "dtb";
  }

  @Override
  public String says() {
    return "a devicetree blob, or changes of our own board's: read, written, made a platform and a machine that runs";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.fdt.**", "org.xenolith.platform.**", "org.xenolith.machine.**");
  }

  @Override
  public void fresh() {
    board = null;
  }

  @Override
  public List<String> execute(byte[] input) {
    byte[] blob = input.length > 0 && (input[0] & 0xFF) == MAGIC ? input : changed(input);
    Reading reading = new Reading(blob);
    Fdt[] tree = new Fdt[1];
    if (!reading.done("the reader", "offset 0x[0-9a-f]+: .*; ", List.of(FdtException.class), () -> tree[0] = FdtReader.read(blob))) {
      return reading.wrong();
    }
    reading.done("the writer", "", List.of(), () -> {
      Fdt again = FdtReader.read(FdtWriter.write(tree[0]));
      reading.expect(again.equals(tree[0]), "the tree that was written and read again is another one");
    });
    Platform[] platform = new Platform[1];
    if (reading.done("the loader", "input is no usable platform:\n  /[^\n]*: [^\n]+; ", List.of(PlatformException.class),
        () -> platform[0] = loader.platform("input", tree[0], Map.of()))) {
      machine(reading, platform[0]);
    }
    return reading.wrong();
  }

  private byte[] changed(byte[] input) {
    if (board == null) {
      board = FdtWriter.write(FileWorld.tree());
    }
    byte[] blob = board;
    InputBytes in = new InputBytes(input);
    while (!in.end()) {
      blob = Edits.bytes(in, blob);
    }
    return blob;
  }

  private static void machine(Reading reading, Platform platform) {
    Machine[] machine = new Machine[1];
    boolean built = reading.done("the machine", "/|input|RAM|memory bank|window|engine", List.of(ModelException.class),
        () -> machine[0] = FileWorld.machines().build(platform, (kind, place, text) -> reading.expect(!PlainMachines.fault(kind), kind + " "
            + place + ": " + text)));
    if (built) {
      reading.done("the run", "", List.of(), () -> {
        machine[0].start(new ArmEntry(0, 0));
        machine[0].run(new RunLimit(1_000_000, INSTRUCTIONS));
      });
      reading.done("closing the machine", "", List.of(), machine[0]::close);
    }
  }
}
