package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.regs.StateRecord;

final class SnapshotTest {
  @TempDir Path folder;

  private static ToyMachine toy(int cpus) {
    return new ToyMachine(cpus, new Timing(700, 50), cpu -> {
      long at = ToyMachine.RAM + (cpu.x[1] & 0x3FFF) * 8;
      cpu.x[1] = cpu.x[1] * 6364136223846793005L + cpu.index() + 7 + cpu.env.bus().read(at, 8);
      cpu.env.bus().write(at, 8, cpu.x[1]);
      if ((cpu.x[1] >>> 33 & 0x7F) == 5) {
        cpu.env.bus().write(0x9000, 4, cpu.x[1] >>> 50 & 0xFFF);
      }
      if ((cpu.x[1] >>> 40 & 0x3F) == 7) {
        cpu.env.bus().write(0x9004, 4, 0);
        cpu.env.bus().write(0x9000, 4, 500);
        cpu.waitForInterrupt();
      }
    }).device("/timer@9000", "toy,timer", 0x9000).model("toy,timer", ToyTimer::new);
  }

  private static CoreMachine started(ToyMachine toy) {
    CoreMachine machine = toy.build();
    machine.start(ToyMachine.RAM, 0);
    machine.hardware().cpus.getLast().powerOn(ToyMachine.RAM, 0);
    return machine;
  }

  @Test void aRunSavedAndLoadedInTheMiddleEndsAsIfNothingHadBeen() throws Exception {
    RunLimit end = new RunLimit(Long.MAX_VALUE, 200_000);
    CoreMachine straight = started(toy(2));
    straight.run(end);
    Random random = new Random(17);
    for (int i = 0; i < 5; i++) {
      CoreMachine first = started(toy(2));
      first.run(new RunLimit(Long.MAX_VALUE, 1 + random.nextInt(199_999)));
      first.save(folder.resolve("snapshot" + i));
      CoreMachine second = toy(2).build();
      second.restore(folder.resolve("snapshot" + i));
      assertEquals(first.digest(), second.digest());
      second.run(end);
      assertEquals(straight.digest(), second.digest());
    }
  }

  @Test void restoringIntoAMachineThatRanIsTheSame() throws Exception {
    CoreMachine first = started(toy(2));
    first.run(new RunLimit(Long.MAX_VALUE, 1000));
    String digest = first.digest();
    first.save(folder.resolve("s"));
    first.run(new RunLimit(Long.MAX_VALUE, 77_000));
    first.restore(folder.resolve("s"));
    assertEquals(digest, first.digest());
  }

  private void refused(CoreMachine machine, Path snapshot, String message) {
    IOException e = assertThrows(IOException.class, () -> machine.restore(snapshot));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test void whatDoesntFitIsRefusedByName() throws Exception {
    CoreMachine machine = started(toy(2));
    machine.run(new RunLimit(Long.MAX_VALUE, 1000));
    Path snapshot = folder.resolve("s");
    machine.save(snapshot);
    refused(toy(1).build(), snapshot, "has 2 CPUs, the machine 1");
    refused(new ToyMachine(2, new Timing(701, 50), cpu -> { }).build(), snapshot, "another topology");
    refused(machine, folder.resolve("none"), "not a snapshot");
    assertThrows(IOException.class, () -> machine.save(snapshot));

    ToyMachine without = new ToyMachine(2, new Timing(700, 50), cpu -> { }).device("/timer@9000", "toy,timer", 0x9000);
    refused(without.build(), snapshot, "/timer@9000: nothing serves it here, in the snapshot toy.toy,timer 1.0.0 did");

    Path state = snapshot.resolve("state.txt");
    String good = Files.readString(state);
    Files.writeString(state, good.replace("\ncount long", "\ncounts long"));
    refused(machine, snapshot, "/timer@9000: state fields missing: [count], unknown: [counts]");
    Files.writeString(state, good.replace("\ncount long 0x", "\ncount long 0xzz"));
    refused(machine, snapshot, "state.txt, line ");
    Files.writeString(state, good);
    byte[] ram = Files.readAllBytes(snapshot.resolve("ram.gz"));
    Files.write(snapshot.resolve("ram.gz"), java.util.Arrays.copyOf(ram, ram.length / 2));
    refused(machine, snapshot, "ram.gz");
    Files.writeString(snapshot.resolve("manifest.txt"), "xenolith-snapshot 2\n");
    refused(machine, snapshot, "written by another version");
  }

  @Test void recordsSurviveBeingWrittenAndRead() throws Exception {
    StateRecord record = new StateRecord();
    record.put("odd name=%", -1L);
    record.put("longs", new long[] {1, Long.MIN_VALUE});
    record.put("ints", new int[] {3, -4});
    record.put("none", new byte[0]);
    record.put("bytes", new byte[] {1, 2, 3});
    record.put("text", "a b\n%");
    StringBuilder text = new StringBuilder();
    RecordText.write(record, text);
    StateRecord read = new StateRecord();
    for (String line : text.toString().split("\n")) {
      RecordText.read(line, read);
    }
    assertEquals(record, read);
    assertThrows(IOException.class, () -> RecordText.read("a longs AAAA", new StateRecord()));
    assertThrows(IOException.class, () -> RecordText.read("a what 1", new StateRecord()));
    assertThrows(IOException.class, () -> RecordText.read("a", new StateRecord()));
  }
}
