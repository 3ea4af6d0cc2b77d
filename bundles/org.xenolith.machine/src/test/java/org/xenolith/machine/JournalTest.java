// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.El2Port;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.console.api.SerialPort;
import org.xenolith.machine.change.BundleChange;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.journal.JournalEntry;
import org.xenolith.machine.journal.JournalEntry.Carried;
import org.xenolith.machine.journal.JournalEntry.Operation;
import org.xenolith.platform.api.Platform.Timing;

final class JournalTest {
  /** Of a CPU that waits long enough to be interrupted by the host, ns. */
  private static final int WAIT = 4_000_000;

  @TempDir
  Path folder;

  private static CoreMachine machine() {
    return machine(10_000);
  }

  /**
   * A CPU that mixes every byte of a serial port into memory, and waits for the timer half of the time.
   *
   * @param wait how long it waits at a time, ns
   */
  private static CoreMachine machine(int wait) {
    CoreMachine[] holder = new CoreMachine[1];
    holder[0] = new ToyMachine(1, new Timing(333, 1000), cpu -> {
      SerialPort port = holder[0].port("/timer@9000", SerialPort.class);
      cpu.x[1] = cpu.x[1] * 31 + cpu.index() + 1;
      if ((cpu.x[1] & 15) == 3) {
        cpu.x[2] = cpu.x[2] * 257 + port.receive() + (cpu.x[1] << 20);
      }
      if ((cpu.x[1] >>> 8 & 31) == 9) {
        cpu.env.bus().write(0x9004, 4, 0);
        cpu.env.bus().write(0x9000, 4, wait);
        cpu.waitForInterrupt();
      }
    }).device("/timer@9000", "toy,timer", 0x9000).model("toy,timer", ToyTimer::new).build();
    holder[0].inputHandler("serial", (place, bytes) -> holder[0].port(place, SerialPort.class).offer(bytes));
    return holder[0];
  }

  /** What the first had recorded is there still, and the file is free when it ends. */
  @Test
  void fileThatARunRecordsIntoIsNoOtherOnes() throws Exception {
    Path file = folder.resolve("run.journal");
    CoreMachine first = machine();
    first.record(file);
    String recorded = Files.readString(file);
    CoreMachine second = machine();
    assertEquals("another run records into it; name another file", assertThrows(IOException.class, () -> second.record(file)).getMessage());
    assertEquals(recorded, Files.readString(file));
    first.close();
    second.record(file);
    second.close();
  }

  @Test
  void aReplayedRunEndsInTheSameState() throws Exception {
    Path file = folder.resolve("run.journal");
    RunLimit limit = new RunLimit(Long.MAX_VALUE, 600_000);
    CoreMachine recorded = machine();
    recorded.record(file);
    recorded.start(new ArmEntry(ToyMachine.RAM, 0));
    Thread keys = Thread.ofPlatform().start(() -> {
      for (int i = 0; i < 200; i++) {
        recorded.input("serial", "/timer@9000", ("key " + i).getBytes(StandardCharsets.UTF_8));
        Thread.yield();
      }
    });
    assertEquals(StopReason.LIMIT, recorded.run(limit));
    keys.join();
    String digest = recorded.digest();
    recorded.close();
    assertTrue(Files.readAllLines(file).size() > 2, "nothing was recorded");

    CoreMachine replayed = machine();
    replayed.replay(file);
    replayed.start(new ArmEntry(ToyMachine.RAM, 0));
    replayed.input("serial", "/timer@9000", "ignored".getBytes(StandardCharsets.UTF_8));
    assertEquals(StopReason.LIMIT, replayed.run(limit));
    assertEquals(digest, replayed.digest());
  }

  @Test
  void anInputThatCutAnIdleJumpShortComesBackAtItsTime() throws Exception {
    Path file = folder.resolve("governed.journal");
    CoreMachine recorded = machine(WAIT);
    recorded.governor(true);
    recorded.record(file);
    recorded.start(new ArmEntry(ToyMachine.RAM, 0));
    Thread keys = Thread.ofPlatform().start(() -> {
      for (int i = 0; i < 50; i++) {
        recorded.input("serial", "/timer@9000", new byte[] {(byte) i});
        java.util.concurrent.locks.LockSupport.parkNanos(100_000);
      }
    });
    RunLimit limit = new RunLimit(20 * WAIT, Long.MAX_VALUE);
    assertEquals(StopReason.LIMIT, recorded.run(limit));
    keys.join();
    String digest = recorded.digest();
    recorded.close();
    List<String[]> inputs = Files.readAllLines(file).stream().filter(l -> l.contains(" input ")).map(l -> l.split(" ")).toList();
    assertTrue(inputs.stream().map(each -> each[0]).distinct().count() < inputs.stream().map(each -> each[0] + ' ' + each[1]).distinct()
        .count(),
        "no two inputs came at different times of the same wait");

    CoreMachine replayed = machine(WAIT);
    replayed.replay(file);
    replayed.start(new ArmEntry(ToyMachine.RAM, 0));
    assertEquals(StopReason.LIMIT, replayed.run(limit));
    assertEquals(digest, replayed.digest());
  }

  /**
   * A CPU whose EL2 is Java and has it call outside when it takes an interrupt: what it does and what inputs do is mixed in
   * their order. Inputs and the {@code at}th instruction raise the interrupt.
   */
  private static CoreMachine underEl2(int at, Runnable[] outside) {
    CoreMachine machine = new ToyMachine(1, new Timing(1000, 1000), cpu -> {
      cpu.x[1]++;
      if (cpu.x[1] == at) {
        cpu.signal(Signal.IRQ, true);
      }
    }, Map.of("el2", "true")).build();
    Cpu cpu = ToyMachine.cpu(machine, 0);
    cpu.el2.attach(new MixingHypervisor(outside));
    machine.inputHandler("key", (place, bytes) -> {
      cpu.x[5] = cpu.x[5] * 257 + bytes[0];
      cpu.signal(Signal.IRQ, true);
      return bytes.length;
    });
    return machine;
  }

  /** Takes the interrupt's cause away and asks for the run's end, as one does who armed an alarm. */
  private record MixingHypervisor(Runnable[] outside) implements El2Port {
    @Override
    public void start(Cpu cpu) {
      cpu.el2.write(SysReg.HCR_EL2, 1L << 31 | 1 << 4);
    }

    @Override
    public void irq(Cpu cpu) {
      cpu.signal(Signal.IRQ, false);
      cpu.x[5] = cpu.x[5] * 31 + 7;
      outside[0].run();
      cpu.requestExit();
    }

    @Override
    public void synchronous(Cpu cpu) {}

    @Override
    public void fiq(Cpu cpu) {}

    @Override
    public void systemError(Cpu cpu) {}
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, 500, 501})
  void inputsKeepTheirOrderAmongWhatHappensWithoutAnInstruction(int at) throws Exception {
    Path file = folder.resolve("el2.journal");
    Runnable[] outside = {() -> {}};
    CoreMachine recorded = underEl2(at, outside);
    recorded.record(file);
    recorded.start(new ArmEntry(ToyMachine.RAM, 0));
    int[] brought = new int[1];
    outside[0] = () -> {
      if (brought[0]++ < 3) {
        recorded.input("key", "/", new byte[] {(byte) brought[0]});
      }
    };
    if (at < 0) {
      recorded.input("key", "/", new byte[] {9});
    }
    for (int part = 1; part <= 8; part++) {
      assertEquals(StopReason.LIMIT, recorded.run(new RunLimit(Long.MAX_VALUE, part * 500)));
    }
    String digest = recorded.digest();
    recorded.close();
    assertEquals(at < 0 ? 4 : 3, Files.readAllLines(file).stream().filter(l -> l.contains(" input ")).count());

    outside[0] = () -> {};
    CoreMachine replayed = underEl2(at, outside);
    replayed.replay(file);
    replayed.start(new ArmEntry(ToyMachine.RAM, 0));
    assertEquals(StopReason.LIMIT, replayed.run(new RunLimit(Long.MAX_VALUE, 4000)));
    assertEquals(ToyMachine.cpu(recorded, 0).x[5], ToyMachine.cpu(replayed, 0).x[5]);
    assertEquals(digest, replayed.digest());
  }

  @Test
  void aChangeBetweenTwoRunsComesAfterTheInterruptThatWasDue() throws Exception {
    Runnable[] outside = {() -> {}};
    CoreMachine machine = underEl2(500, outside);
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    assertEquals(StopReason.LIMIT, machine.run(new RunLimit(Long.MAX_VALUE, 500)));
    assertEquals(7, ToyMachine.cpu(machine, 0).x[5], "the interrupt that the last instruction raised");
  }

  @Test
  void aRunThatDiffersFromItsJournalIsAFaultThatNamesTheLine() throws Exception {
    Path file = folder.resolve("odd.journal");
    CoreMachine machine = machine();
    machine.record(file);
    machine.close();
    Files.writeString(file, Files.readString(file) + "500 999999 input serial /timer@9000 QUJD\n");
    CoreMachine replayed = machine();
    replayed.replay(file);
    replayed.start(new ArmEntry(ToyMachine.RAM, 0));
    assertEquals(StopReason.FAULT, replayed.run(new RunLimit(Long.MAX_VALUE, 10_000)));
    String text = replayed.hardware().events.texts().getLast();
    assertTrue(text.contains("journal"), text);
  }

  @Test
  void entriesSurviveBeingWrittenAndRead() {
    List<JournalEntry> entries = List.of(
        new JournalEntry.Change(5, 7, Operation.REPLACE, "org.x", "1.0.0.v1", "abc", "a b/c.jar"),
        new JournalEntry.Change(5, 7, Operation.REPLACE, "org.x", "1.1.0", "abc", "a b/c.jar", new Carried("1.0.0", "def", "a b/d.jar")),
        new JournalEntry.Change(5, 7, Operation.REMOVE, "org.x", "1.0.0", "-", "", new Carried("1.0.0", "def", "")),
        new JournalEntry.Change(5, 7, Operation.REMOVE, "org.x", "1.0.0", "-", ""));
    for (JournalEntry entry : entries) {
      assertEquals(entry.line(), JournalEntry.of(entry.line()).line());
      assertEquals(entry, JournalEntry.of(entry.line()));
    }
    JournalEntry.Input input = (JournalEntry.Input) JournalEntry.of(
        new JournalEntry.Input(1, 2, "serial", "/soc/uart@0", new byte[] {1, -1}).line());
    assertEquals(-1, input.bytes()[1]);
    assertEquals("/soc/uart@0", input.place());
  }

  @Test
  void damagedJournalsAreRefusedWithTheirLine() throws Exception {
    CoreMachine machine = machine();
    Path file = folder.resolve("bad.journal");
    machine.record(file);
    machine.close();
    String good = Files.readString(file);
    long first = good.lines().count() + 1;
    refused(file, "", "line 1: expected");
    refused(file, "xenolith-journal 9\n", "format 9 is of a later version");
    refused(file, "xenolith-journal 1\n", "format 1 is of an earlier version of Xenolith, this one reads format 2; record anew");
    refused(file, good.replace("topology ", "topology 0"), "line 2: recorded on another topology");
    refused(file, good.replace("=0x411fd070", "=0x410fd034"),
        "recorded on another machine: CPU 0 was another one: MIDR_EL1 0x410fd034, here 0x411fd070. Take the one"
            + " of then, with its options and the version of its description");
    refused(file, good.replaceFirst("identification CPU=[^ ]*", "identification CPU"), "line 3: expected NAME=VALUE, got \"CPU\"");
    refused(file, good + "1 1 input serial\n", "line " + first + ": expected kind, place and payload");
    refused(file, good + "1 1 input serial /a !!!\n", "line " + first + ": the payload is no Base64");
    refused(file, good + "x 1 input serial /a QQ==\n", "line " + first + ": expected the instruction count");
    refused(file, good + "1 1 dance serial /a QQ==\n", "line " + first + ": expected input, reset, replace");
    refused(file, good + "9 9 input serial /a QQ==\n8 9 input serial /a QQ==\n", "line " + (first + 1) + ": comes before");
    refused(file, good + "9 9 input serial /a QUJ", "line " + first + ": the file is cut, its last line has no end; get the whole file");
    refused(file, good.substring(0, good.length() - 7), "line " + (first - 1) + ": the file is cut");
    refused(file, "xenolith-journal 2\ntopology 12", "line 2: the file is cut");
    refused(file, good + "9 9 replace a 1\n", "line " + first + ": expected bundle, version");
  }

  @Test
  void aFileThatIsNoTextIsNoJournal() throws Exception {
    Path file = folder.resolve("noise");
    Files.write(file, new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 1});
    String says = assertThrows(IOException.class, () -> machine().replay(file)).getMessage();
    assertTrue(says.startsWith(file + ", line 1: expected") && says.endsWith("not a journal"), says);
  }

  private void refused(Path file, String content, String message) throws Exception {
    Files.writeString(file, content);
    IOException e = assertThrows(IOException.class, () -> machine().replay(file));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
  }

  @Test
  void aNameThatLooksLikeNoneComesBack() {
    JournalEntry.Input input = (JournalEntry.Input) JournalEntry.of(new JournalEntry.Input(1, 2, "-", "-", new byte[0]).line());
    assertEquals("-", input.kind());
    assertEquals("-", input.place());
  }

  @Test
  void aComplaintAboutALongLineIsShort() {
    String line = "x".repeat(100_000);
    for (String bad : List.of(line, "1 2 " + line, line + " 2 input a b -")) {
      String says = assertThrows(IllegalArgumentException.class, () -> JournalEntry.of(bad)).getMessage();
      assertTrue(says.length() < 200, says.length() + " characters");
    }
  }

  @Test
  void aJarThatNoJournalCanNameIsRefusedByName() {
    for (String jar : List.of("/dev/zero", "a\0b", "none.jar", "..")) {
      JournalEntry.Change change = new JournalEntry.Change(1, 2, Operation.ADD, "org.x", "1.0.0", "00", jar);
      String says = assertThrows(IOException.class, () -> change.now().read(folder.resolve("run.journal"), change.bundle())).getMessage();
      assertTrue(says.contains(jar.contains("\0") ? "org.x" : folder.resolve(jar).toString()), says);
    }
  }
}
