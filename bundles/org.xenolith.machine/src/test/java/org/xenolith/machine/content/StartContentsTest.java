// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockPort;
import org.xenolith.block.api.BlockUnitsPort;
import org.xenolith.block.api.DiskFingerprint;
import org.xenolith.machine.CoreMachine;
import org.xenolith.machine.ToyMachine;
import org.xenolith.machine.ToyTimer;
import org.xenolith.machine.api.ContentPort;
import org.xenolith.machine.control.ContentName;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.MachineInputs;
import org.xenolith.machine.control.MachineState;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.regs.StateRecord;

/** A recording says what its machine ran on, and another machine replays it on the same only. */
class StartContentsTest {
  private static final String NODE = "/timer@9000";
  @TempDir
  private Path folder;

  /** Content that a shaper puts beside memory. */
  public static final class ToyContents implements ContentPort {
    private final Map<String, byte[]> contents = new TreeMap<>();

    @Override
    public Map<String, byte[]> contents() {
      return contents;
    }
  }

  /** A disk that is nothing but its fingerprint. */
  private record ToyDisk(Optional<DiskFingerprint> fingerprint) implements BlockDevice {
    static ToyDisk of(String digest, String samples) {
      return new ToyDisk(Optional.of(new DiskFingerprint("debian.img", 1 << 20, digest, samples)));
    }

    @Override
    public long sectors() {
      return 2048;
    }

    @Override
    public boolean readOnly() { return true; }

    @Override
    public void read(long sector, byte[] into, int offset, int count) {}

    @Override
    public void write(long sector, byte[] from, int offset, int count) {}

    @Override
    public void flush() {}

    @Override
    public StateRecord save() {
      return new StateRecord();
    }

    @Override
    public void restore(StateRecord record) {}

    @Override
    public void close() {}
  }

  private static CoreMachine bare() {
    return new ToyMachine(1, new Timing(1000, 100), cpu -> cpu.x[1]++).device(NODE, "toy,timer", 0x9000).model("toy,timer", ToyTimer::new)
        .build();
  }

  /** One with a kernel, words, a disk and what a port holds. */
  private static CoreMachine machine(String kernel, String tables, BlockDevice disk) {
    CoreMachine machine = bare();
    machine.given(new ContentName("kernel", "--kernel 'Image'"), bytes(kernel));
    machine.given(new ContentName("command line", ""), bytes("quiet"));
    machine.load(ToyMachine.RAM, bytes("unpacked"), 0, 8);
    machine.port(NODE, ToyContents.class).contents.put("file etc/tables", bytes(tables));
    machine.port(NODE, BlockPort.class).attach(disk, "");
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    return machine;
  }

  private static CoreMachine machine() {
    return machine("kernel 1", "tables", ToyDisk.of("d1", ""));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Path recorded(CoreMachine machine) throws IOException {
    Path file = folder.resolve("run.journal");
    machine.record(file);
    machine.close();
    return file;
  }

  private static String refused(CoreMachine machine, Path file) {
    return assertThrows(IOException.class, () -> machine.replay(file)).getMessage();
  }

  private static List<String> said(CoreMachine machine) {
    List<String> said = new ArrayList<>();
    machine.eventListener((kind, place, text) -> said.add(kind + ": " + text));
    return said;
  }

  @Test
  void aRecordingNamesWhatItsMachineRanOn() throws Exception {
    Path file = recorded(machine());
    List<String> lines = Files.readAllLines(file).stream().filter(ContentLine::is).map(line -> line.replaceAll("[0-9a-f]{60,}$", "SHA"))
        .toList();
    assertEquals(List.of("content kernel - 8 SHA", "content command+line - 5 SHA", "content file+etc/tables /timer@9000 6 SHA",
        "content disk /timer@9000 1048576 d1", "content memory - 33554432 9df60930"), lines);
    CoreMachine same = machine();
    same.replay(file);
    assertEquals(List.of(), List.copyOf(same.events().keySet()));
    same.close();
  }

  @Test
  void anotherKernelIsRefusedByNameWithItsLineAndWhatToDo() throws Exception {
    Path file = recorded(machine());
    String said = refused(machine("kernel 2", "tables", ToyDisk.of("d1", "")), file);
    assertEquals(file + ", line 4: recorded with another kernel (--kernel 'Image'): 8 bytes, SHA-256 "
        + ContentLine.of("", "", bytes("kernel 1"), "").digest().substring(0, 16) + "… then, 8 bytes, SHA-256 " + ContentLine.of("", "",
            bytes(
                "kernel 2"), "").digest().substring(0, 16)
        + "… here. Replay it with what there was then. To have what is here instead, in what may be another run, put \"any\" for the last word of line 4",
        said);
  }

  @Test
  void whateverElseDiffersIsNamed() throws Exception {
    Path file = recorded(machine());
    assertTrue(refused(machine("kernel 1", "other", ToyDisk.of("d1", "")), file).contains(
        "line 6: recorded with another file etc/tables of /timer@9000: 6 bytes"));
    assertTrue(refused(machine("kernel 1", "tables", ToyDisk.of("d2", "")), file).contains(
        "line 7: recorded with another disk of /timer@9000 (debian.img): 1048576 bytes, SHA-256 d1 then, 1048576 bytes, SHA-256 d2 here. Replay it with what there was then; a disk that the guest itself writes is another one after each run: keep a copy. To"));
    CoreMachine loaded = machine();
    loaded.load(ToyMachine.RAM + 0x5000, new byte[] {1}, 0, 1);
    assertTrue(refused(loaded, file).contains("line 8: recorded with other memory at the start"));
    CoreMachine more = machine();
    more.given(new ContentName("initrd", "--initrd 'x'"), bytes("x"));
    assertTrue(refused(more, file).startsWith(file + ": recorded without initrd (--initrd 'x'), which is here. Replay"));
    CoreMachine less = machine();
    less.port(NODE, BlockPort.class).attach(null, "");
    assertTrue(refused(less, file).contains("line 7: recorded with disk of /timer@9000 (1048576 bytes, SHA-256 d1), and here is none"));
    CoreMachine all = machine("kernel 2", "other", ToyDisk.of("d2", ""));
    String said = refused(all, file);
    assertTrue(said.contains("; others, too: file etc/tables of /timer@9000, disk of /timer@9000 (debian.img)"), said);
    assertTrue(said.endsWith("line 4 and 6 and 7"), said);
  }

  @Test
  void aLineThatSaysAnyAndARecordingWithoutLinesTakeWhatIsThere() throws Exception {
    Path file = recorded(machine());
    String text = Files.readString(file);
    Files.writeString(file, text.replaceAll("(content kernel - 8) .*", "$1 any"));
    machine("kernel 2", "tables", ToyDisk.of("d1", "")).replay(file);
    Files.writeString(file, text.replaceAll("content .*\n", ""));
    machine("kernel 2", "other", ToyDisk.of("d2", "")).replay(file);
  }

  @Test
  void aDamagedLineIsRefusedAsThat() throws Exception {
    Path file = recorded(machine());
    Files.writeString(file, Files.readString(file).replaceAll("(content kernel - 8) .*", "$1"));
    assertEquals(file + ", line 4: expected content WHAT PLACE BYTES DIGEST, got \"content kernel - 8\"", refused(machine(), file));
  }

  @Test
  void unitsOfAControllerAreDisksOfTheirOwn() throws Exception {
    CoreMachine machine = bare();
    machine.port(NODE, BlockUnitsPort.class).unit(3).attach(ToyDisk.of("d3", ""), "");
    assertTrue(Files.readString(recorded(machine)).contains("content disk /timer@9000#3 1048576 d3\n"));
  }

  @Test
  void ofADiskThatIsSampledIsSaidWhatIsNotSeen() throws Exception {
    Path file = recorded(machine("kernel 1", "tables", ToyDisk.of("d1", "2x512")));
    CoreMachine same = machine("kernel 1", "tables", ToyDisk.of("d1", "2x512"));
    List<String> said = said(same);
    same.replay(file);
    assertEquals(List.of(
        "replay-unchecked: disk of /timer@9000 (debian.img): samples are compared, 2x512 bytes of 1048576; a change between them isn't seen"),
        said);
    assertTrue(refused(machine("kernel 1", "tables", ToyDisk.of("d2", "2x512")), file).contains("SHA-256 of samples d1 then"));
    CoreMachine otherwise = machine("kernel 1", "tables", ToyDisk.of("d2", ""));
    said = said(otherwise);
    otherwise.replay(file);
    assertEquals(List.of("replay-unchecked: disk of /timer@9000 (debian.img): only its size is compared with the recorded one's"), said);
  }

  @Test
  void aDiskOfWhichNobodyCanTellIsKnownByItsSize() throws Exception {
    Path file = recorded(machine("kernel 1", "tables", new ToyDisk(Optional.empty())));
    assertTrue(Files.readString(file).contains("content disk /timer@9000 1048576 unknown\n"));
    CoreMachine other = machine("kernel 1", "tables", ToyDisk.of("d2", ""));
    List<String> said = said(other);
    other.replay(file);
    assertEquals(1, said.size(), said::toString);
  }

  /** What was given to the machine that was saved isn't known any more; its state is all that counts. */
  @Test
  void aRecordingFromAStateHasThatsDigest() throws Exception {
    for (long instructions : new long[] {0, 500}) {
      Path saved = folder.resolve("saved" + instructions);
      Path changed = folder.resolve("changed" + instructions);
      CoreMachine first = machine();
      first.run(new RunLimit(Long.MAX_VALUE, instructions));
      first.save(saved);
      first.load(ToyMachine.RAM + 0x5000, new byte[] {1}, 0, 1);
      first.save(changed);
      Path file = recorded(restored(saved, "d1"));
      assertEquals(List.of("state", "disk"), Files.readAllLines(file).stream().filter(ContentLine::is).map(line -> line.split(" ")[1])
          .toList());
      restored(saved, "d1").replay(file);
      assertTrue(refused(restored(changed, "d1"), file).contains("line 4: recorded from another state than the machine has here"));
      assertTrue(refused(restored(saved, "d2"), file).contains("recorded with another disk"));
    }
  }

  private static CoreMachine restored(Path saved, String disk) throws IOException {
    CoreMachine machine = bare();
    machine.port(NODE, ToyContents.class).contents.put("file etc/tables", bytes("tables"));
    machine.port(NODE, BlockPort.class).attach(ToyDisk.of(disk, ""), "");
    machine.restore(saved);
    return machine;
  }

  /** A machine that was saved before its first instruction is the one that was recorded; from later on it's said what isn't looked at. */
  @Test
  void aMachineThatGoesOnFromAStateReplaysWhatAnotherRecordedFromTheStart() throws Exception {
    Path file = recorded(machine());
    Path start = folder.resolve("start");
    Path later = folder.resolve("later");
    CoreMachine saving = machine();
    saving.save(start);
    saving.run(new RunLimit(Long.MAX_VALUE, 500));
    saving.save(later);
    CoreMachine first = restored(start, "d1");
    List<String> said = said(first);
    first.replay(file);
    String unknown = "replay-unchecked: what the recorded machine was started with isn't compared: this one goes on from a state";
    assertEquals(List.of(unknown), said);
    CoreMachine other = restored(start, "d1");
    other.load(ToyMachine.RAM + 0x5000, new byte[] {1}, 0, 1);
    assertTrue(refused(other, file).contains("recorded with other memory at the start"));
    CoreMachine second = restored(later, "d1");
    said = said(second);
    second.replay(file);
    assertEquals(List.of(unknown), said);
  }

  @Test
  void aForkHasWhatItsMachineBeganWith() throws Exception {
    CoreMachine origin = machine();
    Path file = recorded(folder.resolve("origin.journal"), origin);
    origin.run(new RunLimit(Long.MAX_VALUE, 500));
    MachineState state = origin.state();
    CoreMachine fork = bare();
    fork.port(NODE, BlockPort.class).attach(ToyDisk.of("read again", ""), "");
    fork.restore(state);
    Path forked = recorded(folder.resolve("fork.journal"), fork);
    List<String> lines = Files.readAllLines(file);
    assertEquals(lines, Files.readAllLines(forked), "no disk is read again for it");
    fork.replay(file);
    origin.close();
    fork.close();
  }

  /** As tests do that share a machine of a snapshot. */
  @Test
  void aForkOfAMachineThatGoesOnFromAStateHasThat() throws Exception {
    Path saved = folder.resolve("saved");
    CoreMachine first = machine();
    first.run(new RunLimit(Long.MAX_VALUE, 500));
    first.save(saved);
    CoreMachine origin = restored(saved, "d1");
    Path file = recorded(folder.resolve("origin.journal"), origin);
    origin.run(new RunLimit(Long.MAX_VALUE, 1000));
    CoreMachine fork = bare();
    fork.port(NODE, BlockPort.class).attach(ToyDisk.of("read again", ""), "");
    fork.restore(origin.state());
    assertEquals(Files.readAllLines(file), Files.readAllLines(recorded(folder.resolve("fork.journal"), fork)));
    fork.replay(folder.resolve("fork.journal"));
    Path later = recorded(folder.resolve("later.journal"), origin);
    assertTrue(refused(restored(saved, "d1"), later).contains("recorded from another state"));
  }

  private static Path recorded(Path file, CoreMachine machine) throws IOException {
    machine.record(file);
    return file;
  }

  /** What is written when the machine has long changed its memory: the files are known still, and the disks. */
  @Test
  void inputsThatAreKeptNameWhatTheMachineBeganWith() throws Exception {
    CoreMachine machine = machine();
    MachineInputs inputs = machine.inputs();
    machine.run(new RunLimit(Long.MAX_VALUE, 500));
    Path file = folder.resolve("kept.journal");
    inputs.write(file, "", new MachineInputs.Change(0, 0, "none"));
    machine.close();
    machine().replay(file);
    assertTrue(refused(machine("kernel 2", "tables", ToyDisk.of("d1", "")), file).contains("recorded with another kernel"));
    assertTrue(refused(machine("kernel 1", "tables", ToyDisk.of("d2", "")), file).contains("recorded with another disk"));
  }
}
