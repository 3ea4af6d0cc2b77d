// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.gdb.PacketReader.Received;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.machine.watch.WatchedAddress.Space;

/** A debugger's packets and what they are answered with; byte streams are fed as a socket would. */
class StubTest {
  private static final String PC = "0000010000000000";
  private final StubClient client = new StubClient(Optional.empty());
  private final FakeMachine machine = client.machine;
  private final List<String> done = client.done;
  private final StringBuilder out = client.out;
  private final Stub stub = client.stub;

  private void feed(byte[] bytes) {
    client.feed(bytes);
  }

  private String sent() {
    return client.sent();
  }

  private String ask(String packet) {
    return client.ask(packet);
  }

  @Test
  void eachPacketIsAcknowledgedUntilTheDebuggerWantsNone() {
    feed("$qC#b4".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals("+$QC1#c5", out.toString());
    out.setLength(0);
    feed("$qC#b5".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals("-", out.toString());
    out.setLength(0);
    feed("-".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals("$QC1#c5", out.toString(), "the last one once more");
    out.setLength(0);
    feed("$QStartNoAckMode#b0$qC#b4-".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals("+$OK#9a$QC1#c5", out.toString(), "and nothing twice: gdb only loses its patience");
  }

  @Test
  void whatIsNotKnownIsAnsweredWithNothing() {
    assertEquals("", ask("vMustReplyEmpty"));
    assertEquals("", ask("qTStatus"));
    assertEquals("", ask("Z9,0,1"));
    assertEquals("", ask("!"));
    assertEquals("", ask(""));
  }

  @Test
  void whatTheStubSupportsIsSaid() {
    String features = ask("qSupported:multiprocess+;swbreak+");
    for (String each : List.of("QStartNoAckMode+", "vContSupported+", "qXfer:features:read+", "qXfer:threads:read+", "swbreak+",
        "hwbreak+")) {
      assertTrue(features.contains(each), features);
    }
    assertEquals("vCont;c;C;s;S;t;r", ask("vCont?"));
    assertEquals("1", ask("qAttached"));
  }

  @Test
  void theTargetsDescriptionComesInParts() {
    StringBuilder text = new StringBuilder();
    String part;
    do {
      part = ask("qXfer:features:read:target.xml:%x,64".formatted(text.length()));
      text.append(part.substring(1));
    } while (part.charAt(0) == 'm');
    assertTrue(text.toString().contains("<architecture>fake</architecture>"), text::toString);
    assertTrue(text.toString().contains("<reg name=\"w\" bitsize=\"128\" type=\"v2\" regnum=\"4\" group=\"vector\"/>"), text::toString);
    assertTrue(text.toString().contains(
        "<flags id=\"CTL_fields\" size=\"8\"><field name=\"ON\" start=\"0\" end=\"0\"/><field name=\"MODE\" start=\"1\""
            + " end=\"2\"/></flags>"), text::toString);
    assertTrue(text.toString().contains("<reg name=\"CTL\" bitsize=\"64\" type=\"CTL_fields\" regnum=\"256\" group=\"system_level_1\"/>"),
        text::toString);
    assertEquals("l", ask("qXfer:features:read:target.xml:ffffff,10"));
    assertEquals("E00", ask("qXfer:features:read:other.xml:0,10"));
  }

  @Test
  void registersAreReadAndWrittenLittleEndianByNumber() {
    assertEquals("8877665544332211" + PC + "44332211" + "00000000" + "01000000000000000200000000000000", ask("g"));
    assertEquals("0500000000000000", ask("p100"));
    assertEquals("34120000", ask("p101"));
    assertEquals("E03", ask("p99"));
    assertEquals("OK", ask("P100=0700000000000000"));
    assertEquals(7, machine.processors.getFirst().value("CTL")[0]);
    assertEquals("OK", ask("P2=78563412"));
    assertEquals(0x1234567855667788L, machine.processors.getFirst().value("A")[0], "half of one");
    assertEquals("OK", ask("P4=0300000000000000" + "0400000000000000"));
    assertEquals(4, machine.processors.getFirst().value("WIDE")[1]);
    assertEquals("E16", ask("P101=00000000"), "it can only be read");
    assertEquals("OK", ask("P101=34120000"), "what it is already");
    assertEquals("E16", ask("P0=00"));
    assertEquals("OK", ask("G" + ask("g")));
  }

  @Test
  void processorsAreThreads() {
    assertEquals("m1,2", ask("qfThreadInfo"));
    assertEquals("l", ask("qsThreadInfo"));
    assertEquals("OK", ask("T2"));
    assertEquals("E03", ask("T3"));
    assertEquals("OK", ask("Hg2"));
    assertEquals("8977665544332211", ask("p0"));
    assertEquals("QC2", ask("qC"));
    assertEquals("E03", ask("Hg7"));
    assertEquals("CPU 1, level 1", new String(Reply.bytes(ask("qThreadExtraInfo,2")), StandardCharsets.UTF_8));
    assertTrue(ask("qXfer:threads:read::0,1000").contains("<thread id=\"2\" core=\"1\" name=\"CPU 1\">level 1</thread>"));
  }

  @Test
  void memoryIsReadAndWrittenWhereThereIsRam() {
    machine.ram[0] = 0x12;
    machine.ram[1] = 0x34;
    assertEquals("1234", ask("m10000,2"));
    assertEquals("E0e", ask("m0,2"));
    assertEquals("00".repeat(16), ask("m11ff0,40"), "what there is of it");
    assertEquals("OK", ask("M10001,2:abcd"));
    assertEquals("12abcd", ask("m10000,3"));
    assertEquals("E0e", ask("M11fff,2:abcd"));
    assertEquals("00", ask("m11fff,1"), "nothing of it was written");
    assertEquals("OK", ask("X10000,3:}#\003"));
    assertEquals("7d2303", ask("m10000,3"));
    assertEquals("OK", ask("X10000,0:"));
    assertEquals("}#\003", ask("x10000,3"));
    assertEquals("OK", ask("x0,0"));
    assertEquals("E16", ask("M10000,3:abcd"));
    // LLDB looks for a gap by it before it evaluates an expression, page by page: with the MMU off there is none for 2^36 pages.
    assertEquals("", ask("qMemoryRegionInfo:10010"));
  }

  @Test
  void addressesArePhysicalWhenTheDebuggerSaysSo() {
    machine.ram[0] = 0x12;
    assertEquals("0", ask("qqemu.PhyMemMode"));
    assertEquals("OK", ask("Qqemu.PhyMemMode:1"));
    assertEquals("12", ask("m4000,1"));
    assertEquals("E0e", ask("m10000,1"));
    ask("Z2,4000,8");
    ask("vCont;c");
    assertEquals(List.of(new StopPlace.Access(Space.PHYSICAL, 0x4000, 8, false, true)), machine.stops.places());
  }

  @Test
  void theMachineIsToldOfBreakpointsWhenItGoesOnAndOnlyOfWhatHasChanged() {
    assertEquals("OK", ask("Z0,10000,4"));
    assertEquals("OK", ask("Z1,10008,4"));
    assertEquals(0, machine.stops.changes);
    assertEquals("", ask("vCont;c"));
    StopPlace first = new StopPlace.Instruction(0x10000);
    assertEquals(List.of(first, new StopPlace.Instruction(0x10008)), machine.stops.places());
    machine.stops.reach(first, 1, 0x10000);
    stub.halted();
    assertEquals("T05thread:2;1:" + PC + ";", sent());
    ask("z0,10000,4");
    ask("z1,10008,4");
    ask("Z1,10008,4");
    ask("Z0,10000,4");
    ask("vCont;c:1");
    assertEquals(1, machine.stops.changes);
    assertEquals(List.of("continue", "reached", "continue"), done);
  }

  @Test
  void whichKindOfBreakpointWasReachedIsToldToWhoKnows() {
    ask("qSupported:swbreak+;hwbreak+");
    ask("Z0,10000,4");
    ask("Z1,10008,4");
    ask("vCont;c");
    machine.stops.reach(new StopPlace.Instruction(0x10008), 0, 0x10008);
    stub.halted();
    assertEquals("T05thread:1;1:" + PC + ";hwbreak:;", sent());
    assertEquals("T05thread:1;1:" + PC + ";hwbreak:;", ask("?"), "the same once more");
    ask("vCont;c");
    machine.stops.reach(new StopPlace.Instruction(0x10000), 0, 0x10000);
    stub.halted();
    assertEquals("T05thread:1;1:" + PC + ";swbreak:;", sent());
  }

  @Test
  void watchpointsTellTheAddress() {
    ask("Z2,10010,8");
    ask("Z3,10020,4");
    ask("Z4,10030,1");
    ask("vCont;c");
    StopPlace write = new StopPlace.Access(Space.PROCESSOR, 0x10010, 8, false, true);
    assertEquals(List.of(write, new StopPlace.Access(Space.PROCESSOR, 0x10020, 4, true, false), new StopPlace.Access(Space.PROCESSOR,
        0x10030, 1, true,
        true)), machine.stops.places());
    machine.stops.reach(write, 0, 0x10014);
    stub.halted();
    assertEquals("T05thread:1;1:" + PC + ";watch:10014;", sent());
    ask("vCont;c");
    machine.stops.reach(write, 0, 0x1000c);
    stub.halted();
    assertEquals("T05thread:1;1:" + PC + ";watch:10010;", sent(), "an access that began before");
    assertEquals("E16", ask("Z2,10010,0"));
  }

  @Test
  void aStepIsOfTheProcessorThatItIsSaidOf() {
    ask("vCont;s:2;c");
    assertEquals(List.of("step 1"), done);
    stub.halted();
    assertEquals("T05thread:2;1:" + PC + ";", sent());
    ask("s");
    assertEquals("step 1", done.getLast(), "the chosen one");
    stub.halted();
    sent();
    ask("Hg1");
    ask("S05");
    assertEquals("step 0", done.getLast());
  }

  @Test
  void aRangeIsSteppedThroughWithoutAWord() {
    ask("vCont;r10000,10008:1;c");
    stub.halted();
    assertEquals("", sent());
    machine.processors.getFirst().set("PC", 0x10008);
    stub.halted();
    assertEquals(List.of("step 0", "step 0"), done);
    assertEquals("T05thread:1;1:0800010000000000;", sent());
  }

  @Test
  void anInterruptHaltsAMachineThatRuns() {
    feed(new byte[] {3});
    assertEquals(List.of(), done, "it is halted");
    ask("c");
    feed(new byte[] {3});
    assertEquals(List.of("continue", "halt"), done);
    stub.halted();
    assertEquals("T02thread:1;1:" + PC + ";", sent());
    assertEquals("", ask("vCont;c:1;t:2"));
    assertEquals("", ask("g"), "while it runs nothing is answered");
    stub.ended(7);
    assertEquals("W07", sent());
  }

  @Test
  void goingOnFromAnAddressSetsTheProgramCounter() {
    ask("c10008");
    assertEquals(0x10008, machine.processors.getFirst().value("PC")[0]);
  }

  @Test
  void whoLeavesOrKillsSaysSo() {
    assertEquals("OK", ask("D"));
    assertEquals("", ask("k"));
    assertEquals("OK", ask("vKill;1"));
    assertEquals(List.of("detach", "kill", "kill"), done);
  }

  @Test
  void monitorHasWords() {
    String help = new String(Reply.bytes(ask("qRcmd,68656c70")), StandardCharsets.UTF_8);
    assertTrue(help.contains("monitor walk ADDRESS"), help);
    String unknown = new String(Reply.bytes(ask("qRcmd," + Reply.hex("nonsense").text())), StandardCharsets.UTF_8);
    assertTrue(unknown.startsWith("unknown: 'nonsense'"), unknown);
    String xp = new String(Reply.bytes(ask("qRcmd," + Reply.hex("xp 0x4000 4").text())), StandardCharsets.UTF_8);
    assertEquals("0x000000004000: 00 00 00 00\n", xp);
    assertTrue(new String(Reply.bytes(ask("qRcmd," + Reply.hex("xp there").text())), StandardCharsets.UTF_8).startsWith("xp: "));
  }

  @Test
  void lldbIsToldWhatItAsks() {
    assertTrue(ask("qHostInfo").contains("watchpoint_exceptions_received:after;"));
    assertTrue(ask("qProcessInfo").startsWith("pid:1;triple:"));
    assertEquals("[{\"tid\":1,\"name\":\"CPU 0\",\"registers\":{\"1\":\"" + PC
        + "\"}},{\"tid\":2,\"name\":\"CPU 1\",\"registers\":{\"1\":\"" + PC + "\"}}]",
        ask("jThreadsInfo"));
    assertEquals("OK", ask("QListThreadsInStopReply"));
    ask("c");
    stub.halted();
    assertEquals("T05thread:1;threads:1,2;thread-pcs:10000,10000;1:" + PC + ";", sent());
  }

  /** What is sent is cut, joined and changed out of packets that mean something; nothing of that may throw, and the stub goes on as before. */
  @Test
  void randomPacketsAreAnsweredAndNothingIsThrown() {
    String[] parts = {"q", "Q", "v", "Cont;", "Z", "z", "0,", "2,", "10000", ",4", ":", ";", "s:", "c", "r10000,10008", "M10000,2", "X",
        "m", "G", "P", "p100",
        "=", "Hg", "-1", "ffffffffffffffff", "Supported", "Xfer:features:read:target.xml:", "Rcmd,", "68656c70", "ThreadExtraInfo,", "T",
        "x", "qemu.PhyMemMode",
        "MemoryRegionInfo:", "Kill;", "j", "}", "\003", "#", "?", "g", "C05;", "k", "D", "S", "walk ", "\0", "80"};
    Random random = new Random(20261130);
    for (int i = 0; i < 60_000; i++) {
      StringBuilder packet = new StringBuilder();
      for (int n = random.nextInt(6); n >= 0; n--) {
        packet.append(random.nextInt(20) == 0 ? Character.toString(random.nextInt(256)) : parts[random.nextInt(parts.length)]);
      }
      if (random.nextInt(10) == 0) {
        feed(packet.toString().getBytes(StandardCharsets.ISO_8859_1));
      } else {
        feed(new Reply(packet.toString()).packet());
      }
      if (random.nextBoolean()) {
        stub.halted();
      }
      out.setLength(0);
    }
    feed("$#00".getBytes(StandardCharsets.ISO_8859_1));
    stub.halted();
    out.setLength(0);
    assertEquals("QC1", new StubClient(Optional.empty()).ask("qC"));
  }

  @Test
  void aHundredThousandBreakpointsAreOneChange() {
    for (int i = 0; i < 100_000; i++) {
      ask("Z0,%x,4".formatted(0xFFFF_0000_0000_0000L + 4L * i));
    }
    ask("vCont;c");
    assertEquals(1, machine.stops.changes);
    assertEquals(100_000, machine.stops.places().size());
  }
}
