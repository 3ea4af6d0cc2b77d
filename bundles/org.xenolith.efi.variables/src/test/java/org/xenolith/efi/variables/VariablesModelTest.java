// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.block.api.BlockPort;
import org.xenolith.efi.api.CounterAnswer;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.api.VariablesPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** Disk, resets, hand-over and snapshots. */
class VariablesModelTest {
  private static final VariableName LANG = StoreStand.name("Lang");
  private TornDisk disk = new TornDisk(64);
  private FakeContext context = context("full", "false");
  private DeviceModel model = context.create(new VariablesComponent());

  private static FakeContext context(String option, String value) {
    return new FakeContext(FakeNode.at("/xenolith-firmware").compatible("xenolith,firmware").option(option, value).build());
  }

  private void attach(TornDisk other) {
    disk = other;
    context.port(BlockPort.class).attach(other, "");
  }

  private VariablesPort port() {
    return context.port(VariablesPort.class);
  }

  private EfiStatus set(int... bytes) {
    return port().setVariable(LANG, 7, StoreStand.bytes(bytes));
  }

  private String get() {
    VariableAnswer answer = port().getVariable(LANG, -1);
    return answer.status() == EfiStatus.SUCCESS ? Arrays.toString(answer.data()) : answer.status().toString();
  }

  private List<String> events() {
    return context.reportedEvents().stream().map(event -> event.kind() + " " + event.place() + " " + event.text()).toList();
  }

  /** Another version takes over, as the machine does it. */
  private void replace() {
    StateRecord record = model.state().save();
    context = context.successor();
    model = new VariablesComponent().create(context);
    model.state().restore(record);
    model.restored();
  }

  @Test
  void diskOutlivesResetsAndProcesses() {
    attach(disk);
    assertEquals(0, disk.writes.size(), "attaching writes nothing");
    assertEquals(EfiStatus.SUCCESS, set(1, 2));
    assertEquals(EfiStatus.SUCCESS, port().setVariable(StoreStand.name("Volatile"), 6, new byte[1]));
    assertEquals(new CounterAnswer(EfiStatus.SUCCESS, 2), port().getNextHighMonotonicCount());
    port().exitBootServices();
    model.reset();
    assertEquals("[1, 2]", get());
    assertEquals(EfiStatus.NOT_FOUND, port().getVariable(StoreStand.name("Volatile"), 10).status());
    assertEquals(EfiStatus.SUCCESS, port().setVariable(StoreStand.name("Boot"), 3, new byte[1]), "boot services are back");
    context = context("full", "false");
    model = context.create(new VariablesComponent());
    attach(new TornDisk(disk.content));
    assertEquals("[1, 2]", get());
    assertEquals(new CounterAnswer(EfiStatus.SUCCESS, 4), port().getNextHighMonotonicCount());
    assertEquals(List.of(), events());
  }

  @Test
  void withoutADiskVariablesLastUntilTheReset() {
    assertEquals(EfiStatus.SUCCESS, set(1));
    model.reset();
    assertEquals("NOT_FOUND", get());
  }

  @Test
  void detachedDiskTakesItsVariablesAlong() {
    attach(disk);
    set(1);
    context.port(BlockPort.class).attach(null, "");
    assertEquals("NOT_FOUND", get());
    attach(disk);
    assertEquals("[1]", get());
  }

  /** A run with a replacement after every call does the same as one without, to the last byte of the disk. */
  @Test
  void replacementsChangeNothing() {
    byte[][] disks = new byte[2][];
    StateRecord[] states = new StateRecord[2];
    for (int run = 0; run < 2; run++) {
      context = context("fail-write", "8");
      model = context.create(new VariablesComponent());
      attach(new TornDisk(34));
      StringBuilder answers = new StringBuilder();
      for (int i = 0; i < 80; i++) {
        answers.append(port().setVariable(StoreStand.name("V" + i % 5), i % 9 == 4 ? 0 : 7, new byte[50 * (i % 13)])).append(' ');
        if (i % 20 == 7) {
          port().getNextHighMonotonicCount();
        }
        if (run == 1) {
          replace();
        }
      }
      assertTrue(answers.toString().contains("DEVICE_ERROR"), "the eighth write fails");
      disks[run] = disk.content;
      states[run] = model.state().save();
    }
    assertArrayEquals(disks[0], disks[1]);
    assertEquals(states[0], states[1]);
  }

  @Test
  void snapshotComesBackWithItsDisk() {
    attach(disk);
    set(1);
    port().exitBootServices();
    StateRecord record = model.state().save();
    StateRecord diskRecord = disk.save();
    set(2);
    for (int i = 0; i < 200; i++) {
      set(i, i);
    }
    context = context("full", "false");
    model = context.create(new VariablesComponent());
    attach(new TornDisk(disk.content));
    assertEquals("[-57, -57]", get());
    model.state().restore(record);
    disk.restore(diskRecord);
    model.restored();
    assertEquals("[1]", get());
    assertEquals(EfiStatus.WRITE_PROTECTED, port().setVariable(StoreStand.name("SetupMode"), 6, new byte[1]));
    assertEquals(EfiStatus.INVALID_PARAMETER, port().setVariable(StoreStand.name("Boot"), 3, new byte[1]), "it was run time");
    assertEquals(EfiStatus.SUCCESS, set(3));
    assertTrue(LogReader.read(disk).contents().variables().get(LANG).sameAs(StoredVariable.plain(LANG, 7, new byte[] {3})));
    assertEquals(List.of(), events());
  }

  /** While nobody served it the disk was exchanged: nothing is written to one whose contents nobody has seen. */
  @Test
  void anotherDiskThanTheRecordsIsNotWritten() {
    attach(disk);
    set(1);
    StateRecord record = model.state().save();
    model.removed();
    assertEquals(EfiStatus.NOT_READY, set(2));
    TornDisk other = new TornDisk(64);
    attach(other);
    context = context.successor();
    model = new VariablesComponent().create(context);
    model.state().restore(record);
    model.restored();
    assertEquals(EfiStatus.DEVICE_ERROR, set(2));
    assertEquals("[1]", get());
    assertEquals(0, other.writes.size());
    assertEquals("variable-store /xenolith-firmware the disk isn't the one that the variables are from; reset the machine to use what is "
        + "on this one", events().getFirst());
    model.reset();
    assertEquals("NOT_FOUND", get());
    assertEquals(EfiStatus.SUCCESS, set(2));
  }

  @Test
  void damagedDiskIsToldWithOffsetAndReason() {
    attach(disk);
    set(1);
    set(2);
    TornDisk cut = new TornDisk(disk.content);
    // Behind the head and the first half: the marks of the first generation, then the two records.
    int second = (1 + 31 + 2 + 1) * 512;
    cut.content[second + 100] ^= 1;
    attach(cut);
    assertEquals("[1]", get());
    assertTrue(events().getLast().startsWith("variable-store /xenolith-firmware offset 0x4600: 1 sector of the log is damaged, its CRC32C "
        + "is 0x"), events()::toString);
    assertTrue(events().getLast().endsWith("; the last write isn't whole, and is left out"), events()::toString);
  }

  @Test
  void mediumThatIsNoneIsToldAndTheGuestGetsAnError() {
    attach(new TornDisk(8));
    assertTrue(events().getFirst().contains("the medium has 4096 bytes, and a variable store needs 17408 at least"), events()::toString);
    assertEquals(EfiStatus.DEVICE_ERROR, set(1));
    assertEquals(EfiStatus.SUCCESS, port().setVariable(LANG, 6, new byte[1]), "volatile ones need none");
  }

  @Test
  void readOnlyDiskIsWriteProtected() {
    attach(disk);
    set(1);
    disk.readOnly = true;
    attach(disk);
    assertEquals(EfiStatus.WRITE_PROTECTED, set(2));
    assertEquals("[1]", get());
  }

  @Test
  void faultsOfTheOptionsHappen() {
    context = context("fail-write", "5");
    model = context.create(new VariablesComponent());
    attach(new TornDisk(64));
    // The first change of a blank disk takes four writes: a generation, both heads, the record.
    assertEquals(EfiStatus.SUCCESS, set(1));
    assertEquals(EfiStatus.DEVICE_ERROR, set(2));
    assertEquals("[1]", get());
    assertEquals(EfiStatus.SUCCESS, set(3));
    assertTrue(events().getFirst().endsWith("write 5 fails, as the option fail-write says"), events()::toString);
    context = context("full", "true");
    context.create(new VariablesComponent());
    assertEquals(EfiStatus.OUT_OF_RESOURCES, set(1));
  }

  @Test
  void optionsOutOfRangeAndRecordsThatAreNoneAreRefused() {
    String message = assertThrows(ModelException.class,
        () -> context("maximum-variable-bytes", "1000000").create(new VariablesComponent())).getMessage();
    assertEquals("/xenolith-firmware: option maximum-variable-bytes: expected 1024 to 131072, got 1000000", message);
    for (String field : List.of("variables", "log")) {
      StateRecord good = model.state().save();
      StateRecord bad = new StateRecord();
      good.values().forEach((name, value) -> bad.put(name, name.equals(field) ? new byte[] {1, 2, 3, 4, 5} : value));
      assertThrows(StateMismatch.class, () -> model.state().restore(bad));
      assertEquals(good, model.state().save());
    }
  }
}
