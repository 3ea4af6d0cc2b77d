// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.MachineState;
import org.xenolith.machine.snapshot.RecordText;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.regs.StateRecord;

final class SnapshotTest {
  @TempDir
  Path folder;
  private int forgeries;

  /** CPU 0 waits for a timer now and then, and calls the last CPU, which waits for that: now both execute, now one, now none. */
  private static ToyMachine toy(int cpus) {
    return new ToyMachine(cpus, new Timing(700, 50), cpu -> {
      long at = ToyMachine.RAM + (cpu.x[1] & 0x3FFF) * 8;
      cpu.x[1] = cpu.x[1] * 6364136223846793005L + cpu.index() + 7 + cpu.env.bus().read(at, 8);
      cpu.env.bus().write(at, 8, cpu.x[1]);
      if ((cpu.x[1] >>> 33 & 0x7F) == 5) {
        cpu.env.bus().write(0x9000, 4, cpu.x[1] >>> 50 & 0xFFF);
      }
      if (cpu.index() != 0) {
        cpu.signal(Signal.IRQ, false);
      } else if ((cpu.signals() & 1) != 0) {
        cpu.env.cpus().getLast().signal(Signal.IRQ, true);
      }
      if ((cpu.x[1] >>> 40 & 0x3F) == 7) {
        if (cpu.index() == 0) {
          cpu.env.bus().write(0x9004, 4, 0);
          cpu.env.bus().write(0x9000, 4, 500);
        }
        cpu.waitForInterrupt();
      }
    }).device("/timer@9000", "toy,timer", 0x9000).model("toy,timer", ToyTimer::new);
  }

  private static CoreMachine started(ToyMachine toy) {
    CoreMachine machine = toy.build();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    machine.hardware().cpus.getLast().as(ArmCpu.class).powerOn(ToyMachine.RAM, 0);
    return machine;
  }

  @Test
  void aRunSavedAndLoadedInTheMiddleEndsAsIfNothingHadBeen() throws Exception {
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

  @Test
  void aStateInMemoryIsTakenOverByAnyNumberOfMachinesAndChangesWithNone() throws Exception {
    RunLimit end = new RunLimit(Long.MAX_VALUE, 60_000);
    CoreMachine first = started(toy(2));
    first.run(new RunLimit(Long.MAX_VALUE, 20_000));
    MachineState state = first.state();
    String then = first.digest();
    assertEquals(List.of(first.now(), first.instructions()), List.of(state.now(), state.instructions()));
    first.run(end);
    for (int i = 0; i < 2; i++) {
      CoreMachine second = toy(2).build();
      second.restore(state);
      assertEquals(then, second.digest());
      second.run(end);
      assertEquals(first.digest(), second.digest());
    }
  }

  @Test
  void aStateOfAnotherMachineIsRefused() throws Exception {
    MachineState state = started(toy(2)).state();
    String says = assertThrows(IOException.class, () -> toy(1).build().restore(state)).getMessage();
    assertEquals("the state in memory: the snapshot has 2 CPUs, the machine 1", says);
  }

  @Test
  void restoringIntoAMachineThatRanIsTheSame() throws Exception {
    CoreMachine first = started(toy(2));
    // So early that most pages aren't written yet: they must be zero again.
    first.run(new RunLimit(Long.MAX_VALUE, 10));
    String digest = first.digest();
    first.save(folder.resolve("s"));
    first.run(new RunLimit(Long.MAX_VALUE, 77_000));
    first.restore(folder.resolve("s"));
    assertEquals(digest, first.digest());
  }

  /** One bank behind 4 GiB and one at 32 GiB, of which every page but the last has been written. */
  @Test
  void pagesAbove4GiBComeBack() throws Exception {
    long[] banks = {0x1_0000_0000L, 0x8_0000_0000L};
    ToyMachine toy = new ToyMachine(1, new Timing(700, 50), cpu -> {
      long n = cpu.x[1]++;
      cpu.env.bus().write(banks[(int) n & 1] + (n >> 1 & 0xFF) * 4096 + 8, 8, n * 6364136223846793005L + 1);
    });
    for (long bank : banks) {
      toy.add(ToyMachine.node("/memory@" + Long.toHexString(bank), List.of(FdtProperty.ofStrings("device_type", "memory")), List.of(
          new AddressWindow(bank, 1 << 20)), List.of()));
    }
    CoreMachine first = toy.build();
    first.start(new ArmEntry(ToyMachine.RAM, 0));
    first.run(new RunLimit(Long.MAX_VALUE, 510));
    first.save(folder.resolve("s"));
    CoreMachine second = toy.build();
    second.restore(folder.resolve("s"));
    assertEquals(first.digest(), second.digest());
    for (CoreMachine machine : List.of(first, second)) {
      for (int n = 0; n < 512; n++) {
        long expected = n < 510 ? n * 6364136223846793005L + 1 : 0;
        assertEquals(expected, machine.hardware().cpus.getFirst().as(Cpu.class).env.bus().read(banks[n & 1] + (n >> 1) * 4096 + 8, 8));
      }
    }
    first.run(new RunLimit(Long.MAX_VALUE, 1000));
    first.restore(folder.resolve("s"));
    assertEquals(second.digest(), first.digest(), "the pages that were empty are so again");
  }

  private void refused(CoreMachine machine, Path snapshot, String message) {
    IOException e = assertThrows(IOException.class, () -> machine.restore(snapshot));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void whatDoesntFitIsRefusedByName() throws Exception {
    CoreMachine machine = started(toy(2));
    machine.run(new RunLimit(Long.MAX_VALUE, 1000));
    Path snapshot = folder.resolve("s");
    machine.save(snapshot);
    refused(toy(1).build(), snapshot, "has 2 CPUs, the machine 1");
    refused(new ToyMachine(2, new Timing(701, 50), cpu -> {}).build(), snapshot, "another topology");
    refused(new ToyMachine(2, new Timing(700, 50), cpu -> {}, Map.of("lse", "true")).build(), snapshot,
        "the snapshot was made of another machine: CPU 0 was another one:"
            + " ID_AA64ISAR0_EL1 0x11120, here 0x211120. Take the one of then, with its options and the version of its description");
    refused(machine, folder.resolve("none"), "not a snapshot");
    assertThrows(IOException.class, () -> machine.save(snapshot));

    ToyMachine without = new ToyMachine(2, new Timing(700, 50), cpu -> {}).device("/timer@9000", "toy,timer", 0x9000);
    refused(without.build(), snapshot, "/timer@9000: nothing serves it here, in the snapshot toy.toy,timer 1.0.0 did");

    Path state = snapshot.resolve("state.txt");
    String good = Files.readString(state);
    Files.writeString(state, good.replace("\ncount long", "\ncounts long"));
    sign(snapshot);
    refused(machine, snapshot, "/timer@9000: state fields missing: [count], unknown: [counts]");
    Files.writeString(state, good.replace("\ncount long 0x", "\ncount long 0xzz"));
    sign(snapshot);
    refused(machine, snapshot, "state.txt, line ");
    Files.writeString(state, good);
    byte[] ram = Files.readAllBytes(snapshot.resolve("ram.img"));
    Files.write(snapshot.resolve("ram.img"), Arrays.copyOf(ram, ram.length / 2));
    sign(snapshot);
    refused(machine, snapshot, "ram.img");
    Files.writeString(snapshot.resolve("manifest.txt"), "xenolith-snapshot 3\n");
    refused(machine, snapshot, "format 3 is of an earlier version of Xenolith, this one reads format 4; boot and save anew");
    Files.writeString(snapshot.resolve("manifest.txt"), "xenolith-snapshot 5\n");
    refused(machine, snapshot, "format 5 is of a later version");
    Files.writeString(snapshot.resolve("manifest.txt"), "xenolith-snapshot x\n");
    refused(machine, snapshot, "or damaged");
  }

  /** Makes a manifest right again for files that were changed: what a damage would not do. */
  private static void sign(Path snapshot) throws Exception {
    Path manifest = snapshot.resolve("manifest.txt");
    StringBuilder text = new StringBuilder();
    for (String line : Files.readAllLines(manifest)) {
      if (line.matches("file \\w+\\.\\w+ .*") && Files.exists(snapshot.resolve(line.split(" ")[1]))) {
        Path file = snapshot.resolve(line.split(" ")[1]);
        byte[] content = Files.readAllBytes(file);
        line = "file " + line.split(" ")[1] + ' ' + content.length + ' ' + (file.endsWith("ram.img") ? crc(content) : sha256(content));
      }
      text.append(line.startsWith("end ") ? "end " + sha256(text.toString().getBytes(StandardCharsets.UTF_8)) : line).append('\n');
    }
    Files.writeString(manifest, text);
  }

  /** Of the pages that aren't zeros, each behind its number. */
  private static String crc(byte[] content) {
    CRC32C sum = new CRC32C();
    for (int at = 0; at < content.length; at += 4096) {
      byte[] page = Arrays.copyOfRange(content, at, Math.min(content.length, at + 4096));
      if (!Arrays.equals(page, new byte[page.length])) {
        sum.update(ByteBuffer.allocate(8).putLong(0, at));
        sum.update(page);
      }
    }
    return "%08x".formatted(sum.getValue());
  }

  private static String sha256(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  @Test
  void aBitThatFlippedAnywhereIsFoundBeforeAnythingIsChanged() throws Exception {
    CoreMachine machine = started(toy(2));
    machine.run(new RunLimit(Long.MAX_VALUE, 1000));
    Path snapshot = folder.resolve("s");
    machine.save(snapshot);
    machine.run(new RunLimit(Long.MAX_VALUE, 2000));
    String digest = machine.digest();
    Random random = new Random(5);
    for (String name : List.of("ram.img", "state.txt", "manifest.txt")) {
      Path file = snapshot.resolve(name);
      byte[] good = Files.readAllBytes(file);
      for (int i = 0; i < 60; i++) {
        byte[] bad = good.clone();
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bad);
        refused(machine, snapshot, name);
      }
      Files.write(file, good);
    }
    assertEquals(digest, machine.digest());
    machine.restore(snapshot);
  }

  @Test
  void aFileThatWasCutOrIsMissingIsNamed() throws Exception {
    CoreMachine machine = started(toy(2));
    Path snapshot = folder.resolve("s");
    machine.save(snapshot);
    Path state = snapshot.resolve("state.txt");
    String good = Files.readString(state);
    Files.writeString(state, good.substring(0, good.lastIndexOf("\n[") + 1));
    refused(machine, snapshot, "state.txt has ");
    sign(snapshot);
    refused(machine, snapshot, "sections, the manifest says");
    Files.delete(state);
    refused(machine, snapshot, "state.txt is missing");
  }

  @Test
  void noManifestIsAnInternalFault() throws Exception {
    CoreMachine machine = started(toy(1));
    Path snapshot = folder.resolve("s");
    machine.save(snapshot);
    Path manifest = snapshot.resolve("manifest.txt");
    String good = Files.readString(manifest);
    for (String line : List.of("provider %zz x", "sections x", "sections 99999999999999", "high %", "file ../x 1 2", "file \0 1 2", "what",
        "", " ", "   ", "topology", "file absent.txt 1 2")) {
      Files.writeString(manifest, good.replace("\nend ", "\n" + line + "\nend "));
      sign(snapshot);
      refused(machine, snapshot, "");
    }
    Files.write(manifest, new byte[] {(byte) 0xFF, (byte) 0xFE, 0});
    refused(machine, snapshot, "is no text");
    Files.write(manifest, new byte[0]);
    refused(machine, snapshot, "line 1");
  }

  @Test
  void recordsSurviveBeingWrittenAndRead() throws Exception {
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

  /** Saves a machine of one CPU; what comes of it after a change that has right digests is refused with the words, and named. */
  private void forged(String name, Forgery forgery, String... words) throws Exception {
    CoreMachine machine = started(toy(1));
    machine.run(new RunLimit(Long.MAX_VALUE, 1000));
    Path snapshot = folder.resolve("forged" + ++forgeries);
    machine.save(snapshot);
    Path file = snapshot.resolve(name);
    Files.write(file, forgery.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1));
    sign(snapshot);
    IOException refused = assertThrows(IOException.class, () -> machine.restore(snapshot));
    for (String word : words) {
      assertTrue(refused.getMessage().contains(word), refused.getMessage());
    }
    assertTrue(refused.getMessage().contains(snapshot.toString()), refused.getMessage());
  }

  private interface Forgery {
    String of(String content);
  }

  @Test
  void stateThatIsNoTextIsRefusedWithItsFile() throws Exception {
    forged("state.txt", state -> state.replaceFirst(" long 0x", " \u00ff long 0x"), "state.txt", "no text");
  }

  @Test
  void damagedLinesOfStateAreRefusedWithWhatWasExpected() throws Exception {
    forged("state.txt", state -> state.replaceFirst("\\[cpu 0\\]", "[cpu]"), "state.txt, line ", "[KIND NAME]");
    forged("state.txt", state -> state + "!alarm a 1\n", "state.txt, line ", "deadline and order");
    forged("state.txt", state -> state + "!alarm a x 1\n", "state.txt, line ", "deadline and order");
    forged("state.txt", state -> state.replaceFirst(" long 0x", " long "), "state.txt, line ", "0x");
    forged("state.txt", state -> state.replaceFirst(" long 0x[0-9a-f]*", " long 0"), "state.txt, line ", "0x");
  }

  @Test
  void namesThatAreNotEncodedRightAreRefusedInPlainWords() throws Exception {
    forged("state.txt", state -> state.replaceFirst("\\[device ", "[device %zz"), "state.txt, line ", "% without two hexadecimal digits");
    forged("manifest.txt", manifest -> manifest.replaceFirst("sections .*", "sections many"), "manifest.txt, line ", "\"sections many\"");
  }

  @Test
  void aManifestThatDoesntListAFileIsRefused() throws Exception {
    forged("manifest.txt", manifest -> manifest.replaceFirst("file ram.img .*\n", ""), "ram.img", "doesn't list");
    forged("manifest.txt", manifest -> manifest.replaceFirst("file state.txt .*\n", ""), "state.txt", "doesn't list");
  }

  @Test
  void timeAndTurnsThatCannotBeAreRefused() throws Exception {
    for (String field : List.of("clock.jumped-to-ns", "clock.jumped-at-instruction", "clock.instructions", "scheduler.cpu",
        "scheduler.left",
        "scheduler.guest", "scheduler.share", "scheduler.allowance")) {
      forged("state.txt", state -> state.replaceFirst(field + " long .*", field + " long 0x7fffffffffffffff"), "core", field);
      forged("state.txt", state -> state.replaceFirst(field + " long .*", field + " long 0xffffffffffffffff"), "core", field, "-1");
    }
    forged("state.txt", state -> state.replaceFirst("scheduler.called longs .*", "scheduler.called longs //////////8="), "core",
        "scheduler.called");
  }

  @Test
  void whatIsKnownOfACpusExceptionsIsOfItsTypesOrRefused() throws Exception {
    for (String field : List.of("faults", "standing")) {
      forged("state.txt", state -> state.replaceFirst("(?s)(\\n\\[core 0\\].*?)\n" + field + " [^\n]*", "$1"), "core 0: " + field
          + ": expected ", "got nothing");
      forged("state.txt", state -> state.replaceFirst("(?s)(\\n\\[core 0\\].*?\n" + field + ") [^\n]*", "$1 text a"), field + ": expected ",
          "got String");
    }
  }

  @Test
  void chunksOfRamThatCannotBeAreRefused() throws Exception {
    String chunk = "chunk 0x[0-9a-f]+ ";
    forged("manifest.txt", manifest -> manifest.replaceFirst("(" + chunk + ").*", "$14096"), "ram.img has ", "bytes, its chunks are 4096");
    forged("manifest.txt", manifest -> manifest.replaceFirst("(" + chunk + ").*", "$112345"), "manifest.txt, line ", "power of two");
    forged("manifest.txt", manifest -> manifest.replaceFirst("(" + chunk + ").*", "$10"), "manifest.txt, line ", "power of two");
    forged("manifest.txt", manifest -> manifest.replaceFirst(chunk, "chunk 0x40000123 "), "manifest.txt, line ", "power of two");
    forged("manifest.txt", manifest -> manifest.replaceFirst(chunk, "chunk 0x7000000000000000 "), "where the machine has none");
    // The same chunk again and again would be a file of a few KB that keeps a host busy for hours.
    forged("manifest.txt", manifest -> manifest.replaceFirst("(" + chunk + ".*\n)", "$1$1"), "manifest.txt, line ", "out of order");
  }

  /** What a copy has made of the holes, and the machine that is saved doesn't write: the file is read where it is. */
  @Test
  void aSnapshotWithoutHolesIsTheSame() throws Exception {
    CoreMachine first = started(toy(2));
    first.run(new RunLimit(Long.MAX_VALUE, 10_000));
    Path snapshot = folder.resolve("s");
    first.save(snapshot);
    Path ram = snapshot.resolve("ram.img");
    byte[] content = Files.readAllBytes(ram);
    Files.delete(ram);
    Files.write(ram, content);
    CoreMachine second = toy(2).build();
    second.restore(snapshot);
    assertEquals(first.digest(), second.digest());
    first.run(new RunLimit(Long.MAX_VALUE, 90_000));
    second.run(new RunLimit(Long.MAX_VALUE, 90_000));
    assertEquals(first.digest(), second.digest());
    assertArrayEquals(content, Files.readAllBytes(ram), "the machine writes to pages of its own");
    second.save(folder.resolve("again"));
    second.restore(folder.resolve("again"));
    assertEquals(first.digest(), second.digest());
  }

  @Test
  void aSnapshotOntoAnotherHasWhatIsOtherOnly() throws Exception {
    CoreMachine first = started(toy(2));
    first.run(new RunLimit(Long.MAX_VALUE, 100_000));
    Path below = folder.resolve("below");
    first.save(below);
    first.run(new RunLimit(Long.MAX_VALUE, 100_010));
    // A page that was something is zeros again.
    first.load(ToyMachine.RAM + 4096, new byte[4096], 0, 4096);
    Path above = folder.resolve("above");
    first.save(above, Optional.of(below));
    String manifest = Files.readString(above.resolve("manifest.txt"));
    assertTrue(manifest.matches("(?s).*\nchunk 0x[0-9a-f]+ [0-9]+ [0-9,-]+\nbelow \\.\\./below [0-9a-f]{8}\n.*"), manifest);
    CoreMachine second = toy(2).build();
    second.restore(above);
    assertEquals(first.digest(), second.digest());
    first.run(new RunLimit(Long.MAX_VALUE, 200_000));
    second.run(new RunLimit(Long.MAX_VALUE, 200_000));
    assertEquals(first.digest(), second.digest());
    String says = assertThrows(IOException.class, () -> first.save(folder.resolve("third"), Optional.of(above))).getMessage();
    assertTrue(says.contains("above needs the snapshot ") && says.endsWith("save onto that, or onto none"), says);
    assertTrue(!Files.exists(folder.resolve("third")), "nothing was begun");
  }

  @Test
  void aSnapshotWhoseOtherHalfIsGoneOrAnotherIsRefused() throws Exception {
    CoreMachine machine = started(toy(2));
    machine.run(new RunLimit(Long.MAX_VALUE, 100_000));
    Path below = folder.resolve("below");
    Path above = folder.resolve("above");
    machine.save(below);
    machine.save(above, Optional.of(below));
    machine.run(new RunLimit(Long.MAX_VALUE, 200_000));
    Path moved = folder.resolve("moved");
    Files.move(below, moved);
    refused(machine, above, "not a snapshot");
    machine.save(below);
    refused(machine, above, "below isn't the snapshot that this one was saved onto, which has to stay");
    Path file = above.resolve("manifest.txt");
    String good = Files.readString(file);
    for (String pages : List.of("3-1", "0-99999", "1", "x", "5-6,4-4", "")) {
      Files.writeString(file, good.replaceFirst("(\nchunk 0x[0-9a-f]+ [0-9]+) \\S+", "$1 " + pages));
      sign(above);
      refused(machine, above, "manifest.txt, line ");
    }
  }
}
